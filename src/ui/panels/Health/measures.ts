import type { RunKind } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import type { Tone } from '../../theme/tone';
import { WHOLE } from '../smallChart';

export interface Measure {
  id: MetricId;
  name: string;
  tone: Tone;
  range?: readonly [number, number];
}

/** What tells whether texts are still texts, in the order in which they usually go wrong. */
const TEXTS: readonly Measure[] = [
  { id: 'completion/distinct', name: 'Distinct texts', tone: 'ink-3', range: WHOLE },
  { id: 'completion/distinct2', name: 'Distinct pairs', tone: 'ink-3', range: WHOLE },
  { id: 'completion/duplicates', name: 'Duplicates', tone: 'ink-3', range: WHOLE },
  { id: 'completion/grammatical', name: 'Grammatical', tone: 'good', range: WHOLE },
  { id: 'val/num_eos_tokens', name: '<eos> rate', tone: 'ink-3', range: WHOLE },
  { id: 'completion/length', name: 'Length', tone: 'ink-3' },
];

const judged = (score: MetricId, gold: MetricId): readonly Measure[] => [
  { id: score, name: 'Score', tone: 'reward' },
  { id: gold, name: 'Gold', tone: 'gold' },
  ...TEXTS,
];

/** The reward first, so that what it costs is read beside it. */
export const MEASURES: Record<Exclude<RunKind, 'reward'>, readonly Measure[]> = {
  ppo: judged('objective/scores', 'gold/score'),
  dpo: judged('axis/score', 'axis/gold'),
  bestOf: judged('axis/score', 'axis/gold'),
  finetune: judged('axis/score', 'axis/gold'),
  pretrain: [
    { id: 'eval/loss', name: 'Held-out loss', tone: 'value' },
    { id: 'eval/coherent', name: 'Coherent', tone: 'good', range: WHOLE },
    ...TEXTS.map((measure) =>
      measure.id === 'completion/grammatical' ? { ...measure, id: 'eval/grammatical' as const } : measure,
    ),
  ],
};

/** Where the grammar has no say, or nobody judges, there is no number and no row. */
export const measuredOf = (
  measures: readonly Measure[],
  isMeasured: (id: MetricId) => boolean,
  started: boolean,
): readonly Measure[] => (started ? measures.filter(({ id }) => isMeasured(id)) : measures);
