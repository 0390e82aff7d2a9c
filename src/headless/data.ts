/** `lab data FILE`: what the rows of a file say, as the lab would take them; and those rows as other programs read them. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { LabError } from '../contract/errors';
import { checkSize, foreignTable } from '../formats/foreign/file';
import { readForeign } from '../formats/foreign/read';
import type { ForeignData, ForeignKind, ForeignRow } from '../formats/foreign/rows';
import { rowLines } from '../formats/outward/lines';
import { parquetOf } from '../formats/outward/parquet';
import {
  demonstrationRows,
  haveMargins,
  type OutDemonstration,
  type OutPair,
  type OutRanking,
  type OutRow,
  preferenceRows,
  promptRows,
  ROW_FORMS,
  type RowForm,
  rankingRows,
} from '../formats/outward/rows';
import { about, systemWords } from './systemWords';
import { checkFile, unwritable } from './writable';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** @throws LabError in words */
export const dataIn = (path: string): Promise<ForeignData> =>
  about(path, async () => {
    const entry = await stat(path).catch((error) => fail(systemWords(error, path)));
    if (!entry.isFile()) return fail('it is no file of rows');
    checkSize(entry.size);
    const table = await foreignTable(await readFile(path));
    if (table.rows.length > 0) return readForeign(table);
    if (table.columns.length === 0) return fail('nothing is in it');
    return { ...readForeign(table), notes: ['There is no row in it.'] };
  });

/** what the page would write of such rows: with a space where prompt and completion would grow together */
function outRows(rows: readonly ForeignRow[], form: RowForm): Record<ForeignKind, OutRow[]> {
  const pairs: OutPair[] = [];
  const rankings: OutRanking[] = [];
  const demonstrations: OutDemonstration[] = [];
  for (const row of rows)
    if ('chosen' in row) pairs.push({ ...row, margin: row.margin ?? null });
    else if ('ranks' in row) rankings.push(row);
    else if ('completion' in row) demonstrations.push(row);
  return {
    preferences: preferenceRows(pairs, form, ' ', haveMargins(pairs)),
    rankings: rankingRows(rankings),
    demonstrations: demonstrationRows(demonstrations, form, ' '),
    prompts: promptRows(rows, form),
  };
}

export interface WrittenRows {
  kind: ForeignKind;
  /** in the file that was written */
  written: number;
  /** in the file that was read, beside those of its kind */
  left: number;
  refused: ForeignData['refused'];
}

/**
 * @param out where they go: `.jsonl` or `.parquet`
 * @param form one of `ROW_FORMS`
 * @throws LabError in words
 */
export async function writeRows(path: string, out: string, form: string): Promise<WrittenRows> {
  const known = ROW_FORMS.find((one) => one === form);
  if (known === undefined) return fail(`the form is ${ROW_FORMS.join(', ')}, not ${form}`);
  const isParquet = /\.parquet$/i.test(out);
  if (!isParquet && !/\.(?:jsonl|ndjson)$/i.test(out)) return fail(`${out}: rows go into .jsonl or .parquet`);
  await checkFile(out, 'file/votes');
  const { kind, rows, refused } = await dataIn(path);
  if (kind === null) return fail(refused[0] ? `row ${refused[0].at}: ${refused[0].why}` : 'there are no rows in it');
  const wanted = outRows(rows, known)[kind];
  await writeFile(out, isParquet ? await parquetOf(wanted) : rowLines(wanted)).catch((error) =>
    unwritable(error, out, 'file/votes'),
  );
  return { kind, written: wanted.length, left: rows.length - wanted.length, refused };
}
