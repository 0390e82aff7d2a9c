import parts from './parts.module.css';

interface TextTableProps {
  caption: string;
  head: readonly string[];
  /** the first cell names its row */
  rows: readonly string[][];
}

/** What a tab draws, for whoever reads tables. */
export function TextTable({ caption, head, rows }: TextTableProps) {
  return (
    <table className={parts.table}>
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
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
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
