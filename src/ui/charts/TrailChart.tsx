import { Suspense, useMemo } from 'react';
import { part } from '../parts';
import { formatNumber } from '../primitives/format';
import styles from './Chart.module.css';
import { TrailTable, type TrailTableProps } from './TrailTable';
import type { OtherTrail, TrailPoint } from './trailLayout';
import { TOLD_MS, usePaced } from './usePaced';
import { useSize } from './useSize';

export type { OtherTrail, TrailPoint } from './trailLayout';

const TrailPlot = part(() => import('./TrailPlot'));

interface TrailChartProps {
  points: readonly TrailPoint[];
  others?: readonly OtherTrail[];
  /** what `step` counts */
  noun?: string;
  /** the iteration after which the gold score fell */
  peak?: { step: number; label: string } | null;
  /** iteration under the shared crosshair */
  crosshair?: number | null;
  /** moves in β and other marks, as small rings on the trail */
  marks?: readonly { step: number; label: string }[];
  /** of which means it is made, where it is: "mean of 5 iterations" */
  averaged?: string | null;
  /** who pays, on this axis */
  payer?: string;
}

/** the crosshair of another chart moves here at most ten times a second */
const POINTER_MS = 100;

const REWARD_MODEL = 'reward model';

function reading({ kl, proxy, gold }: TrailPoint, payer: string): string {
  const judged = [
    proxy !== null && `${payer} ${formatNumber(proxy)}`,
    gold !== null && `gold rater ${formatNumber(gold)}`,
  ];
  return [`KL ${formatNumber(kl)} nats`, ...judged.filter(Boolean)].join(', ');
}

function summary(
  points: readonly TrailPoint[],
  peak: number | null,
  others: readonly OtherTrail[],
  noun: string,
  payer: string,
): string {
  const [last, top] = [points.at(-1), points.find(({ step }) => step === peak)];
  const turned = top ? ` Gold peaked at ${noun} ${top.step}: ${reading(top, payer)}.` : '';
  const own = last ? `At ${noun} ${last.step}: ${reading(last, payer)}.${turned}` : `No ${noun} yet.`;
  const rest = others.flatMap(({ label, points: trail, peak = null }) => {
    const top = trail.find(({ step }) => step === peak);
    const past = top ? ` Its gold peaked at KL ${formatNumber(top.kl)}.` : '';
    return trail.length === 0 ? [] : [`${label}: ${reading(trail.at(-1)!, payer)}.${past}`];
  });
  return [own, ...rest].join(' ');
}

const NO_OTHERS: readonly OtherTrail[] = [];

interface TrailLegendProps extends Required<Pick<TrailChartProps, 'others' | 'averaged' | 'payer'>> {
  hasGold: boolean;
}

function TrailLegend({ others, hasGold, payer, averaged }: TrailLegendProps) {
  return (
    <div className={styles.legend}>
      <span className={styles.key}>
        <span className={styles.swatch} style={{ borderTop: '2.5px solid var(--reward)' }} aria-hidden="true" />
        {payer === REWARD_MODEL ? `${payer} (proxy)` : payer}
      </span>
      {hasGold && (
        <span className={styles.key}>
          <span className={styles.swatch} style={{ borderTop: '2.5px dashed var(--gold)' }} aria-hidden="true" />
          gold rater
        </span>
      )}
      {others.length > 0 && (
        <span className={styles.key}>
          <span className={styles.swatch} style={{ borderTop: '2px solid var(--ink-3)' }} aria-hidden="true" />
          the others, named where they end
        </span>
      )}
      {others.some(({ placed }) => placed) && (
        <span>
          single dots: models from Checkpoints, by fresh texts for fixed prompts
          {averaged && ', a run’s own points by its rollouts'}
        </span>
      )}
    </div>
  );
}

/** For ears: in a sentence, and as a table. */
function TrailWords({ points, others, noun, payer, peak, hasGold }: Omit<TrailTableProps, 'caption'>) {
  const paced = usePaced(points, TOLD_MS);
  const told = paced.length === 0 || points.length === 0 ? points : paced;
  const caption = `Reward against distance, every tenth of the way${others.length > 0 ? '; of the others where they end' : ''}`;
  return useMemo(() => {
    const table = { caption, points: told, others, noun, payer, peak, hasGold };
    return (
      <>
        <figcaption className="visually-hidden">{summary(told, peak, others, noun, payer)}</figcaption>
        <TrailTable {...table} />
      </>
    );
  }, [told, others, noun, payer, peak, hasGold, caption]);
}

/** Reward over distance: a good run climbs steeply, an over-optimised one bends away from the gold rater. */
export function TrailChart({
  points,
  others = NO_OTHERS,
  noun = 'iteration',
  peak = null,
  crosshair = null,
  marks = [],
  averaged = null,
  payer = REWARD_MODEL,
}: TrailChartProps) {
  const paced = usePaced(points);
  const pointed = usePaced(crosshair, POINTER_MS);
  const [ref, size] = useSize<HTMLDivElement>();
  const hasGold = [paced, ...others.map((other) => other.points)].some((trail) =>
    trail.some((point) => point.gold !== null),
  );
  return (
    <figure className={styles.figure} aria-label="Reward against distance">
      <TrailLegend others={others} hasGold={hasGold} payer={payer} averaged={averaged} />
      <div className={styles.plot} ref={ref}>
        {size.width > 0 && (
          <Suspense fallback={null}>
            <TrailPlot size={size} points={paced} others={others} peak={peak} crosshair={pointed} marks={marks} />
          </Suspense>
        )}
      </div>
      <p className={styles.axisName}>
        distance from the reference: exact KL of fresh texts (nats per completion){averaged && `; ${averaged}`}
      </p>
      <TrailWords
        points={paced}
        others={others}
        noun={noun}
        payer={payer}
        peak={peak?.step ?? null}
        hasGold={hasGold}
      />
    </figure>
  );
}
