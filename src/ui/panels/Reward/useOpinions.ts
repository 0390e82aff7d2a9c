import { useMemo } from 'react';
import { votesIn } from '../../../contract/preferences';
import { lengthUnit } from '../../../contract/wordCount';
import { useLab } from '../../../store/lab';
import { newestFirst, opinionCounts } from '../../../store/opinions/counts';
import { habits } from '../../../store/opinions/habits';
import { longerOne } from '../../../store/opinions/longerOne';
import { hasAttributes } from '../../../store/opinions/raterInUse';
import { pairCounts } from '../Compare/pairCounts';
import { ofLastChoice } from './lastChoice';

/** What was said of texts, counted for the reward model that learns from it. */
export function useOpinions() {
  const ownText = useLab((state) => state.corpus.summary?.kind === 'text');
  const measured = useLab(hasAttributes);
  const opinions = useLab((state) => state.opinions.all);
  const unit = useLab(({ corpus }) => lengthUnit(corpus.summary));
  const useRule = useLab((state) => state.taste.useRule);
  const ruleLabels = useLab((state) => state.config.value.reward.ruleLabels);
  const byRule = useRule && measured ? ruleLabels : 0;
  return {
    counts: useMemo(() => opinionCounts(opinions), [opinions]),
    consistency: useMemo(() => habits(votesIn(opinions), unit)?.consistency ?? null, [opinions, unit]),
    longer: useMemo(() => longerOne(opinions, unit), [opinions, unit]),
    pairs: useMemo(() => pairCounts(opinions, byRule), [opinions, byRule]),
    suggestions: useMemo(() => ofLastChoice(newestFirst(opinions), ownText ? 'text' : 'stories'), [opinions, ownText]),
  };
}
