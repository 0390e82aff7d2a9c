import { Fragment, type ReactNode } from 'react';
import { FORMULAS } from '../../../contract/formulas';
import { sourceHash } from '../../../store/address/sourceAddress';
import styles from './InNumbers.module.css';
import { digits, type NumberLine } from './tokenLines';

interface NumberTableProps {
  caption: string;
  lines: readonly NumberLine[];
  /** whose lines are lit */
  phase: number;
  /** a row below a line */
  below?: (line: NumberLine) => ReactNode;
}

/** A line a quantity: the digits that were put in, and the result. Its name leads to the function that computes it. */
export function NumberTable({ caption, lines, phase, below }: NumberTableProps) {
  return (
    <table className={styles.lines}>
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        <col className={styles.phase} />
        <col className={styles.name} />
        <col />
        <col className={styles.value} />
      </colgroup>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">Quantity</th>
          <th scope="col">From</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Fragment key={line.name}>
            <tr data-lit={line.phase === phase || undefined} data-line={line.name}>
              <td>{line.phase}</td>
              <th scope="row">
                <a href={sourceHash(FORMULAS[line.formula].source)} aria-description={FORMULAS[line.formula].notation}>
                  {line.name}
                </a>
              </th>
              <td className={styles.from}>{line.words}</td>
              <td className={styles.result} data-value={String(line.value)}>
                {digits(line.value)}
              </td>
            </tr>
            {below?.(line)}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
