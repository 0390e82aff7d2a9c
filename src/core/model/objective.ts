/** Between a loss that shows what it saw and a gradient that frees whatever it computed. */
import { tf } from '../tf';
import type { Objective, Shown } from './causalNetwork';

/**
 * @returns `loss`, for the gradient to call, and `shown`, what that call showed: kept alive, the caller's
 */
export function lettingShow<S extends Shown>(objective: () => Objective<S>): { loss: () => tf.Scalar; shown: () => S } {
  let seen: S | null = null;
  const loss = () => {
    const result = objective();
    seen = result.shown ?? ({} as S);
    for (const scalar of Object.values(seen)) tf.keep(scalar);
    return result.loss;
  };
  const shown = () => {
    if (!seen) throw new Error('the loss was not computed');
    return seen;
  };
  return { loss, shown };
}
