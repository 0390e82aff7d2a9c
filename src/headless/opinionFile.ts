/** A file of votes, rankings and demonstrations, each row read as the page reads it. */

import { inWords, LIMITS } from '../contract/limits';
import { finish } from '../contract/steps';
import { type OpinionKind, type ReadRows, readRows } from '../formats/opinions';
import { limitSentence } from '../formats/room';
import { KINDS, restOf } from './kinds';
import type { Verdict } from './verdict';

/** @returns null where no row is meant to be anything */
function mostOf({ meant }: ReadRows): OpinionKind | null {
  const most = KINDS.reduce((one, other) => (meant[other] > meant[one] ? other : one));
  return meant[most] > 0 ? most : null;
}

function notesOn({ meant, kinds }: ReadRows, most: OpinionKind | null): string[] {
  return [
    ...restOf(meant, most),
    ...KINDS.flatMap((kind) => limitSentence(kind, kinds.filter((one) => one === kind).length) ?? []),
  ];
}

/** @returns rows for which the lab has no room */
function beyondLimits({ kinds, lines }: ReadRows): { at: number; why: string }[] {
  const taken = { votes: 0, rankings: 0, demonstrations: 0 };
  return kinds.flatMap((kind, i) => {
    taken[kind]++;
    return taken[kind] > LIMITS[kind]
      ? [{ at: lines[i] as number, why: `the lab keeps ${inWords(LIMITS[kind])} ${kind}` }]
      : [];
  });
}

export function judgeOpinions(text: string): Verdict {
  let next = 0;
  const read = finish(readRows(text, () => `row-${next++}`));
  const kind = mostOf(read);
  const beyond = beyondLimits(read);
  const bad = read.badLines.map(({ line, reason }) => ({ at: line, why: reason }));
  return {
    kind,
    rows: read.good.length + read.badLines.length,
    kept: read.good.length - beyond.length,
    notes: notesOn(read, kind),
    refused: [...bad, ...beyond].sort((one, other) => one.at - other.at),
  };
}
