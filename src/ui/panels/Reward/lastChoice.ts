import type { CorpusSummary } from '../../../contract/domain';
import { maxOf } from '../../../contract/many';
import { isVote, type Ranking } from '../../../contract/preferences';
import { isDecided } from '../../../store/opinions/counts';
import { wholeText } from '../../../store/text/wholeText';

/** Two texts that the voter has an opinion about: the better side and the other, or the best and the worst. */
export function ofLastChoice(opinions: readonly Ranking[], kind: CorpusSummary['kind']) {
  const last = opinions.find((one) => !isVote(one) || isDecided(one));
  if (!last) return [];
  const { prompt, completions, ranks } = last;
  const at = (rank: number): string => wholeText(kind, { prompt, completion: completions[ranks.indexOf(rank)] ?? '' });
  return [
    { label: 'Try the text you chose last', text: at(1) },
    { label: 'Try the one you left', text: at(maxOf(ranks)) },
  ];
}
