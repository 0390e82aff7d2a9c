import { startBackend } from '../../src/core/tf';
import { describeGoldenLosses } from '../core/losses/goldenLosses';
import { describeGuards } from '../core/losses/guards';
import { describeGoldenOptim } from '../core/optim/goldenOptim';

await startBackend('webgpu');
describeGoldenLosses();
describeGoldenOptim();
describeGuards();
