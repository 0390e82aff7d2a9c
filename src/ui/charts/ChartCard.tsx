import type { ReactNode } from 'react';
import { METRICS, type Metric, type MetricId } from '../../contract/metrics';
import { Card } from '../primitives/Card';
import { Explain } from '../primitives/Explain';
import { MetricValue } from '../primitives/MetricValue';
import type { Tone } from '../theme/tone';
import { LineChart, type LineChartProps } from './LineChart';

interface ChartCardProps extends Omit<LineChartProps, 'label'> {
  /** names the card, gives its unit, its Explain and its healthy band */
  metric: MetricId;
  /** the newest value, in the corner */
  value: number | null | undefined;
  title?: string;
  note?: ReactNode;
  /** colours the corner value; the ink colour when absent */
  valueTone?: Tone;
  className?: string;
  children?: ReactNode;
}

/** A metric as a card: name, unit, meaning one click away, newest value in the corner, curve below. */
export function ChartCard({ metric, value, title, note, valueTone, className, children, ...chart }: ChartCardProps) {
  const { label, unit, healthy }: Metric = METRICS[metric];
  return (
    <Card
      title={title ?? label}
      note={note ?? unit}
      value={<MetricValue id={metric} value={value} />}
      valueTone={valueTone}
      actions={<Explain metric={metric} />}
      className={className}
    >
      <LineChart label={title ?? label} band={healthy} {...chart} />
      {children}
    </Card>
  );
}
