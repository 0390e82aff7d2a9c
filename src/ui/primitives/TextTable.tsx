import { Disclosure } from './Disclosure';
import { keyed } from './keyed';
import styles from './TextTable.module.css';

export interface TextTableProps {
  /** what a picture that it stands for names in `aria-details` */
  id?: string | undefined;
  caption: string;
  head: readonly string[];
  /** the first cell names its row */
  rows: readonly string[][];
}

/** What a picture draws, for whoever reads tables. */
export function TextTable({ id, caption, head, rows }: TextTableProps) {
  return (
    <table id={id} className={styles.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keyed(rows, ([name = '']) => name).map(({ key, item: [name, ...cells] }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {cells.map((cell, i) => (
              <td key={head[i + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Folded below its picture. */
export function AsTable(props: TextTableProps) {
  return (
    <Disclosure summary="As a table">
      <div className={styles.scroll}>
        <TextTable {...props} />
      </div>
    </Disclosure>
  );
}
