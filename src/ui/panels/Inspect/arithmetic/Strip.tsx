import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react';
import { codeOf, type KeyMap } from '../../../primitives/useKeys';
import styles from './Strip.module.css';

interface StripProps {
  values: Float32Array;
  /** the largest size in all strips that are compared */
  most: number;
  /** which of them are drawn, where all have no room; they keep their numbers */
  kept?: readonly number[] | null;
  /** what counts of it, as strength of colour */
  strength?: number;
  chosen?: number | null;
  onPoint?: (index: number | null) => void;
  onHold?: (index: number) => void;
}

/** bars up and down from the middle; height is the square root of the size */
function barsOf(values: Float32Array, most: number, sign: 1 | -1): string {
  return Array.from(values, (value, i) => {
    const height = Math.sqrt(Math.abs(value) / most);
    return Math.sign(value) === sign && height > 0
      ? `M${i + 0.1} 1v${-sign * Math.min(1, height)}h.8v${sign * Math.min(1, height)}z`
      : '';
  }).join('');
}

export const largest = (strips: readonly Float32Array[]): number =>
  strips.reduce((most, strip) => strip.reduce((m, value) => (Math.abs(value) > m ? Math.abs(value) : m), most), 1e-9);

/** A vector as bars: up is positive, down is negative, and the colour says so again. */
export function Strip({ values, most, kept = null, strength = 1, chosen = null, onPoint, onHold }: StripProps) {
  const shown = kept ? Float32Array.from(kept, (i) => values[i] as number) : values;
  const ring = chosen === null ? -1 : kept ? kept.indexOf(chosen) : chosen;
  const indexAt = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * shown.length);
    const inside = Math.max(0, Math.min(shown.length - 1, index));
    return kept ? (kept[inside] as number) : inside;
  };
  return (
    <svg
      className={styles.strip}
      viewBox={`0 0 ${shown.length} 2`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={{ '--strength': strength } as CSSProperties}
      onPointerMove={onPoint && ((event) => onPoint(indexAt(event)))}
      onPointerLeave={onPoint && (() => onPoint(null))}
      onPointerDown={onHold && ((event) => onHold(indexAt(event)))}
    >
      <path className={styles.positive} d={barsOf(shown, most, 1)} />
      <path className={styles.negative} d={barsOf(shown, most, -1)} />
      <path className={styles.zero} d={`M0 1H${shown.length}`} />
      {ring >= 0 && <rect className={styles.ring} x={ring} y="0" width="1" height="2" />}
    </svg>
  );
}

interface StripSliderProps extends StripProps {
  /** "k of kind" */
  label: string;
  index: number;
  /** "number 28: 2.71" */
  text: string;
  onIndex: (index: number) => void;
}

type Group = 'Inspect, a strip of numbers';

const STEPS: KeyMap<Group, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: 8, PageDown: -8 };

/** A strip whose numbers the arrow keys walk. */
export function StripSlider({ label, index, text, onIndex, ...strip }: StripSliderProps) {
  const all = strip.kept ?? [...strip.values.keys()];
  const last = all.length - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const code = codeOf<Group>(event);
    const next = code === 'Home' ? 0 : code === 'End' ? last : all.indexOf(index) + (STEPS[code] ?? Number.NaN);
    if (Number.isNaN(next)) return;
    event.preventDefault();
    onIndex(all[Math.max(0, Math.min(last, next))] as number);
  };
  return (
    <div
      className={styles.slider}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={strip.values.length}
      aria-valuenow={index + 1}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
    >
      <Strip {...strip} />
    </div>
  );
}
