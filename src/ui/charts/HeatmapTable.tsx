import { fixed } from '../../contract/numbers';
import { TextTable } from '../primitives/TextTable';

/** so many rows are told; a text of thousands has a map, and a sentence for each cell of it */
const ROWS = 64;
const NAMED = 3;

/** the strongest columns of a row, the strongest first, in one pass */
function strongest(weights: ArrayLike<number>, count: number, row: number): number[] {
  const best: number[] = [];
  for (let column = 0; column < count; column++) {
    const weight = weights[row * count + column] ?? 0;
    if (weight <= 0) continue;
    const index = best.findIndex((other) => weight > (weights[row * count + other] ?? 0));
    best.splice(index < 0 ? best.length : index, 0, column);
    best.length = Math.min(best.length, NAMED);
  }
  return best;
}

interface HeatmapTableProps {
  label: string;
  tokens: readonly string[];
  /** row-major [T,T]; the row looks, the column is looked at */
  weights: ArrayLike<number>;
}

/** The map for ears: what each token looks at most. */
export function HeatmapTable({ label, tokens, weights }: HeatmapTableProps) {
  const count = tokens.length;
  const about = count > ROWS ? `the first ${ROWS} of ${count} tokens read` : 'each token reads';
  return (
    <div className="visually-hidden">
      <TextTable
        caption={`${label}: what ${about} most`}
        head={['token', 'first', 'second', 'third']}
        rows={tokens.slice(0, ROWS).map((token, row) => {
          const columns = strongest(weights, count, row);
          const named = columns.map((column) => `${tokens[column]} ${fixed(weights[row * count + column] ?? 0, 2)}`);
          return [token, ...Array.from({ length: NAMED }, (_, i) => named[i] ?? '–')];
        })}
      />
    </div>
  );
}
