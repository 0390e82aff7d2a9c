import { lazy, Suspense } from 'react';
import { formatNumber } from '../primitives/format';
import styles from './Chart.module.css';
import { usePaced } from './usePaced';
import { useSize } from './useSize';

const TrailPlot = lazy(() => import('./TrailPlot'));

/** One iteration of PPO: where it stands, what the reward model pays, what the gold rater says. */
export interface TrailPoint {
  step: number;
  /** nats per completion from the reference */
  kl: number;
  proxy: number;
  /** null when the corpus has no gold rater */
  gold: number | null;
}

interface TrailChartProps {
  points: readonly TrailPoint[];
  /** the iteration after which the gold score fell */
  peak?: { step: number; label: string } | null;
  /** iteration under the shared crosshair */
  crosshair?: number | null;
  /** moves in β and other marks, as small rings on the trail */
  marks?: readonly { step: number; label: string }[];
}

/** the crosshair of another chart moves here at most ten times a second */
const POINTER_MS = 100;

function summary(points: readonly TrailPoint[]): string {
  const last = points.at(-1);
  if (!last) return 'No iteration yet.';
  const gold = last.gold === null ? '' : `, gold rater ${formatNumber(last.gold)}`;
  return `After iteration ${last.step}: KL ${formatNumber(last.kl)} nats, reward model ${formatNumber(last.proxy)}${gold}.`;
}

/** Reward over distance: a good run climbs steeply, an over-optimised one bends away from the gold rater. */
export function TrailChart({ points, peak = null, crosshair = null, marks = [] }: TrailChartProps) {
  const paced = usePaced(points);
  const pointed = usePaced(crosshair, POINTER_MS);
  const [ref, size] = useSize<HTMLDivElement>();
  const hasGold = paced.some((point) => point.gold !== null);
  return (
    <figure className={styles.figure} aria-label="Reward against distance">
      <div className={styles.legend}>
        <span className={styles.key}>
          <span className={styles.swatch} style={{ borderTop: '2.5px solid var(--reward)' }} aria-hidden="true" />
          reward model (proxy)
        </span>
        {hasGold && (
          <span className={styles.key}>
            <span className={styles.swatch} style={{ borderTop: '2.5px dashed var(--gold)' }} aria-hidden="true" />
            gold rater
          </span>
        )}
      </div>
      <div className={styles.plot} ref={ref}>
        {size.width > 0 && (
          <Suspense fallback={null}>
            <TrailPlot size={size} points={paced} peak={peak} crosshair={pointed} marks={marks} />
          </Suspense>
        )}
      </div>
      <p className={styles.axisName}>distance from the reference, KL (nats per completion)</p>
      <figcaption className="visually-hidden">{summary(paced)}</figcaption>
    </figure>
  );
}
