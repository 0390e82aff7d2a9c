import styles from './Chart.module.css';
import type { PlotLabel } from './plotLabels';

/** from where it is anchored, in its own widths */
const SHIFTS = { start: 0, middle: -50, end: -100 } as const;

/**
 * Names in a plot, over the canvas with its curves, each on the paper's colour: a halo that lies under the curves would
 * keep nothing free.
 */
export function PlotLabels({ labels }: { labels: readonly PlotLabel[] }) {
  return (
    <div className={styles.labels}>
      {labels.map(({ key, text, at: [left, top], anchor, color, bold = false }) => (
        <span
          key={key}
          style={{
            left,
            top,
            color,
            transform: `translate(${SHIFTS[anchor]}%, -50%)`,
            fontWeight: bold ? 600 : undefined,
          }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
