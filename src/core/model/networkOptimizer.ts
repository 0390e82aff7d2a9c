/** Joins a network's weights to the optimiser: gradients of every weight, in the list's order, then one AdamW step. */
import type { OptimizerConfig } from '../../contract/config';
import { AdamW } from '../optim/optimizer';
import { tf } from '../tf';
import type { NetworkOptimizer } from './causalNetwork';
import { isHead } from './layout';
import { lettingShow } from './objective';
import type { Weights } from './weights';

/** weights the loss does not reach get zeros: the list is always whole, so moments keep their positions */
function gradientsOf(loss: () => tf.Scalar, weights: Weights): { value: tf.Scalar; gradients: tf.Tensor[] } {
  const { value, grads } = tf.engine().gradients(loss, [...weights.all], undefined, true);
  return { value, gradients: weights.all.map((weight, i) => grads[i] ?? tf.zerosLike(weight)) };
}

export function createNetworkOptimizer(weights: Weights, config: OptimizerConfig): NetworkOptimizer {
  const adam = new AdamW(
    weights.list.map((parameter) => ({ ...parameter, head: isHead(parameter.name) })),
    config,
  );
  return {
    minimize: (objective, learningRate, headLearningRate = learningRate) => {
      const { loss, shown } = lettingShow(objective);
      const step = tf.tidy(() => {
        const { value, gradients } = gradientsOf(loss, weights);
        const stepped = adam.apply(weights.all, gradients, { learningRate, headLearningRate });
        weights.replace(stepped.weights);
        return { loss: value, gradNorm: stepped.gradNorm };
      });
      return { ...step, shown: shown() };
    },
    save: () => adam.save(),
    load: (tensors) => adam.load(tensors),
    dispose: () => adam.dispose(),
  };
}
