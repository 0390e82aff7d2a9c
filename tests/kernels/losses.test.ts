import { describeGoldenLosses } from '../core/losses/goldenLosses';
import { describeGuards } from '../core/losses/guards';
import { describeKlByHand } from '../core/losses/klByHand';
import { describeGoldenOptim } from '../core/optim/goldenOptim';
import { withBackend } from '../helpers/backend';

withBackend('webgpu');
describeGoldenLosses();
describeGoldenOptim();
describeGuards();
describeKlByHand(10);
