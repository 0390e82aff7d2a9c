/**
 * A reward model learns from choices: it gives each text a score, and the difference of two scores is read as the log-odds
 * that the rater prefers the first. Bradley & Terry 1952; Ouyang et al. 2022, eq. 1.
 */
import { logSigmoid } from '../tensor/logprobs';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

export interface PreferenceOptions {
  /** [B] by how much the chosen one should win (Llama 2, eq. 2) */
  margin?: tf.Tensor1D | undefined;
  /** weight of mean (chosen + rejected)², which holds the scores around 0 (Eisenstein et al. 2023) */
  centring?: number;
}

/** −log σ(chosen − rejected − margin) of each pair, nats; any shape */
export function pairLosses<T extends tf.Tensor>(chosenScores: T, rejectedScores: T, margin?: T): T {
  assertSameShape(margin ? { chosenScores, rejectedScores, margin } : { chosenScores, rejectedScores });
  return tf.tidy(() => {
    const margins = tf.sub<T>(chosenScores, rejectedScores);
    return tf.neg(logSigmoid(margin ? tf.sub<T>(margins, margin) : margins)); // log(sigmoid(x)) would underflow for large negative margins
  });
}

/**
 * Bradley–Terry loss of the reward model, averaged over the batch, in nats:
 *   L = −log σ(chosenScore − rejectedScore)        Ouyang et al. 2022, eq. 1 with K = 2
 * @param chosenScores   [B] score of the completion the rater preferred
 * @param rejectedScores [B] score of the other one
 * @returns scalar owned by the caller; ln 2 when every pair ties
 */
export function preferenceLoss(chosenScores: tf.Tensor1D, rejectedScores: tf.Tensor1D, options: PreferenceOptions = {}): tf.Scalar {
  return tf.tidy(() => {
    const loss = tf.mean<tf.Scalar>(pairLosses(chosenScores, rejectedScores, options.margin));
    if (!options.centring) return loss;
    return tf.add(loss, tf.mul(options.centring, tf.mean(tf.square(tf.add(chosenScores, rejectedScores)))));
  });
}

/** @returns scalar share of pairs with chosen > rejected; ties count as wrong */
export function preferenceAccuracy(chosenScores: tf.Tensor1D, rejectedScores: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.cast(tf.greater(chosenScores, rejectedScores), 'float32')));
}
