import { useMemo } from 'react';
import { TrailCanvas } from './TrailCanvas';
import TrailFrame, { type NamedPoint } from './TrailFrame';
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

/** The trails, in the chunk of the charts: recharts for what stays, a canvas for what moves. */
export default function TrailPlot({ size, points, others, peak, crosshair, marks }: TrailPlotProps) {
  const axes = useMemo(() => trailAxes([points, ...others.map((other) => other.points)].flat()), [points, others]);
  const at = (step: number | null) => points.find((point) => point.step === step);
  const named = (side: 'proxy' | 'gold', step: number, label: string): NamedPoint[] => {
    const point = at(step);
    const value = point?.[side] ?? null;
    return point && value !== null && Number.isFinite(value) && Number.isFinite(point.kl) ? [{ kl: point.kl, value, label }] : [];
  };
  return (
    <>
      <TrailFrame
        {...axes}
        size={size}
        others={others}
        peak={(peak && named('gold', peak.step, peak.label)[0]) ?? null}
        marks={marks.flatMap(({ step, label }) => named('proxy', step, label))}
      />
      <TrailCanvas {...axes} size={size} points={points} pointed={at(crosshair)} />
    </>
  );
}
