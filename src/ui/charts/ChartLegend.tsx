import type { ReactNode } from 'react';
import { IconButton } from '../primitives/Button';
import { formatNumber } from '../primitives/format';
import { toneColor } from '../theme/tone';
import styles from './Chart.module.css';
import { type ChartLevel, type LineSeries, levelDash, SERIES_DASH } from './chartTypes';
import { pointAt } from './lineData';

interface ChartLegendProps {
  label: string;
  series: readonly LineSeries[];
  levels: readonly ChartLevel[];
  /** under the crosshair; null: nowhere */
  step: number | null;
  noun: string;
  show: boolean;
  outside: { above: number; below: number };
  onCsv?: () => void;
}

function outsideText({ above, below }: ChartLegendProps['outside']): string {
  const points = (count: number) => `${count} ${count === 1 ? 'point' : 'points'}`;
  if (above > 0 && below > 0) return `${points(above)} above, ${below} below the view`;
  if (above > 0) return `${points(above)} above the view`;
  return below > 0 ? `${points(below)} below the view` : '';
}

function Key({ tone, dash, children }: { tone: string; dash?: string | undefined; children: ReactNode }) {
  return (
    <span className={styles.key}>
      <svg className={styles.stroke} viewBox="0 0 22 3" aria-hidden="true">
        <line x1="0" y1="1.5" x2="22" y2="1.5" stroke={tone} strokeWidth="2.5" strokeDasharray={dash} />
      </svg>
      {children}
    </span>
  );
}

/** Names the lines, and under the crosshair reads them out: one line of text instead of a box that covers the curve. */
export function ChartLegend({ label, series, levels, step, noun, show, outside, onCsv }: ChartLegendProps) {
  const hidden = outsideText(outside);
  if (!show && step === null && hidden === '' && !onCsv) return null;
  return (
    <div className={`${styles.legend} ${show ? '' : styles.floating} ${step === null ? '' : styles.reading}`}>
      {step !== null && (
        <span className={styles.at}>
          {show ? '' : `${noun} `}
          {Math.round(step).toLocaleString('en-US')}
        </span>
      )}
      {(show || step !== null) &&
        series.map((line) => {
          const point = step === null ? null : pointAt(line.points, step);
          return (
            <Key key={line.id} tone={toneColor(line.tone)} dash={line.dashed ? SERIES_DASH : undefined}>
              {show && line.label} {point && <b>{formatNumber(point.value)}</b>}
            </Key>
          );
        })}
      {show &&
        levels.map((level, index) => (
          <Key key={level.label} tone="var(--ink-3)" dash={levelDash(index)}>
            {level.label}
          </Key>
        ))}
      {hidden !== '' && <span className={styles.outside}>{hidden}</span>}
      {onCsv && (
        <IconButton label={`Save ${label} as CSV`} className={styles.csv} onClick={onCsv}>
          CSV
        </IconButton>
      )}
    </div>
  );
}
