import { useEffect, useMemo, useRef } from 'react';
import type { FineTuneConfig } from '../../../contract/config';
import { FORMULAS } from '../../../contract/formulas';
import type { MetricId, MetricValues } from '../../../contract/metrics';
import { fixed } from '../../../contract/numbers';
import type { MetricPoint } from '../../../contract/observations';
import { casesAmong, casesBehind } from '../../../store/runs/cases';
import { ChartCard } from '../../charts/ChartCard';
import type { ChartMark } from '../../charts/chartTypes';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatNumber, formatPart, formatShare } from '../../primitives/format';
import { LossFoot } from '../LossFoot';
import { ScrollBox } from '../ScrollBox';
import { fewNote } from '../smallChart';
import { type LineOf, latest, useChartView, useLatestValues, useLines } from '../useChartView';
import { chosenEpoch, type Epoch, epochsOf } from './epochs';
import styles from './FineTune.module.css';

const LINES: readonly LineOf[] = [
  { id: 'train/loss', label: 'training', tone: 'policy' },
  { id: 'eval/loss', label: 'held out', tone: 'value', dashed: true, raw: true, dotsOfFew: true },
];
const NUMBERS: readonly MetricId[] = ['train/lr', 'train/gradNorm', 'perf/tokensPerSecond'];
const NAMES = { 'train/gradNorm': 'Gradient', 'perf/tokensPerSecond': 'Tokens/s' } as const;

interface LossCardProps {
  history: readonly MetricPoint[];
  /** where a live knob was turned */
  turned: readonly ChartMark[];
  totalSteps: number;
  selectBy: FineTuneConfig['selectBy'];
  onCsv: () => void;
  more: boolean;
  onMore: () => void;
  className?: string | undefined;
}

/**
 * The hero: how surprised it still is by demonstrations, by those it never saw above all, and which epoch's model is
 * kept.
 */
export function LossCard({
  history,
  turned,
  totalSteps,
  selectBy,
  onCsv,
  more,
  onMore,
  className = '',
}: LossCardProps) {
  const view = useChartView();
  const series = useLines(history, LINES);
  const values = useLatestValues(history);
  const chosen = useMemo(() => chosenEpoch(history, selectBy), [history, selectBy]);
  const marks = useMemo(() => [...turned, ...marksOf(chosen)], [turned, chosen]);
  if (history.length === 0) return <Prospect className={className} />;
  return (
    <ChartCard
      metric="eval/loss"
      title="Held-out loss"
      note={fewNote(history, 'eval/loss') ?? 'nats per completion token'}
      value={latest(history, 'eval/loss')}
      series={series}
      numbers={NUMBERS}
      legend
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      className={className}
      onCsv={onCsv}
    >
      <Epochs history={history} chosen={chosen} />
      <Judged history={history} />
      <LossFoot ids={NUMBERS} values={values} names={NAMES} more={more} onMore={onMore} />
    </ChartCard>
  );
}

const marksOf = (chosen: ReturnType<typeof chosenEpoch>): ChartMark[] =>
  chosen
    ? [{ step: chosen.epoch.step, label: `${chosen.kept ? 'kept' : 'best so far'}: epoch ${chosen.epoch.epoch}` }]
    : [];

function Prospect({ className }: { className: string }) {
  return (
    <Card
      title="Held-out loss"
      note="nats per completion token"
      actions={<Explain metric="eval/loss" />}
      className={className}
    >
      <p className={styles.prospect}>
        Pretraining once more, on texts of your choice: the same loss, but only the completion is asked for. The first
        of the three steps of InstructGPT (Ouyang et al. 2022). Optional here: Compare works without it.
      </p>
      <p className={styles.formula}>{FORMULAS.completionLoss.notation}</p>
      <ol className={styles.prospect}>
        <li>Collect demonstrations: a few dozen prompts, each continued as you wish the model would.</li>
        <li>
          Train. A copy of the base model learns; some of the prompts are kept back. While the loss falls on those too,
          it learns a manner. Once it rises, it learns the demonstrations by heart, and the epoch before is the one to
          keep.
        </li>
        <li>Read what both models make of the same prompts, and count how many are as wished.</li>
      </ol>
    </Card>
  );
}

interface Column {
  head: string;
  id: MetricId;
  show: (value: number) => string;
}
const COLUMNS: readonly Column[] = [
  { head: 'Held-out loss', id: 'eval/loss', show: (value) => fixed(value, 3) },
  { head: 'As wished', id: 'eval/wishShare', show: formatShare },
  { head: 'Grammatical', id: 'completion/grammatical', show: formatShare },
  { head: 'Score', id: 'axis/score', show: formatNumber },
  { head: 'KL from base', id: 'axis/kl', show: formatNumber },
];

/** One line an epoch: what it cost, what it brought, and which one is kept. */
function Epochs({ history, chosen }: { history: readonly MetricPoint[]; chosen: ReturnType<typeof chosenEpoch> }) {
  const epochs = useMemo(() => epochsOf(history), [history]);
  const columns = COLUMNS.filter(({ id }) => epochs.some(({ values }) => values[id] !== undefined));
  const table = useRef<HTMLTableElement>(null);
  const step = chosen?.epoch.step ?? null;
  useEffect(() => {
    const row = step === null ? null : table.current?.querySelector<HTMLElement>('[aria-current]');
    const box = table.current?.parentElement;
    if (row && box) box.scrollTop = row.offsetTop - box.clientHeight / 2; // the page around it stays where it is
  }, [step]);
  if (epochs.length === 0) return null;
  return (
    <ScrollBox label="Epochs" className={styles.epochs}>
      <table ref={table}>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            {columns.map(({ id, head }) => (
              <th key={id} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {epochs.map((one) => (
            <EpochRow
              key={one.step}
              epoch={one}
              columns={columns}
              mark={one.step === chosen?.epoch.step ? markOf(chosen.kept) : null}
            />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Which texts the columns are of: other ones than those of before and after, so the two shares may differ a little. */
function Judged({ history }: { history: readonly MetricPoint[] }) {
  const texts = casesBehind(history, 'eval/wishShare');
  if (texts === null) return null;
  return (
    <p
      className={styles.judged}
    >{`The columns after the loss are of ${texts} fresh texts; Before and after counts others.`}</p>
  );
}

const markOf = (kept: boolean): string => (kept ? '✓ kept' : 'best so far');

/** a share of few texts as a count; its interval has no room in a column, and the line below says of how many it is */
function cellOf(id: MetricId, values: MetricValues, show: (value: number) => string): string {
  const value = values[id];
  if (value === undefined) return '–';
  const cases = show === formatShare ? casesAmong(values, id) : null;
  return cases === null ? show(value) : formatPart(value, cases);
}

function EpochRow({ epoch, columns, mark }: { epoch: Epoch; columns: readonly Column[]; mark: string | null }) {
  return (
    <tr className={mark ? styles.chosen : undefined} aria-current={mark ? 'true' : undefined}>
      <th scope="row">
        {epoch.epoch}
        {mark && <span className={styles.mark}>{mark}</span>}
      </th>
      {columns.map(({ id, show }) => (
        <td key={id}>{cellOf(id, epoch.values, show)}</td>
      ))}
    </tr>
  );
}
