/**
 * Which reader a path is for: told by what is there and what it begins with, by the name only where that says nothing.
 */
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { LIMITS } from '../contract/limits';
import { isGood } from '../formats/goodBad';
import { hasRow, looksLikeRows, type Row } from '../formats/lines';
import { hasOwnRows } from '../formats/opinions';
import { isTableHead } from '../formats/otherForms';
import { beginsAsSafetensors, SAFETENSORS_HEAD } from '../formats/signatures';
import { isParquet, isTable } from '../formats/tableForm';
import { decodeLines, megabytes } from '../formats/text';
import { isZip, judgeArchive, judgeFolder, readModel } from './modelPlaces';
import { judgeOpinions } from './opinionFile';
import { systemWords } from './systemWords';
import { holdsPrompts, judgeTable } from './tableFile';
import { judgeOwnText } from './textFile';
import { refusal, refusalOf, type Verdict } from './verdict';

const isLinesName = (path: string): boolean => /\.(jsonl|ndjson|json)$/i.test(path);

/** @returns the first bytes */
async function headOf(path: string): Promise<Uint8Array> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(SAFETENSORS_HEAD), 0, SAFETENSORS_HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file?.close();
  }
}

/** an answer that is called good or bad is one of a pair, as Compare takes it */
const isJudged = ({ completion, label }: Row): boolean => completion !== undefined && isGood(label) !== null;

/** an answer with a score is one of several to its prompt, as Compare takes it */
const isScored = ({ completion, score, rank, rating, reward }: Row): boolean =>
  completion !== undefined && [score, rank, rating, reward].some((one) => one !== undefined);

/** @returns rows as the page reads them: those of the lab, else those of another program */
async function judgeRows(bytes: Uint8Array, text: string): Promise<Verdict> {
  const table = isTable(bytes) ? await judgeTable(bytes, text) : null;
  if (table) return table;
  const own = judgeOpinions(text);
  const isUnderstood =
    !hasRow(text, (row) => isJudged(row) || isScored(row)) &&
    (own.kept > 0 || hasOwnRows(text, 'opinions') || hasOwnRows(text, 'demonstrations'));
  const other = isUnderstood ? null : await judgeTable(bytes, text);
  return other && (other.kind !== null || own.kind === null) ? other : own;
}

const hasTableHead = (text: string): boolean => isTableHead(/^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '');
const isHeadAlone = (text: string): boolean => isTableHead(text.trim()) && !/[\r\n]/.test(text.trim());
/** whether a text that is no lines of JSON is meant as a table: by its name, or by the names in its first line */
const isMeantAsTable = (path: string, text: string): boolean => /\.(csv|tsv|tab)$/i.test(path) || hasTableHead(text);

const HEAD_ALONE = 'it is the head of a table, and no row stands below it';
const PROMPTS = 'Its rows are prompts: Compare asks the model them.';

/** a story may stand in a file of any name, so a table is one that says something of the lab's */
async function judgeText(path: string, bytes: Uint8Array, text: string): Promise<Verdict> {
  const table = isMeantAsTable(path, text) ? await judgeTable(bytes, text) : null;
  const isRefused = table?.rows === 0 && hasTableHead(text); // all of it: it has too many rows
  if (table && (table.kind !== null || isRefused)) return table;
  if (isHeadAlone(text)) return refusal(null, HEAD_ALONE);
  const own = await judgeOwnText(bytes);
  return table && holdsPrompts(table) ? { ...own, notes: [...own.notes, PROMPTS] } : own;
}

async function judgeLinesOrText(path: string, size: number): Promise<Verdict> {
  if (size > LIMITS.linesBytes)
    return refusal(null, `${megabytes(size)}; the lab reads up to 50 MB of lines and 20 MB of text`);
  const bytes = await readFile(path);
  if (isParquet(bytes))
    return (await judgeTable(bytes, null)) ?? refusal(null, 'it is Parquet without a column of texts');
  let text: string;
  try {
    text = decodeLines(bytes, 'file/votes', 'the file');
  } catch (error) {
    const known = await judgeOwnText(bytes); // says where, too
    return known.kept === 0 ? { ...known, kind: null, rows: 0 } : refusalOf(null, error);
  }
  if (text.trim() === '') return refusal(null, 'nothing but white space is in it');
  return isLinesName(path) || looksLikeRows(text) ? judgeRows(bytes, text) : judgeText(path, bytes, text);
}

async function judgeFile(path: string, size: number): Promise<Verdict> {
  if (size === 0) return refusal(null, 'the file is empty');
  const head = await headOf(path);
  if (isZip(head)) return judgeArchive(path);
  if (!beginsAsSafetensors(head, size) && !/\.safetensors$/i.test(path)) return judgeLinesOrText(path, size);
  const bytes = await readModel(path, size);
  const { judgeModel } = await import('./modelFile'); // with TensorFlow.js behind it, which other files can do without
  return bytes instanceof Uint8Array ? judgeModel(bytes) : bytes;
}

async function judgeAnything(path: string): Promise<Verdict> {
  const entry = await stat(path);
  if (entry.isDirectory()) return judgeFolder(path);
  return entry.isFile() ? judgeFile(path, entry.size) : refusal(null, 'it is neither a file nor a folder');
}

/** @returns a verdict on whatever there is; nothing that a path leads to ends it otherwise */
export async function judge(path: string): Promise<Verdict> {
  try {
    return await judgeAnything(path);
  } catch (error) {
    return refusal(null, systemWords(error, path));
  }
}
