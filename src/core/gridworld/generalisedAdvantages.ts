/**
 * Generalised advantages of steps in a row, perhaps of several walks, with ends and cuts. Schulman et al. 2016. The
 * same formula as core/losses/gae.ts, which has no cut: a text that is full gets nothing more.
 *
 *   δ_t = r_t + γ V(s_{t+1}) − V(s_t)
 *   A_t = δ_t + γλ A_{t+1}
 *
 * After an end V(s_{t+1}) is 0. After a cut it is what the cat could still have got, and only the sum stops there.
 */
export type After = 'terminal' | 'cut' | null;

export interface Estimates {
  /** [T] */
  deltas: number[];
  advantages: number[];
  /** advantages + values: what the critic should have said */
  returns: number[];
}

/**
 * @param rewards, values [T]
 * @param after [T] what happened after each step
 * @param valueAfterCut of the state that step t reached, asked where it was cut
 */
export function generalisedAdvantages(
  rewards: readonly number[],
  values: readonly number[],
  after: readonly After[],
  valueAfterCut: (t: number) => number,
  gamma: number,
  lam: number,
): Estimates {
  const [deltas, advantages]: [number[], number[]] = [[], []];
  for (let t = rewards.length - 1; t >= 0; t--) {
    const goesOn = after[t] === null;
    const next = goesOn ? (values[t + 1] ?? 0) : after[t] === 'cut' ? valueAfterCut(t) : 0;
    deltas[t] = rewards[t]! + gamma * next - values[t]!;
    advantages[t] = deltas[t]! + (goesOn ? gamma * lam * (advantages[t + 1] ?? 0) : 0);
  }
  return { deltas, advantages, returns: advantages.map((advantage, t) => advantage + values[t]!) };
}
