import type { PointerEvent } from 'react';
import { countOf, fixed } from '../../../contract/numbers';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { longest } from '../../primitives/bars';
import { Card } from '../../primitives/Card';
import { AsTable } from '../../primitives/TextTable';
import styles from './RatioScatter.module.css';
import { type Dot, dotKey, epochSentence } from './silenced';
import type { TokenAt } from './tokenLines';

const [WIDTH, HEIGHT] = [320, 172] as const;
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 314, 6, 142] as const;
/** of the advantage axis, where all are 0 */
const LEAST_HEIGHT = 0.1;
/** of the silenced that are named */
const NAMED = 12;

interface RatioScatterProps {
  batch: PpoBatch;
  at: TokenAt;
  dots: readonly Dot[];
  onChoose: (dot: Dot) => void;
}

function scales(dots: readonly Dot[], range: number) {
  const reach = longest(
    dots.map(({ ratio }) => Math.abs(ratio - 1)),
    Math.max(0.1, 1.6 * range),
  );
  const height = longest(
    dots.map(({ advantage }) => Math.abs(advantage)),
    LEAST_HEIGHT,
  );
  const x = (ratio: number) =>
    LEFT + ((Math.min(reach, Math.max(-reach, ratio - 1)) + reach) / (2 * reach)) * (RIGHT - LEFT);
  const y = (advantage: number) => (TOP + BOTTOM) / 2 - (advantage / height) * ((BOTTOM - TOP) / 2);
  return { x, y, reach, height };
}

const hasPlace = ({ ratio, advantage }: Dot): boolean => Number.isFinite(ratio) && Number.isFinite(advantage);

/** Every token of the batch by its ratio and its advantage; crosses are silenced by the clip. */
export function RatioScatter({ batch, at, dots: all, onChoose }: RatioScatterProps) {
  const dots = all.filter(hasPlace);
  const silenced = dots.filter((dot) => dot.silenced);
  return (
    <Card
      title="Ratio against advantage"
      note={`${countOf(all.length, 'token')}${dots.length < all.length ? `, ${all.length - dots.length} without a place` : ''}`}
    >
      <figure className={styles.scatter} aria-label="Ratio against advantage, with the clip band">
        <Picture
          dots={dots}
          clipRange={batch.config.clipRange}
          chosen={dots.find(({ row, token }) => row === at.row && token === at.token)}
          onChoose={onChoose}
        />
        <figcaption>{epochSentence(batch, at.epoch, all)}</figcaption>
        <DotsTable dots={all} />
      </figure>
      {silenced.length > 0 && (
        <ul className={styles.silenced} aria-label="Silenced tokens">
          {silenced.slice(0, NAMED).map((dot) => (
            <li key={dotKey(batch, dot)}>
              <button type="button" onClick={() => onChoose(dot)}>
                {dot.text} <span>{fixed(dot.ratio, 2)}</span>
              </button>
            </li>
          ))}
          {silenced.length > NAMED && <li>and {silenced.length - NAMED} others</li>}
        </ul>
      )}
    </Card>
  );
}

/** of the tokens, in the table */
const LISTED = 24;

/** The tokens that went farthest from a ratio of 1. */
function DotsTable({ dots }: { dots: readonly Dot[] }) {
  const far = (dot: Dot) => (Number.isFinite(dot.ratio) ? Math.abs(Math.log(dot.ratio)) : Number.POSITIVE_INFINITY);
  const shown = [...dots].sort((a, b) => far(b) - far(a)).slice(0, LISTED);
  return (
    <AsTable
      caption={
        shown.length < dots.length
          ? `The ${shown.length} of ${dots.length} tokens whose ratio went farthest from 1`
          : 'Every token, by how far its ratio went from 1'
      }
      head={['token', 'rollout', 'ratio', 'advantage', 'silenced']}
      rows={shown.map(({ text, row, ratio, advantage, silenced }) => [
        text,
        `${row + 1}`,
        fixed(ratio, 3),
        fixed(advantage, 2),
        silenced ? 'yes' : 'no',
      ])}
    />
  );
}

interface PictureProps {
  dots: readonly Dot[];
  clipRange: number;
  chosen: Dot | undefined;
  onChoose: (dot: Dot) => void;
}

function Picture({ dots, clipRange, chosen, onChoose }: PictureProps) {
  const scale = scales(dots, clipRange);
  const { x, y } = scale;
  const choose = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const unit = WIDTH / Math.max(1, box.width);
    const [px, py] = [(event.clientX - box.left) * unit, (event.clientY - box.top) * unit];
    const far = (dot: Dot) => (x(dot.ratio) - px) ** 2 + (y(dot.advantage) - py) ** 2;
    const nearest = dots.reduce<Dot | null>((best, dot) => (best && far(best) <= far(dot) ? best : dot), null);
    if (nearest) onChoose(nearest);
  };
  const cross = ({ ratio, advantage }: Dot) => `M${x(ratio) - 2.5} ${y(advantage) - 2.5}l5 5m0 -5l-5 5`;
  const point = ({ ratio, advantage }: Dot) => `M${x(ratio)} ${y(advantage)}h0`;
  const drawn = (silenced: boolean, mark: (dot: Dot) => string) =>
    dots.flatMap((dot) => (dot.silenced === silenced ? mark(dot) : [])).join('');
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" onPointerDown={choose}>
      {clipRange > 0 && (
        <rect
          className={styles.band}
          x={x(1 - clipRange)}
          width={x(1 + clipRange) - x(1 - clipRange)}
          y={TOP}
          height={BOTTOM - TOP}
        />
      )}
      <path className={styles.axis} d={`M${LEFT} ${y(0)}H${RIGHT}M${x(1)} ${TOP}V${BOTTOM}`} />
      <path className={styles.dots} d={drawn(false, point)} />
      <path className={styles.crosses} d={drawn(true, cross)} />
      {chosen && <circle className={styles.ring} cx={x(chosen.ratio)} cy={y(chosen.advantage)} r="6" />}
      <Numbers {...scale} />
    </svg>
  );
}

/** The numbers along both axes. */
function Numbers({ x, y, reach, height }: ReturnType<typeof scales>) {
  return (
    <>
      {[1 - reach, 1, 1 + reach].map((ratio) => (
        <text
          key={ratio}
          x={x(ratio)}
          y={BOTTOM + 12}
          textAnchor={ratio === 1 ? 'middle' : ratio < 1 ? 'start' : 'end'}
        >
          {fixed(ratio, 2)}
        </text>
      ))}
      {[height, -height].map((advantage) => (
        <text key={advantage} x={LEFT - 4} y={y(advantage) + 4} textAnchor="end">
          {fixed(advantage, 1)}
        </text>
      ))}
      <text x={(LEFT + RIGHT) / 2} y={HEIGHT - 2} textAnchor="middle">
        ratio ρ, new over old probability
      </text>
    </>
  );
}
