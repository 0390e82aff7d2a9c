import type { ArenaBoard, BoardRow } from '../../../contract/arena';
import { inWords } from '../../../contract/limits';
import { maxOf, minOf } from '../../../contract/many';
import styles from './BoardTable.module.css';
import { placeWords, points, standingWords } from './words';

export interface BoardProps {
  board: ArenaBoard;
  /** models as the table lists them */
  order: readonly number[];
  name: (model: number) => string;
}

/** what the axis spans, at least */
const SPAN = { low: 800, high: 1200 };
const TICKS = 200;

function axisOf(rows: readonly BoardRow[]): { low: number; high: number; ticks: number[] } {
  const lows = rows.flatMap(({ low }) => (low === null ? [] : [low]));
  const highs = rows.flatMap(({ high }) => (high === null ? [] : [high]));
  const [low, high] = [minOf(lows, SPAN.low) - 20, maxOf(highs, SPAN.high) + 20];
  const step = Math.ceil((high - low) / 5 / TICKS) * TICKS;
  const first = Math.ceil(low / step) * step;
  const ticks = Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
  return { low, high, ticks };
}

/** Place first: what cannot be told apart shares it. */
export function BoardTable({ board, order, name }: BoardProps) {
  const { rows } = board;
  const axis = axisOf(rows);
  const at = (rating: number): string => `${(100 * (rating - axis.low)) / (axis.high - axis.low)}%`;
  const rated = order.filter((model) => rows[model]!.rating !== null);
  const others = order.filter((model) => rows[model]!.rating === null);
  const island = rated[0] === undefined ? null : rows[rated[0]]!.island;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Ratings">
        <thead>
          <tr>
            <th scope="col">place</th>
            <th scope="col">model</th>
            <td className={styles.picture} aria-hidden="true">
              <div className={styles.axis}>
                {rated.length > 0 &&
                  axis.ticks.map((tick) => (
                    <span key={tick} style={{ left: at(tick) }}>
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
        <tbody>
          {rated.map((model) => {
            const row = rows[model]!;
            const [rating, low, high] = [row.rating!, row.low!, row.high!];
            return (
              <tr key={model}>
                <td className={styles.place}>{placeWords(row)}</td>
                <th scope="row">{name(model)}</th>
                <td className={styles.picture} aria-hidden="true">
                  <div className={styles.axis}>
                    {axis.ticks.map((tick) => (
                      <u key={tick} style={{ left: at(tick) }} />
                    ))}
                    <s style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
                    <b style={{ left: at(rating) }} />
                  </div>
                </td>
                <td className={styles.rating} data-metric="arena/rating" data-value={rating}>
                  {points(rating)}
                </td>
                <td>
                  {points(low)}–{points(high)}
                </td>
                <td className={`${styles.wide} ${isOtherwise(rows, rated, model) ? styles.otherwise : ''}`}>
                  {points(row.elo)}
                </td>
                <td className={styles.wide}>{inWords(row.duels)}</td>
              </tr>
            );
          })}
          {others.map((model) => {
            const row = rows[model]!;
            if (row.standing === 'rated') return null;
            return (
              <tr key={model} className={styles.without}>
                <td>–</td>
                <th scope="row">{name(model)}</th>
                <td colSpan={3}>{standingWords(row, row.standing, island === null || row.island === island)}</td>
                <td className={styles.wide}>{row.duels > 0 ? points(row.elo) : '–'}</td>
                <td className={styles.wide}>{inWords(row.duels)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Elo puts it on the other side of some neighbour than its rating does */
function isOtherwise(rows: readonly BoardRow[], rated: readonly number[], model: number): boolean {
  const place = rated.indexOf(model);
  const { elo } = rows[model]!;
  const [above, below] = [rated[place - 1], rated[place + 1]].map((one) => (one === undefined ? null : rows[one]!.elo));
  return (above != null && above < elo) || (below != null && below > elo);
}
