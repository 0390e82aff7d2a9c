import { useCallback, useMemo } from 'react';
import { countOf } from '../../contract/numbers';
import { formatNumber, formatPart } from '../primitives/format';
import { TextTable } from '../primitives/TextTable';
import type { Tone } from '../theme/tone';
import { type Bin, binsOf } from './bins';
import styles from './Chart.module.css';
import whole from './canvas.module.css';
import { remPixels, tokenColor, useCanvas } from './useCanvas';
import { usePaced } from './usePaced';
import { type Size, useSize } from './useSize';

interface HistogramProps {
  label: string;
  values: readonly number[];
  bins?: number;
  /** above 0 and below 0 */
  tone?: Tone;
  negativeTone?: Tone;
  /** words under the two ends of the axis */
  leftEnd?: string;
  rightEnd?: string;
}

interface Look {
  tone: Tone;
  negativeTone: Tone;
}

function drawBars(context: CanvasRenderingContext2D, { width, height }: Size, bins: readonly Bin[], look: Look): void {
  const rem = remPixels();
  const floor = height - 1.2 * rem;
  const most = bins.reduce((top, bin) => Math.max(top, bin.count), 1);
  const step = width / bins.length;
  bins.forEach((bin, index) => {
    const bar = (bin.count / most) * (floor - 4);
    context.fillStyle = tokenColor(bin.from < -1e-12 ? look.negativeTone : look.tone);
    context.globalAlpha = 0.8;
    context.beginPath();
    context.roundRect(index * step + 1, floor - bar, Math.max(1, step - 2), bar, 2);
    context.fill();
  });
  context.globalAlpha = 1;
  const zero = bins.findIndex((bin) => Math.abs(bin.from) < 1e-9);
  drawZero(context, (zero < 0 ? bins.length : zero) * step, floor, rem);
}

function drawZero(context: CanvasRenderingContext2D, x: number, floor: number, rem: number): void {
  context.strokeStyle = tokenColor('ink-3');
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, floor);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = tokenColor('ink-3');
  context.font = `${0.73 * rem}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = 'center';
  context.fillText('0', Math.min(Math.max(x, 6), context.canvas.clientWidth - 6), floor + 0.95 * rem);
}

export function histogramSummary(all: readonly number[]): string {
  const values = all.filter(Number.isFinite);
  const others =
    all.length === values.length ? '' : ` ${countOf(all.length - values.length, 'more is', 'more are')} not finite.`;
  if (values.length === 0) return `No values yet.${others}`;
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const above = values.filter((value) => value > 0).length / values.length;
  return `${values.length} values, mean ${formatNumber(mean)}, ${formatPart(above, values.length)} above 0.${others}`;
}

/** How numbers are spread around 0, the two signs in two tones and on two sides. */
export function Histogram({
  label,
  values,
  bins: count = 24,
  tone = 'chosen',
  negativeTone = 'rejected',
  leftEnd,
  rightEnd,
}: HistogramProps) {
  const paced = usePaced(values);
  const bins = useMemo(() => binsOf(paced, count), [paced, count]);
  const [ref, size] = useSize<HTMLDivElement>();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, area: Size) =>
      bins.length > 0 && drawBars(context, area, bins, { tone, negativeTone }),
    [bins, tone, negativeTone],
  );
  const canvas = useCanvas(size, draw);
  return (
    <figure className={styles.figure} aria-label={label}>
      <div className={styles.plot} ref={ref}>
        <canvas className={whole.canvas} ref={canvas} />
      </div>
      {(leftEnd || rightEnd) && (
        <div className={styles.end}>
          <span>{leftEnd}</span>
          <span>{rightEnd}</span>
        </div>
      )}
      <figcaption className="visually-hidden">{histogramSummary(paced)}</figcaption>
      {bins.length > 0 && (
        <div className="visually-hidden">
          <TextTable
            caption={`${label}, bar by bar`}
            head={['from … to', 'count']}
            rows={bins
              .filter((bin) => bin.count > 0)
              .map((bin) => [`${formatNumber(bin.from)} … ${formatNumber(bin.to)}`, `${bin.count}`])}
          />
        </div>
      )}
    </figure>
  );
}
