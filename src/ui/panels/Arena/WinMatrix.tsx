import { type KeyboardEvent, useId, useState } from 'react';
import { shortened } from '../../../contract/limits';
import { fixed } from '../../../contract/numbers';
import { areFew } from '../../../store/runs/cases';
import { ARROW_MOVES, type ArrowMove, cellWithin, type GridCell, movedCell } from '../../primitives/arrowMoves';
import { Card } from '../../primitives/Card';
import { gluedIn } from '../../primitives/glued';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import type { BoardProps } from './BoardTable';
import styles from './WinMatrix.module.css';
import { cellWords, halves } from './words';

const MOVES: KeyMap<'Arena, who beats whom', ArrowMove> = ARROW_MOVES;
const percent = (share: number): string => fixed(100 * share, 0);

/** more than so many columns are no picture any more */
const MOST = 12;
/** of a column's head, in code points; the row of the model has all of its name */
const HEAD = 32;
/** share of the colour at 100 % or 0 %: the number stays readable */
const STRONGEST = 120;

/** What one cell says: what was seen, and what the ratings foretell. */
function sentenceOf({ board, name }: BoardProps, one: number, other: number): string {
  if (one === other) return `${name(one)} against itself`;
  const foretold = board.predicted[one]![other]!;
  const seen = cellWords(name(one), name(other), board.score[one]![other]!, board.between[one]![other]!);
  return foretold === null ? seen : `${seen}; foretold ${percent(foretold)} %`;
}

/** Who won against whom, with what the ratings foretell; arrow keys move the cell that the sentence below is about. */
export function WinMatrix(props: BoardProps) {
  const { board, order } = props;
  const id = useId();
  const [wanted, move] = useState<GridCell>({ row: 0, column: 1 });
  const models = order.filter((model) => board.rows[model]!.duels > 0).slice(0, MOST);
  if (models.length < 2) return null;
  const at = cellWithin(wanted, models.length, models.length);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = MOVES[codeOf<'Arena, who beats whom'>(event)];
    if (!step) return;
    move(movedCell(at, step, models.length, models.length));
    event.preventDefault();
  };
  return (
    <Card title="Who beats whom, %" note="row beats column, few duels as counts; small: foretold by the ratings">
      <div className={styles.scroll}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that takes the arrow keys
          role="grid"
          aria-label="Who beats whom"
          aria-activedescendant={cellId(id, at)}
          tabIndex={0}
          className={styles.grid}
          onKeyDown={onKeyDown}
        >
          <Wins {...props} id={id} models={models} at={at} onPoint={move} />
        </table>
      </div>
      <p className={styles.reading} aria-live="polite">
        {gluedIn(sentenceOf(props, models[at.row]!, models[at.column]!))}
      </p>
    </Card>
  );
}

const cellId = (id: string, { row, column }: GridCell): string => `${id}-${row}-${column}`;

interface WinsProps extends BoardProps {
  id: string;
  models: readonly number[];
  at: GridCell;
  onPoint: (cell: GridCell) => void;
}

function Wins({ id, models, at, onPoint, ...board }: WinsProps) {
  const {
    name,
    board: { score, between, predicted },
  } = board;
  return (
    <>
      <thead>
        <tr>
          <td />
          {models.map((model) => (
            <th key={model} scope="col">
              <span title={name(model)}>{shortened(name(model), HEAD)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {models.map((one, row) => (
          <tr key={one}>
            <th scope="row">{name(one)}</th>
            {models.map((other, column) => (
              <Cell
                key={other}
                id={cellId(id, { row, column })}
                label={sentenceOf(board, one, other)}
                isCurrent={row === at.row && column === at.column}
                isSelf={one === other}
                won={score[one]![other]!}
                met={between[one]![other]!}
                foretold={predicted[one]![other]!}
                onPoint={() => onPoint({ row, column })}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

interface CellProps {
  id: string;
  label: string;
  isCurrent: boolean;
  isSelf: boolean;
  /** duels that it won, a tie half, of those in which they met */
  won: number;
  met: number;
  foretold: number | null;
  onPoint: () => void;
}

function Cell({ id, label, isCurrent, isSelf, won, met, foretold, onPoint }: CellProps) {
  const seen = met > 0 ? won / met : null;
  const background =
    seen === null
      ? undefined
      : `color-mix(in srgb, var(${seen >= 0.5 ? '--policy' : '--reward'}) ${Math.abs(seen - 0.5) * STRONGEST}%, var(--sunk))`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <td
      id={id}
      aria-label={label}
      className={`${isSelf ? styles.self : ''} ${isCurrent ? styles.current : ''}`}
      style={background ? { background } : undefined}
      onClick={onPoint}
    >
      {!isSelf && (
        <>
          <b>{seen === null ? '·' : areFew(met) ? `${halves(won)}/${met}` : percent(seen)}</b>
          {foretold !== null && <small>{percent(foretold)}</small>}
        </>
      )}
    </td>
  );
}
