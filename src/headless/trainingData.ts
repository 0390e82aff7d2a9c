/** Rows to learn from, as the page takes them: the lab's own lines, or those of another program. */
import { readFile, stat } from 'node:fs/promises';
import { LabError } from '../contract/errors';
import { inWords, LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import type { Demonstration, Ranking } from '../contract/preferences';
import { finish } from '../contract/steps';
import type { ForeignData } from '../formats/foreign/rows';
import type { BadLine, ReadLines } from '../formats/lines';
import { readDemonstrations, readOpinions } from '../formats/opinions';
import { decodeLines, megabytes } from '../formats/text';
import { dataIn } from './data';
import type { Headless } from './session';
import { systemWords } from './systemWords';

type Tell = (words: string) => void;

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** @throws LabError in words */
export async function bytesOf(path: string, most: number): Promise<Uint8Array> {
  const { size } = await stat(path).catch((error) => fail(`${path}: ${systemWords(error, path)}`));
  if (size > most) return fail(`${path}: ${megabytes(size)} is more than the lab reads`);
  return readFile(path).catch((error) => fail(`${path}: ${systemWords(error, path)}`));
}

/** @returns rows of another program, a line of the lab's own each */
function foreignLines({ rows, refused, notes }: ForeignData, tell: Tell): string {
  notes.forEach(tell);
  if (refused.length > 0)
    tell(`${countOf(refused.length, 'row was', 'rows were')} left out: row ${refused[0]!.at} (${refused[0]!.why})`);
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const ownLines = async (path: string): Promise<string | null> => {
  try {
    return decodeLines(await bytesOf(path, LIMITS.linesBytes), 'file/votes', path);
  } catch {
    return null; // Parquet and UTF-16 are no lines
  }
};

function tellBad(path: string, bad: readonly BadLine[], tell: Tell): void {
  const [first] = bad;
  if (first)
    tell(`${path}: ${countOf(bad.length, 'line was', 'lines were')} left out: line ${first.line} (${first.reason})`);
}

/** what a run learns from */
const WANTED = {
  opinions: 'preferences or rankings: a prompt with a chosen and a rejected text, or with completions and their ranks',
  demonstrations: 'demonstrations: a prompt and a completion',
};
type Wanted = keyof typeof WANTED;

/** @throws LabError that says which rows there are, where they are not those that a run wants */
function failAs(path: string, wanted: Wanted, { kind, refused }: ForeignData, { badLines }: ReadLines<unknown>): never {
  const here = kind === null ? 'no row in it says anything' : `its rows are ${kind}`;
  const first = refused[0] ? `row ${refused[0].at}: ${refused[0].why}` : badLines[0]?.reason;
  const why = kind === null && first !== undefined ? ` (${first})` : '';
  return fail(`${path}: ${here}${why}, and this run learns from ${WANTED[wanted]}`);
}

/** what the lab reads as it is, else what another program may have meant */
async function rowsIn<T>(
  path: string,
  wanted: Wanted,
  read: (text: string) => ReadLines<T>,
  tell: Tell,
): Promise<ReadLines<T>> {
  const own = await ownLines(path);
  const asOwn = own === null ? null : read(own);
  if (asOwn && asOwn.good.length > 0) {
    tellBad(path, asOwn.badLines, tell);
    return asOwn;
  }
  const foreign = await dataIn(path);
  const found = read(foreignLines(foreign, tell));
  if (found.good.length === 0) failAs(path, wanted, foreign, found);
  tellBad(path, found.badLines, tell);
  return found;
}

/** the page leaves out, and names, what the model cannot be shown */
async function fittingOnly<T>(
  { call }: Headless,
  baseId: string,
  path: string,
  { good, lines }: ReadLines<T>,
  textsOf: (one: T) => { prompt: string; completions: string[] },
  compared: boolean,
  tell: Tell,
): Promise<T[]> {
  const bad: BadLine[] = [];
  const fit: T[] = [];
  for (let from = 0; from < good.length; from += LIMITS.checkedTexts) {
    const part = good.slice(from, from + LIMITS.checkedTexts);
    const verdicts = await call('texts/check', { baseId, texts: part.map(textsOf), ...(compared && { compared }) });
    for (const [i, verdict] of verdicts.entries())
      if (verdict === null) fit.push(part[i]!);
      else bad.push({ line: lines[from + i]!, reason: verdict });
  }
  tellBad(path, bad, tell);
  return fit.length > 0
    ? fit
    : fail(`${path}: the model can be shown none of ${inWords(good.length)} rows: ${bad[0]!.reason}`);
}

/** a counter: the same file gives the same ids */
function counting(name: string): () => string {
  let next = 0;
  return () => `${name}-${next++}`;
}

/** @throws LabError in words */
export async function opinionsIn(lab: Headless, baseId: string, path: string, tell: Tell): Promise<Ranking[]> {
  const found = await rowsIn<Ranking>(path, 'opinions', (text) => finish(readOpinions(text, counting('vote'))), tell);
  return fittingOnly(lab, baseId, path, found, ({ prompt, completions }) => ({ prompt, completions }), true, tell);
}

/** @throws LabError in words */
export async function demonstrationsIn(
  lab: Headless,
  baseId: string,
  path: string,
  tell: Tell,
): Promise<Demonstration[]> {
  const found = await rowsIn(
    path,
    'demonstrations',
    (text) => finish(readDemonstrations(text, counting('demonstration'))),
    tell,
  );
  const textsOf = ({ prompt, completion }: Demonstration) => ({ prompt, completions: [completion] });
  return fittingOnly(lab, baseId, path, found, textsOf, false, tell);
}
