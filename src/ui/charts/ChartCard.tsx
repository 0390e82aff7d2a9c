import { isValidElement, type ReactElement, type ReactNode } from 'react';
import { LABELS, type Label, type MetricId } from '../../contract/labels';
import { Card } from '../primitives/Card';
import { Explain } from '../primitives/Explain';
import { ShareValue } from '../primitives/ShareValue';
import type { Tone } from '../theme/tone';
import { LineChart, type LineChartProps } from './LineChart';

interface ChartCardProps extends Omit<LineChartProps, 'label'> {
  /** names the card, gives its unit, its Explain and its healthy band */
  metric: MetricId;
  /** the newest value, in the corner; or what shows it */
  value: number | null | undefined | ReactElement;
  /** cases that a share was counted on, where that is known: a share of few is shown as a count */
  cases?: number | null;
  title?: string;
  /** without the band, where what is usual says nothing */
  bare?: boolean;
  note?: ReactNode;
  /** colours the corner value; the ink colour when absent */
  valueTone?: Tone;
  /** the small numbers below it: its Explain speaks of them too */
  numbers?: readonly MetricId[];
  className?: string;
  children?: ReactNode;
}

/** A metric as a card: name, unit, meaning one click away, newest value in the corner, curve below. */
export function ChartCard({
  metric,
  value,
  cases,
  title,
  bare = false,
  note,
  valueTone,
  numbers,
  className,
  children,
  ...chart
}: ChartCardProps) {
  const { label, unit, healthy }: Label = LABELS[metric];
  return (
    <Card
      title={title ?? label}
      note={note ?? unit}
      value={isValidElement(value) ? value : <ShareValue id={metric} value={value} count={cases} />}
      valueTone={valueTone}
      actions={<Explain metric={metric} {...(numbers && { numbers })} />}
      className={className}
    >
      <LineChart label={title ?? label} band={bare ? undefined : healthy} {...chart} />
      {children}
    </Card>
  );
}
