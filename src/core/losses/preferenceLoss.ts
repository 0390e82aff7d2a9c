/**
 * A reward model learns from choices: it gives each text a score, and the difference of two scores is read as the
 * log-odds that the rater prefers the first. Bradley & Terry 1952; Ouyang et al. 2022, eq. 1.
 */
import { logSigmoid } from '../tensor/logprobs';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';

/**
 * Bradley–Terry loss of each pair, nats:
 *   L = −log σ(chosenScore − rejectedScore − margin)        Ouyang et al. 2022, eq. 1 with K = 2
 * @param chosenScores   any shape: score of the completion that is preferred
 * @param rejectedScores score of the other one
 * @param margin by how much the chosen one should win (Llama 2, eq. 2); 0 when left out
 * @returns the same shape, owned by the caller; ln 2 where a pair ties
 */
export function pairLosses<T extends tf.Tensor>(chosenScores: T, rejectedScores: T, margin?: T): T {
  assertSameShape(margin ? { chosenScores, rejectedScores, margin } : { chosenScores, rejectedScores });
  return tf.tidy(() => {
    const margins = tf.sub<T>(chosenScores, rejectedScores);
    // log(sigmoid(x)) would underflow for large negative margins
    return tf.neg(logSigmoid(margin ? tf.sub<T>(margins, margin) : margins));
  });
}

/** @returns scalar share of pairs with chosen > rejected; ties count as wrong */
export function preferenceAccuracy(chosenScores: tf.Tensor1D, rejectedScores: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.cast(tf.greater(chosenScores, rejectedScores), 'float32')));
}
