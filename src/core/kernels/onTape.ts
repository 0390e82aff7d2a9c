/** How a recorded plan gets onto tf.js's tape. */
import { tf } from '../tf';

/** The part of tf.js's engine that its types hide. */
interface Engine {
  runKernelFunc(call: {
    forwardFunc: () => tf.Tensor[];
    backwardsFunc: (dy: tf.Tensor | tf.Tensor[]) => Record<string, () => tf.Tensor>;
    inputs: Record<string, tf.Tensor>;
  }): tf.Tensor[];
}

/**
 * Makes what `forward` computes differentiable: tf.js will call `backward` with the gradients of its outputs. The
 * weights are no tensors of tf.js; `anchor` stands for all of them on the tape.
 */
export function onTape(
  anchor: tf.Scalar,
  forward: () => tf.Tensor[],
  backward: (gradients: tf.Tensor[]) => void,
): tf.Tensor[] {
  const engine = tf.engine() as unknown as Engine;
  return engine.runKernelFunc({
    forwardFunc: forward,
    backwardsFunc: (dy) => {
      backward(Array.isArray(dy) ? dy : [dy]);
      return { anchor: () => tf.clone(anchor) };
    },
    inputs: { anchor },
  });
}
