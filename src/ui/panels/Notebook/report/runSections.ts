/** What a report says of runs: their curves, what was set, where they began and where they stand. */
import { presetConfig } from '../../../../contract/config';
import { type Recipe, RUN_KINDS, type RunKind } from '../../../../contract/domain';
import { LABELS, type MetricId } from '../../../../contract/labels';
import { inWords, shortened } from '../../../../contract/limits';
import { countOf, signed } from '../../../../contract/numbers';
import type { MetricPoint } from '../../../../contract/observations';
import { readable } from '../../../../contract/storyText';
import { describeDifference } from '../../../../store/models/configDiff';
import { RUN_NAMES } from '../../../../store/notebook/words';
import { seriesOf, thin } from '../../../../store/persistence/thin';
import { isOfFew } from '../../../../store/runs/cases';
import { recipeAsLived } from '../../../../store/runs/liveChanges';
import type { LabState, RunView } from '../../../../store/state';
import { formatNumber, formatShare } from '../../../primitives/format';
import { measuredWords } from '../../measuredWords';
import type { Block, Dash, Ink, ReportChart, ReportLine, ReportSection } from './blocks';

type Drawn = readonly [MetricId, label: string, Ink, Dash];
const LINES: Record<Exclude<RunKind, 'bestOf'>, readonly Drawn[]> = {
  pretrain: [
    ['train/loss', 'training loss', 'policy', 'solid'],
    ['eval/loss', 'held-out loss', 'reference', 'dashed'],
  ],
  finetune: [
    ['train/loss', 'training loss', 'policy', 'solid'],
    ['eval/loss', 'held-out loss', 'reference', 'dashed'],
  ],
  reward: [
    ['reward/accuracy', 'held-out accuracy', 'reward', 'solid'],
    ['reward/trainAccuracy', 'training accuracy', 'reference', 'dotted'],
  ],
  ppo: [
    ['objective/scores', 'score', 'reward', 'solid'],
    ['gold/score', 'gold', 'gold', 'dashed'],
  ],
  dpo: [
    ['rewards/margins', 'margin', 'policy', 'solid'],
    ['eval_rewards/margins', 'held-out margin', 'reference', 'dashed'],
  ],
};
const AXES: Record<RunKind, string> = {
  pretrain: 'step of pretraining',
  finetune: 'step of fine-tuning',
  reward: 'step of the reward model',
  ppo: 'iteration of PPO',
  dpo: 'step of DPO',
  bestOf: 'N',
};
/** more are not seen on paper */
const MOST_POINTS = 300;
/** compared before and after */
const COMPARED: readonly MetricId[] = [
  'objective/scores',
  'gold/score',
  'objective/kl',
  'axis/kl',
  'eval/loss',
  'reward/accuracy',
  'completion/grammatical',
  'val/num_eos_tokens',
];
const TEXTS_SHOWN = 2;

const written = (id: MetricId, value: number): string => {
  const { unit } = LABELS[id];
  if (unit === 'share') return formatShare(value);
  return unit === 'score' ? signed(value) : formatNumber(value);
};

function linesOf(kind: RunKind, run: RunView): ReportLine[] {
  if (kind === 'bestOf') {
    const points = run.bestOf?.result.points ?? [];
    const score = points.map((point) => ({ step: point.n, value: point.score.value }));
    const gold = points.flatMap((point) => (point.gold ? [{ step: point.n, value: point.gold.value }] : []));
    const lines: ReportLine[] = [
      { label: 'score of the best', ink: 'reward', dash: 'solid', points: score },
      { label: 'gold of the best', ink: 'gold', dash: 'dashed', points: gold },
    ];
    return lines.filter((line) => line.points.length > 0);
  }
  return LINES[kind].flatMap(([id, label, ink, dash]): ReportLine[] => {
    if (isOfFew(run.history, id)) return []; // as on its stage
    const series = seriesOf(run.history, id);
    return series.length > 0 ? [{ label, ink, dash, points: thin(series, MOST_POINTS) }] : [];
  });
}

/** first and last of what was measured more than once */
function changes({ history }: RunView): string[][] {
  return COMPARED.flatMap((id) => {
    const measured = ({ values }: MetricPoint) => values[id] !== undefined;
    const [first, last] = [history.find(measured), history.findLast(measured)];
    if (!first || !last || first === last) return [];
    return [[LABELS[id].label, ...[first, last].map(({ values }) => measuredWords(id, values, written))]];
  });
}

function setWords({ config: { value } }: LabState, { spec, live }: RunView): string {
  if (!spec) return '';
  const { config } = recipeAsLived(spec, live);
  const usual = { kind: spec.kind, config: presetConfig(value.preset)[spec.kind] } as unknown as Recipe;
  const words = describeDifference(usual, { kind: spec.kind, config } as Recipe);
  return words === 'the same settings' ? 'Settings as they ship.' : `Set otherwise than shipped: ${words}.`;
}

const isShown = (kind: RunKind, run: RunView): boolean => run.runId !== null && linesOf(kind, run).length > 0;

const chartOf = (state: LabState, kind: RunKind): ReportChart => ({
  kind: 'chart',
  axis: `${AXES[kind]}, seed ${state.runs[kind].spec?.seed ?? state.config.value.seed}`,
  lines: linesOf(kind, state.runs[kind]),
  marks: state.runs[kind].marks,
});
const changesOf = (run: RunView): Block => ({ kind: 'table', head: ['', 'first', 'last'], rows: changes(run) });
const headingOf = (kind: RunKind, { state }: RunView): string =>
  state ? `${RUN_NAMES[kind]}, ${inWords(state.step)} of ${inWords(state.totalSteps)}` : RUN_NAMES[kind];

/** what comes after it begins another one */
const isSentence = (prompt: string): boolean => /[.!?]\s*$/.test(prompt);

/** the run that all of it was for: over both columns, with what it writes */
function heroSections(state: LabState, kind: RunKind): ReportSection[] {
  const run = state.runs[kind];
  const texts = (run.beforeAfter?.rows ?? []).slice(0, TEXTS_SHOWN).map(({ prompt, before, after }) => ({
    prompt: readable(shortened(prompt, 200)),
    before: readable(shortened(before, 200), !isSentence(prompt)),
    after: readable(shortened(after, 200), !isSentence(prompt)),
  }));
  const words: Block = { kind: 'words', text: setWords(state, run) };
  return [
    { heading: headingOf(kind, run), wide: true, blocks: [chartOf(state, kind), words] },
    { heading: 'Before and after', blocks: [changesOf(run), { kind: 'texts', labels: ['before', 'after'], texts }] },
  ];
}

function smallSection(state: LabState, kind: RunKind): ReportSection {
  const run = state.runs[kind];
  const chart: Block = { ...chartOf(state, kind), small: true };
  return { heading: headingOf(kind, run), blocks: [chart, { kind: 'words', text: setWords(state, run) }] };
}

const BY_WEIGHT: readonly RunKind[] = ['ppo', 'dpo', 'bestOf', 'reward', 'finetune', 'pretrain'];

/** the last of the pipeline first, the others in its order */
export function allRuns(state: LabState): ReportSection[] {
  const hero = BY_WEIGHT.find((kind) => isShown(kind, state.runs[kind]));
  if (!hero) return [];
  const others = RUN_KINDS.filter((kind) => kind !== hero && isShown(kind, state.runs[kind]));
  return [...heroSections(state, hero), ...others.map((kind) => smallSection(state, kind))];
}

/** "From its first iteration to the 40th the score went from −0.10 to +3.37, and gold from −0.09 to −0.76." */
export function leadOf({ runs: { ppo } }: LabState): string | null {
  const told = (['objective/scores', 'gold/score'] as const).flatMap((id) => {
    const series = seriesOf(ppo.history, id).filter(({ value }) => Number.isFinite(value));
    const [first, last] = [series[0], series.at(-1)];
    return first && last && first !== last
      ? [`${id === 'gold/score' ? 'gold' : 'the score'} went from ${signed(first.value)} to ${signed(last.value)}`]
      : [];
  });
  if (told.length === 0) return null;
  const [first, ...rest] = told;
  return `In ${countOf(ppo.history.at(-1)?.step ?? 0, 'iteration')} of PPO ${[first, ...rest].join(', and ')}.`;
}
