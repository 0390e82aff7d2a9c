import type { GridSample, GridSolution } from '../../../contract/gridworld';
import { fixed } from '../../../contract/numbers';
import type { GridRun } from '../../../store/gridworld/gridState';
import { AsTable } from '../../primitives/TextTable';
import styles from './ClipPicture.module.css';
import { ARROWS, stateName } from './words';

/** what is drawn of the ratio */
const [LEAST, MOST] = [0.4, 1.9] as const;
const [LEFT, RIGHT, TOP, BOTTOM] = [6, 294, 12, 128] as const;

const clip = (ratio: number, range: number): number => Math.min(1 + range, Math.max(1 - range, ratio));
/** what one decision adds to the objective */
const pull = (ratio: number, advantage: number, range: number): number =>
  Math.min(ratio * advantage, clip(ratio, range) * advantage);

/** "1.46 × 0.58 = 0.85" */
const product = (ratio: number, advantage: number): string =>
  `${fixed(ratio, 2)} × ${fixed(advantage, 2)} = ${fixed(ratio * advantage, 2)}`;

/** the clip takes its gradient, or would */
const isBeyond = ({ ratio, advantage }: GridSample, range: number): boolean =>
  pull(ratio, advantage, range) < ratio * advantage;

/** the decision whose ratio went farthest to the side to which it is pulled, of those that the picture holds */
function tellingSample(samples: readonly GridSample[]): GridSample | null {
  const beyond = ({ ratio, advantage }: GridSample) =>
    ratio > MOST - 0.1 || ratio < LEAST + 0.1 ? -1 : (ratio - 1) * Math.sign(advantage);
  return samples.reduce<GridSample | null>((best, one) => (best && beyond(best) >= beyond(one) ? best : one), null);
}

interface ClipPictureProps {
  solution: GridSolution;
  /** the update that went farthest out of the band */
  widest: GridRun['widest'] | null;
  range: number;
}

/** The decision that is drawn, in a sentence. */
function Caption({ sample, update, name, range }: { sample: GridSample; update: number; name: string; range: number }) {
  const { ratio, advantage } = sample;
  return (
    <figcaption className={styles.caption}>
      Update {update}, which went farthest: {name}, ratio {fixed(ratio, 2)}, A {fixed(advantage, 2)}. Without clip{' '}
      <span className={styles.bad}>{product(ratio, advantage)}</span>, with it{' '}
      <b>{product(clip(ratio, range), advantage)}</b>; the smaller counts. Below, every decision of its walks by its
      ratio; plum: the clip silences it.
    </figcaption>
  );
}

/** Ratio against what a decision may pull: with the clip it ends at the band, without it goes on. */
export function ClipPicture({ solution, widest, range }: ClipPictureProps) {
  const samples = widest?.samples ?? [];
  const chosen = tellingSample(samples);
  if (chosen && samples.every((one) => one.ratio === 1))
    return (
      <p className={styles.empty}>
        Every ratio is 1: this method takes one step on each batch of walks, so no decision has moved since it was made,
        and there is nothing to clip. PPO takes several steps.
      </p>
    );
  if (!widest || !chosen)
    return <p className={styles.empty}>Train, and every decision of the last walks is a mark here.</p>;
  const { advantage, ratio, state, action } = chosen;
  const x = (value: number) =>
    LEFT + ((Math.min(MOST, Math.max(LEAST, value)) - LEAST) / (MOST - LEAST)) * (RIGHT - LEFT);
  const [low, high] = [LEAST * advantage, MOST * advantage].sort((a, b) => a - b) as [number, number];
  const y = (value: number) => BOTTOM - ((value - low) / (high - low || 1)) * (BOTTOM - TOP);
  const line = (at: readonly number[], of: (ratio: number) => number) => at.map((r) => `${x(r)},${y(of(r))}`).join(' ');
  const marks = (of: readonly GridSample[]) => of.map((one) => `M${x(one.ratio)} 132V139`).join('');
  const label = ratio > 1 ? ({ x: x(ratio) - 8, textAnchor: 'end' } as const) : { x: x(ratio) + 8 };
  const name = `${stateName(solution, state)} ${ARROWS[action]}`;
  return (
    <figure className={styles.figure} aria-label="Ratio against the clip band">
      <svg className={styles.plot} viewBox="0 0 300 156" aria-hidden="true">
        <rect
          className={styles.band}
          x={x(1 - range)}
          width={x(1 + range) - x(1 - range)}
          y={TOP}
          height={BOTTOM - TOP}
        />
        <polyline className={styles.free} points={line([LEAST, MOST], (r) => r * advantage)} />
        <polyline
          className={styles.clipped}
          points={line([LEAST, 1 - range, 1 + range, MOST], (r) => pull(r, advantage, range))}
        />
        <path className={styles.marks} d={marks(samples.filter((one) => !isBeyond(one, range)))} />
        <path className={styles.silenced} d={marks(samples.filter((one) => isBeyond(one, range)))} />
        <circle className={styles.without} cx={x(ratio)} cy={y(ratio * advantage)} r="4" />
        <circle className={styles.with} cx={x(ratio)} cy={y(pull(ratio, advantage, range))} r="4.5" />
        <text className={styles.bad} {...label} y={y(ratio * advantage) - 5}>
          {product(ratio, advantage)}
        </text>
        <text className={styles.good} {...label} y={y(pull(ratio, advantage, range)) + 13}>
          {product(clip(ratio, range), advantage)}
        </text>
        {[0.6, 1 - range, 1, 1 + range, 1.6].map((value) => (
          <text key={value} className={styles.tick} x={x(value)} y={153}>
            {fixed(value, 1)}
          </text>
        ))}
      </svg>
      <Caption sample={chosen} update={widest.point.update} name={name} range={range} />
      <PullTable ratio={ratio} advantage={advantage} range={range} />
    </figure>
  );
}

/** The two lines at the marks of the axis, and at the decision that is named. */
function PullTable({ ratio, advantage, range }: { ratio: number; advantage: number; range: number }) {
  const at = [...new Set([0.6, 1 - range, 1, 1 + range, 1.6, ratio])].sort((a, b) => a - b);
  return (
    <AsTable
      caption={`What a decision with A ${fixed(advantage, 2)} may pull, by its ratio; the band is ${fixed(1 - range, 1)} to ${fixed(1 + range, 1)}`}
      head={['ratio', 'without clip', 'with clip']}
      rows={at.map((one) => [
        `${fixed(one, 2)}${one === ratio ? ', this decision' : ''}`,
        fixed(one * advantage, 2),
        fixed(pull(one, advantage, range), 2),
      ])}
    />
  );
}
