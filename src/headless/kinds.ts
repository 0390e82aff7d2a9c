/** How rows of each kind are counted in words. */
import { countOf } from '../contract/numbers';
import type { OpinionKind } from '../formats/opinions';

export const KINDS = ['votes', 'rankings', 'demonstrations'] as const satisfies OpinionKind[];
const ONE: Record<OpinionKind, string> = { votes: 'a vote', rankings: 'a ranking', demonstrations: 'a demonstration' };

/** @returns a sentence for each kind but the one that most rows are */
export const restOf = (counts: Readonly<Record<OpinionKind, number>>, most: OpinionKind | null): string[] =>
  KINDS.filter((kind) => kind !== most && counts[kind] > 0).map(
    (kind) => `${countOf(counts[kind], `row is ${ONE[kind]}`, `rows are ${kind}`)}.`,
  );
