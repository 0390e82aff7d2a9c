import { useMemo } from 'react';
import { PlotLabels } from './PlotLabels';
import { TrailCanvas } from './TrailCanvas';
import TrailFrame from './TrailFrame';
import { type NamedPoint, trailLabels } from './trailLabels';
import { type OtherTrail, type TrailPoint, trailAxes } from './trailLayout';
import type { Size } from './useSize';

interface TrailPlotProps {
  size: Size;
  points: readonly TrailPoint[];
  others: readonly OtherTrail[];
  peak: { step: number; label: string } | null;
  crosshair: number | null;
  marks: readonly { step: number; label: string }[];
}

/** The trails, in the chunk of the charts: recharts for what stays, a canvas for what moves, names above both. */
export default function TrailPlot({ size, points, others, peak, crosshair, marks }: TrailPlotProps) {
  const axes = useMemo(() => trailAxes([points, ...others.map((other) => other.points)].flat()), [points, others]);
  const at = (step: number | null) => points.find((point) => point.step === step);
  const named = (side: 'proxy' | 'gold', step: number, label: string): NamedPoint[] => {
    const point = at(step);
    const value = point?.[side] ?? null;
    return point && value !== null && Number.isFinite(value) && Number.isFinite(point.kl)
      ? [{ kl: point.kl, value, label }]
      : [];
  };
  const frame = {
    ...axes,
    size,
    others,
    peak: (peak && named('gold', peak.step, peak.label)[0]) ?? null,
    marks: marks.flatMap(({ step, label }) => named('proxy', step, label)),
  };
  return (
    <>
      <TrailFrame {...frame} />
      <TrailCanvas {...axes} size={size} points={points} pointed={at(crosshair)} />
      <PlotLabels labels={trailLabels({ ...frame, points })} />
    </>
  );
}
