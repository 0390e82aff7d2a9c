/**
 * Predicting the texts of the corpus: all that pre-training does, and what PPO-ptx mixes in so that a policy that is
 * paid for pleasing the reward model does not forget how texts are written. Ouyang et al. 2022, eq. 2.
 */
import { crossEntropy } from '../losses/crossEntropy';
import type { CausalNetwork } from '../model/causalNetwork';
import type { TokenRows } from '../text/corpus';
import { tf } from '../tf';

/**
 * −mean log π(token) over rows of text, at temperature 1; column 0 is never predicted.
 * @returns scalar owned by the caller, nats per token; differentiable
 */
export function corpusLoss(network: CausalNetwork, { rows, columns, tokens, mask }: TokenRows): tf.Scalar {
  return tf.tidy(() => {
    const batch = { tokens: tf.tensor2d(tokens, [rows, columns], 'int32'), leftPad: null };
    const { logprobs } = network.logprobs(batch, 1, 1); // [B,T−1]
    return crossEntropy(logprobs, tf.slice(tf.tensor2d(mask, [rows, columns]), [0, 1], [rows, columns - 1]));
  });
}
