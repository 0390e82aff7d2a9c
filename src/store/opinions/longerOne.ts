/** A rule that anybody could have voted by: take the longer text. What beats it knows more than length. */
import type { Ranking } from '../../contract/preferences';
import { counted, type Share } from '../../contract/shares';
import { type LengthUnit, lengthIn } from '../../contract/wordCount';

/** of every two completions that are ranked apart and differ in length, whether the longer one is ranked higher */
function outcomes({ completions, ranks }: Pick<Ranking, 'completions' | 'ranks'>, unit: LengthUnit): boolean[] {
  const texts = completions.map((text, i) => ({ length: lengthIn(unit, text), rank: ranks[i]! }));
  return texts.flatMap((one, i) =>
    texts
      .slice(i + 1)
      .filter((other) => one.rank !== other.rank && one.length !== other.length)
      .map((other) => one.rank < other.rank === one.length > other.length),
  );
}

/** @returns how many of the visitor's own choices the longer text won; a ranking counts as the pairs it makes */
export function longerOne(opinions: readonly Ranking[], unit: LengthUnit): Share {
  const own = opinions.filter(({ source }) => source === 'human').flatMap((one) => outcomes(one, unit));
  return counted(own.filter(Boolean).length, own.length);
}
