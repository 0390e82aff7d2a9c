import type { ReactNode } from 'react';
import { IconButton } from '../primitives/Button';
import { formatNumber } from '../primitives/format';
import { toneColor } from '../theme/tone';
import styles from './Chart.module.css';
import { type ChartLevel, DOTS_DASH, type LineSeries, levelDash, SERIES_DASH } from './chartTypes';
import type { HiddenPoints } from './curve';
import { hiddenWords } from './hiddenWords';
import { pointAt } from './lineData';

interface ChartLegendProps {
  label: string;
  series: readonly LineSeries[];
  levels: readonly ChartLevel[];
  /** under the crosshair; null: nowhere */
  step: number | null;
  noun: string;
  show: boolean;
  hidden: HiddenPoints;
  /** a level at or below 0 is named as what a log axis cannot show */
  logAxis: boolean;
  onCsv?: () => void;
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
export function ChartLegend({ label, series, levels, step, noun, show, hidden, logAxis, onCsv }: ChartLegendProps) {
  const unseen = hiddenWords(hidden);
  const isFloating = !show && unseen === ''; // what is hidden stays to be read, so it may cover nothing
  if (!show && step === null && unseen === '' && !onCsv) return null;
  return (
    <div className={`${styles.legend} ${isFloating ? styles.floating : ''} ${step === null ? '' : styles.reading}`}>
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
            <Key
              key={line.id}
              tone={toneColor(line.tone)}
              dash={line.dots ? DOTS_DASH : line.dashed ? SERIES_DASH : undefined}
            >
              {show && line.label} {point && <b>{formatNumber(point.value)}</b>}
            </Key>
          );
        })}
      {show &&
        levels.map((level, index) => (
          <Key key={level.label} tone="var(--ink-3)" dash={levelDash(index)}>
            {level.label}
            {logAxis && level.value <= 0 && ' (no place on a log axis)'}
          </Key>
        ))}
      {unseen !== '' && <span className={styles.outside}>{unseen}</span>}
      {onCsv && (
        <IconButton label={`Save ${label} as CSV`} className={styles.csv} onClick={onCsv}>
          CSV
        </IconButton>
      )}
    </div>
  );
}
