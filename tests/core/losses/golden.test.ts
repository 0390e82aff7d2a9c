import { tf } from '../../../src/core/tf';
import { describeGoldenLosses } from './goldenLosses';

await tf.setBackend('cpu');
describeGoldenLosses();
