/** What an advantage of GAE is the sum of. */
import { countOf } from '../../../contract/numbers';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { type TokenAt, tokenIndex } from './tokenLines';

export interface Later {
  k: number;
  text: string;
  /** null of several together */
  delta: number | null;
  /** what it counts: (γλ)^k δ */
  part: number;
}

/** those that have a bar of their own */
const SHOWN = 8;

/** @returns this token and the next ones, and all that come after them together; their parts add up to the advantage */
export function laterDeltas(batch: PpoBatch, at: TokenAt): Later[] {
  const { config, tokens, rollouts } = batch;
  const all = rollouts[at.row]!.tokens.slice(at.token).map((text, k) => {
    const delta = tokens.tdErrors[tokenIndex(batch, at) + k]!;
    return { k, text, delta, part: delta * (config.gamma * config.lam) ** k };
  });
  if (all.length <= SHOWN + 1) return all;
  const rest = all.slice(SHOWN);
  const part = rest.reduce((sum, one) => sum + one.part, 0);
  return [
    ...all.slice(0, SHOWN),
    { k: SHOWN, text: `${countOf(rest.length, 'later token')} together`, delta: null, part },
  ];
}
