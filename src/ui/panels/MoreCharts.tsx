import type { RunKind } from '../../contract/domain';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import type { Mark } from '../../store/state';
import { ChartControls } from './ChartControls';
import { SmallCharts } from './SmallCharts';
import type { SmallChart } from './smallChart';
import { useScrollIntoView } from './useScrollIntoView';

interface MoreChartsProps {
  kind: RunKind;
  charts: readonly SmallChart[];
  history: readonly MetricPoint[];
  marks?: readonly Mark[];
  totalSteps: number;
  noun?: 'iteration' | 'step';
  className?: string | undefined;
  unmarked?: ReadonlySet<MetricId>;
}

const NO_MARKS: readonly Mark[] = [];

/** The other curves of a stage, below the screen: they are scrolled to when asked for. */
export function MoreCharts({ kind, charts, className, marks = NO_MARKS, noun = 'step', ...run }: MoreChartsProps) {
  const ref = useScrollIntoView<HTMLDivElement>();
  return (
    <div className={className} ref={ref}>
      <ChartControls kind={kind} />
      <SmallCharts charts={charts} marks={marks} noun={noun} {...run} />
    </div>
  );
}
