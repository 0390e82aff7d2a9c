import { type KeyboardEvent, useId, useState } from 'react';
import { fixed } from '../../../contract/numbers';
import { Card } from '../../primitives/Card';
import { gluedIn } from '../../primitives/glued';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import type { BoardProps } from './BoardTable';
import styles from './WinMatrix.module.css';
import { cellWords } from './words';

interface At {
  row: number;
  column: number;
}

const MOVES: KeyMap<'Arena, who beats whom', readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const clamp = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
const percent = (share: number): string => fixed(100 * share, 0);

/** more than so many columns are no picture any more */
const MOST = 12;
/** share of the colour at 100 % or 0 %: the number stays readable */
const STRONGEST = 120;

/** Who won against whom, with what the ratings foretell; arrow keys move the cell that the sentence below is about. */
export function WinMatrix({ board, order, name }: BoardProps) {
  const id = useId();
  const [at, move] = useState<At>({ row: 0, column: 1 });
  const shown = order.filter((model) => board.rows[model]!.duels > 0).slice(0, MOST);
  if (shown.length < 2) return null;
  const [row, column] = [clamp(at.row, shown.length), clamp(at.column, shown.length)];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = MOVES[codeOf<'Arena, who beats whom'>(event)];
    if (!step) return;
    move({ row: clamp(row + step[0], shown.length), column: clamp(column + step[1], shown.length) });
    event.preventDefault();
  };
  const cellId = (i: number, j: number): string => `${id}-${i}-${j}`;
  const sentence = (i: number, j: number): string => {
    const [one, other] = [shown[i]!, shown[j]!];
    if (one === other) return `${name(one)} against itself`;
    const foretold = board.predicted[one]![other]!;
    const seen = cellWords(name(one), name(other), board.score[one]![other]!, board.between[one]![other]!);
    return foretold === null ? seen : `${seen}; foretold ${percent(foretold)} %`;
  };
  return (
    <Card title="Who beats whom, %" note="row beats column; small: foretold by the ratings">
      <div className={styles.scroll}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that takes the arrow keys
          role="grid"
          aria-label="Who beats whom"
          aria-activedescendant={cellId(row, column)}
          tabIndex={0}
          className={styles.grid}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <td />
              {shown.map((model) => (
                <th key={model} scope="col">
                  <span>{name(model)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((one, i) => (
              <tr key={one}>
                <th scope="row">{name(one)}</th>
                {shown.map((other, j) => (
                  <Cell
                    key={other}
                    id={cellId(i, j)}
                    label={sentence(i, j)}
                    isCurrent={i === row && j === column}
                    isSelf={one === other}
                    seen={
                      board.between[one]![other]! > 0 ? board.score[one]![other]! / board.between[one]![other]! : null
                    }
                    foretold={board.predicted[one]![other]!}
                    onPoint={() => move({ row: i, column: j })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.reading} aria-live="polite">
        {gluedIn(sentence(row, column))}
      </p>
    </Card>
  );
}

interface CellProps {
  id: string;
  label: string;
  isCurrent: boolean;
  isSelf: boolean;
  /** share of wins, a tie half; null where they have not met */
  seen: number | null;
  foretold: number | null;
  onPoint: () => void;
}

function Cell({ id, label, isCurrent, isSelf, seen, foretold, onPoint }: CellProps) {
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
          <b>{seen === null ? '·' : percent(seen)}</b>
          {foretold !== null && <small>{percent(foretold)}</small>}
        </>
      )}
    </td>
  );
}
