import { useMemo } from 'react';
import type { MetricId } from '../../../contract/metrics';
import { fixed } from '../../../contract/numbers';
import type { MetricPoint } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { corpusWords } from '../../../store/text/corpusWords';
import { ChartCard } from '../../charts/ChartCard';
import type { ChartLevel, LineSeries } from '../../charts/chartTypes';
import { LineChart } from '../../charts/LineChart';
import { Card } from '../../primitives/Card';
import { glued } from '../../primitives/glued';
import { LossFoot } from '../LossFoot';
import { type LineOf, latest, useChartView, useLatestValues, useLines } from '../useChartView';
import styles from './LossCard.module.css';

export const LOSS_LINES: readonly LineOf[] = [
  { id: 'train/loss', label: 'training', tone: 'policy' },
  { id: 'eval/loss', label: 'held out', tone: 'value', dashed: true, raw: true },
];

interface LossCardProps {
  history: readonly MetricPoint[];
  totalSteps: number;
  vocabSize: number;
  /** exact entropy of the grammar, nats per token; null for the visitor's own text */
  floor: number | null;
  className?: string | undefined;
  onCsv?: (() => void) | undefined;
  /** whether the other charts are open */
  more: boolean;
  onMore: () => void;
}

const NAMES = {
  'eval/loss': 'Held out',
  'eval/aboveFloor': 'Above floor',
  'train/gradNorm': 'Gradient',
  'perf/tokensPerSecond': 'Tokens/s',
} as const;
/** Numbers that have no curve on the first screen. */
const NUMBERS: readonly MetricId[] = [
  'eval/loss',
  'eval/aboveFloor',
  'eval/grammatical',
  'eval/coherent',
  'train/lr',
  'train/gradNorm',
  'perf/stepMs',
  'perf/tokensPerSecond',
];

/** The hero: surprise falling from a uniform guess towards the entropy of the grammar, below which nobody gets. */
export function LossCard({ history, totalSteps, vocabSize, floor, className, onCsv, more, onMore }: LossCardProps) {
  const view = useChartView();
  const series = useLines(history, LOSS_LINES);
  const values = useLatestValues(history);
  const levels = useMemo(() => lossLevels(vocabSize, floor), [vocabSize, floor]);
  if (history.length === 0) {
    return (
      <Card title="Loss" note="nats per token" className={className ?? ''}>
        <Prospect vocabSize={vocabSize} floor={floor} levels={levels} totalSteps={totalSteps} />
      </Card>
    );
  }
  return (
    <ChartCard
      metric="train/loss"
      title="Loss"
      note="nats per token"
      value={latest(history, 'train/loss')}
      series={series}
      numbers={NUMBERS}
      view={view}
      levels={levels}
      totalSteps={totalSteps}
      className={className}
      {...(onCsv && { onCsv })}
    >
      <LossFoot ids={NUMBERS} values={values} names={NAMES} more={more} onMore={onMore} />
    </ChartCard>
  );
}

interface ProspectProps extends Pick<LossCardProps, 'vocabSize' | 'floor' | 'totalSteps'> {
  levels: readonly ChartLevel[];
}
const NO_LINES: readonly LineSeries[] = [];

/** Before the first step: between which two lines the curve will run. */
function Prospect({ vocabSize, floor, levels, totalSteps }: ProspectProps) {
  const { unit } = useLab((state) => corpusWords(state.corpus.summary));
  const guess =
    vocabSize > 1
      ? `A blind guess among ${vocabSize} tokens costs ln ${vocabSize} = ${fixed(Math.log(vocabSize), 2)} nats. `
      : '';
  const least =
    floor === null ? '' : `The grammar's own entropy, ${fixed(floor, 2)} nats, is the floor that nobody gets below. `;
  const between =
    guess && least
      ? 'Between the two lies everything there is to learn.'
      : 'The curve starts at a blind guess and falls.';
  const range = useMemo(() => [0, Math.log(Math.max(vocabSize, 256)) * 1.05] as const, [vocabSize]);
  return (
    <>
      <p className={styles.prospect}>
        How surprised is the model by the next {unit}? {glued(guess)}
        {glued(least)}
        {between}
      </p>
      <LineChart
        label="Loss"
        series={NO_LINES}
        levels={levels}
        range={range}
        totalSteps={totalSteps}
        legend={levels.length > 0}
      />
    </>
  );
}

/** What no model does worse than for long, and better than ever. */
export function lossLevels(vocabSize: number, floor: number | null): ChartLevel[] {
  const levels: ChartLevel[] = [];
  if (vocabSize > 1) levels.push({ value: Math.log(vocabSize), label: `uniform guess, ln ${vocabSize}` });
  if (floor !== null) levels.push({ value: floor, label: `floor: the grammar's entropy, ${fixed(floor, 2)}` });
  return levels;
}
