import { useMemo } from 'react';
import { useLab } from '../../../store/lab';
import { habits } from '../../../store/opinions/habits';
import { newestFirst, opinionCounts } from '../../../store/opinions/opinions';
import { pairCounts } from '../Compare/pairCounts';
import { ofLastChoice } from './lastChoice';

/** What was said of texts, counted for the reward model that learns from it. */
export function useOpinions(ownText: boolean) {
  const votes = useLab((state) => state.votes.votes);
  const rankings = useLab((state) => state.examples.rankings);
  const useRule = useLab((state) => state.taste.useRule);
  const ruleLabels = useLab((state) => state.config.value.reward.ruleLabels);
  const byRule = useRule && !ownText ? ruleLabels : 0;
  return {
    counts: useMemo(() => opinionCounts(votes, rankings), [votes, rankings]),
    consistency: useMemo(() => habits(votes)?.consistency ?? null, [votes]),
    pairs: useMemo(() => pairCounts(votes, byRule, rankings), [votes, byRule, rankings]),
    suggestions: useMemo(() => ofLastChoice(newestFirst(votes, rankings), ownText ? 'text' : 'stories'), [votes, rankings, ownText]),
  };
}
