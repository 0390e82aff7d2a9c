import type { CorpusSummary } from '../../../contract/domain';
import { maxOf } from '../../../contract/many';
import { isVote, type Ranking, type Vote } from '../../../contract/preferences';
import { wholeText } from '../../../store/text/wholeText';

/** Two texts that the voter has an opinion about. */
export function ofLastChoice(opinions: readonly (Vote | Ranking)[], kind: CorpusSummary['kind']) {
  const last = opinions.find((one) => !isVote(one) || one.choice === 'a' || one.choice === 'b');
  if (!last) return [];
  const [chosen, rejected] = endsOf(last);
  return [
    { label: 'Try the text you chose last', text: wholeText(kind, { prompt: last.prompt, completion: chosen }) },
    { label: 'Try the one you left', text: wholeText(kind, { prompt: last.prompt, completion: rejected }) },
  ];
}

/** the better side and the other, or the best and the worst */
function endsOf(opinion: Vote | Ranking): [string, string] {
  if (isVote(opinion)) return opinion.choice === 'a' ? [opinion.a, opinion.b] : [opinion.b, opinion.a];
  const { completions, ranks } = opinion;
  const at = (rank: number): string => completions[ranks.indexOf(rank)] ?? '';
  return [at(1), at(maxOf(ranks))];
}
