/**
 * Rows as Parquet. The schema is written out: a guess would make whole margins integers, and lists of turns JSON. No
 * column may be null, so none is declared to be.
 */
import type { ColumnSource } from 'hyparquet-writer';
import { wellFormed } from './lines';
import type { OutCell, OutRow } from './rows';

type Element = NonNullable<Parameters<typeof import('hyparquet-writer').parquetWriteBuffer>[0]['schema']>[number];

const REQUIRED = 'REQUIRED' as const;
const text = (name: string): Element => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
  repetition_type: REQUIRED,
});
const list = (name: string, ...element: Element[]): Element[] => [
  { name, converted_type: 'LIST', logical_type: { type: 'LIST' }, repetition_type: REQUIRED, num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
];

const TURN: Element = { name: 'element', repetition_type: REQUIRED, num_children: 2 };

/** @returns the schema of a column, by what stands in it */
function elementsOf(name: string, cell: OutCell): Element[] {
  if (typeof cell === 'string') return [text(name)];
  if (typeof cell === 'number') return [{ name, type: 'DOUBLE', repetition_type: REQUIRED }];
  const [first] = cell;
  if (typeof first === 'string') return list(name, text('element'));
  if (typeof first === 'number') return list(name, { name: 'element', type: 'INT32', repetition_type: REQUIRED });
  return list(name, TURN, text('role'), text('content'));
}

/** what writes it comes when it is needed, or before that */
export const parquetWriter = () => import('hyparquet-writer');

/**
 * @param rows one at least, all of the same columns
 * @returns the file
 */
export async function parquetOf(rows: readonly OutRow[]): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await parquetWriter();
  const columns = Object.entries(rows[0]!);
  const root: Element = { name: 'root', num_children: columns.length };
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(
        ([name]): ColumnSource => ({ name, data: rows.map((row) => wellFormed(row[name]!)) as ColumnSource['data'] }),
      ),
      schema: [root, ...columns.flatMap(([name, cell]) => elementsOf(name, cell))],
      createdBy: 'rlhf-lab',
    }),
  );
}
