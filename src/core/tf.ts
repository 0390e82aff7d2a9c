/** The only door to TensorFlow.js: every other file of `core` takes `tf` from here. */
import * as tf from '@tensorflow/tfjs';

export { tf };
