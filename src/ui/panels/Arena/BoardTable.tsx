import type { ArenaBoard, BoardRow } from '../../../contract/arena';
import { inWords } from '../../../contract/limits';
import { drawable, extentOf } from '../../charts/scales';
import styles from './BoardTable.module.css';
import { LEAST_GAP, placeWords, points, standingWords } from './words';

export interface BoardProps {
  board: ArenaBoard;
  /** models as the table lists them */
  order: readonly number[];
  name: (model: number) => string;
}

/** what the axis spans, at least */
const SPAN = { low: 800, high: 1200 };
const TICKS = 200;

interface Axis {
  ticks: number[];
  /** where a rating stands, as CSS has it */
  at: (rating: number) => string;
}

function axisOf(rows: readonly BoardRow[]): Axis {
  const [least, most] = extentOf(rows.flatMap((row) => [row.low ?? Number.NaN, row.high ?? Number.NaN])) ?? [];
  const low = drawable(Math.min(SPAN.low, least ?? SPAN.low), SPAN.low) - 20;
  const high = drawable(Math.max(SPAN.high, most ?? SPAN.high), SPAN.high) + 20;
  const step = Math.ceil((high - low) / 5 / TICKS) * TICKS;
  const first = Math.ceil(low / step) * step;
  const ticks = Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
  return { ticks, at: (rating) => `${(100 * (drawable(rating, low) - low)) / (high - low)}%` };
}

/** Place first: what cannot be told apart shares it. */
export function BoardTable({ board, order, name }: BoardProps) {
  const { rows } = board;
  const axis = axisOf(rows);
  const rated = order.filter((model) => rows[model]!.rating !== null);
  const others = order.filter((model) => rows[model]!.rating === null);
  const island = rated[0] === undefined ? null : rows[rated[0]]!.island;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Ratings">
        <Head axis={rated.length > 0 ? axis : null} />
        <tbody>
          {rated.map((model) => (
            <Rated
              key={model}
              row={rows[model]!}
              name={name(model)}
              axis={axis}
              isOtherwise={isOtherwise(rows, rated, model)}
            />
          ))}
          {others.map((model) => (
            <NotRated key={model} row={rows[model]!} name={name(model)} island={island} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ axis }: { axis: Axis | null }) {
  return (
    <thead>
      <tr>
        <th scope="col">place</th>
        <th scope="col">model</th>
        <td className={styles.picture} aria-hidden="true">
          <div className={styles.axis}>
            {axis?.ticks.map((tick) => (
              <span key={tick} style={{ left: axis.at(tick) }}>
                {tick}
              </span>
            ))}
          </div>
        </td>
        <th scope="col">rating</th>
        <th scope="col">95 %</th>
        <th scope="col" className={styles.wide}>
          Elo
        </th>
        <th scope="col" className={styles.wide}>
          duels
        </th>
      </tr>
    </thead>
  );
}

interface RatedProps {
  row: BoardRow;
  name: string;
  axis: Axis;
  isOtherwise: boolean;
}

function Rated({ row, name, axis: { ticks, at }, isOtherwise }: RatedProps) {
  const [rating, low, high] = [row.rating!, row.low!, row.high!];
  return (
    <tr>
      <td className={styles.place}>{placeWords(row)}</td>
      <th scope="row">{name}</th>
      <td className={styles.picture} aria-hidden="true">
        <div className={styles.axis}>
          {ticks.map((tick) => (
            <u key={tick} style={{ left: at(tick) }} />
          ))}
          <s style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
          <b style={{ left: at(rating) }} />
        </div>
      </td>
      <td className={styles.rating} data-metric="arena/rating" data-value={`${rating}`}>
        {points(rating)}
      </td>
      <td>
        {points(low)}–{points(high)}
      </td>
      <td className={`${styles.wide} ${isOtherwise ? styles.otherwise : ''}`}>{points(row.elo)}</td>
      <td className={styles.wide}>{inWords(row.duels)}</td>
    </tr>
  );
}

/** @param island which the rated ones stand on */
function NotRated({ row, name, island }: { row: BoardRow; name: string; island: number | null }) {
  if (row.standing === 'rated') return null;
  return (
    <tr className={styles.without}>
      <td>–</td>
      <th scope="row">{name}</th>
      <td colSpan={3}>{standingWords(row, row.standing, island === null || row.island === island)}</td>
      <td className={styles.wide}>{row.duels > 0 ? points(row.elo) : '–'}</td>
      <td className={styles.wide}>{inWords(row.duels)}</td>
    </tr>
  );
}

/** Elo puts it on the other side of some neighbour than its rating does */
function isOtherwise(rows: readonly BoardRow[], rated: readonly number[], model: number): boolean {
  const index = rated.indexOf(model);
  const { elo, rating } = rows[model]!;
  const [above, below] = [rated[index - 1], rated[index + 1]].map((one) => {
    const other = one === undefined ? null : rows[one]!;
    return other && Math.abs(other.rating! - rating!) >= LEAST_GAP ? other.elo : null;
  });
  return (above != null && above < elo) || (below != null && below > elo);
}
