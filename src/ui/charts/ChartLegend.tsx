import type { ReactNode } from 'react';
import { IconButton } from '../primitives/Button';
import { formatNumber } from '../primitives/format';
import { toneColor } from '../theme/tone';
import styles from './Chart.module.css';
import type { ChartLevel, LineSeries } from './chartTypes';
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
  const parts = [above > 0 && `${above} above`, below > 0 && `${below} below`].filter(Boolean);
  return parts.length === 0 ? '' : `${parts.join(', ')} the view`;
}

function Key({ tone, line = 'solid', children }: { tone: string; line?: 'solid' | 'dashed' | 'dotted'; children: ReactNode }) {
  return (
    <span className={styles.key}>
      <span className={styles.swatch} style={{ borderTopColor: tone, borderTopStyle: line }} aria-hidden="true" />
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
            <Key key={line.id} tone={toneColor(line.tone)} line={line.dashed ? 'dashed' : 'solid'}>
              {show && line.label} {point && <b>{formatNumber(point.value)}</b>}
            </Key>
          );
        })}
      {show &&
        levels.map((level) => (
          <Key key={level.label} tone="var(--ink-3)" line="dotted">
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
