/** `lab data FILE`: what the rows of a file say, as the lab would take them. */
import { readFile, stat } from 'node:fs/promises';
import { LabError } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { foreignTable } from '../formats/foreign/file';
import { readForeign } from '../formats/foreign/read';
import type { ForeignData } from '../formats/foreign/rows';
import { megabytes } from '../formats/text';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** @throws LabError in words */
export async function dataIn(path: string): Promise<ForeignData> {
  const entry = await stat(path).catch(() => fail('there is no such file'));
  if (!entry.isFile()) return fail('it is no file');
  if (entry.size > LIMITS.linesBytes)
    return fail(`${megabytes(entry.size)}; the lab reads up to ${megabytes(LIMITS.linesBytes)} of rows`);
  return readForeign(await foreignTable(await readFile(path)));
}
