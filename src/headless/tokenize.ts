/** `lab tokenize FOLDER`: a JSON string a line in, a JSON array of the numbers of its tokens a line out. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../contract/errors';
import { ForeignTokenizer } from '../core/text/huggingFace/tokenizer';
import { tokenizerOfVocabulary } from '../formats/gpt2Vocabulary';
import { readObject } from './modelFolder';

const [WHOLE, VOCABULARY, MERGES] = ['tokenizer.json', 'vocab.json', 'merges.txt'];

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

async function openTokenizer(folder: string): Promise<ForeignTokenizer> {
  const names = await readdir(folder).catch(() => fail('there is no such folder'));
  if (names.includes(WHOLE!)) return ForeignTokenizer.from(await readObject(folder, WHOLE!));
  const missing = [VOCABULARY!, MERGES!].filter((name) => !names.includes(name));
  if (missing.length > 0)
    return fail(`there is no ${WHOLE} in this folder, and of its older form ${missing.join(' and ')} is missing`);
  const merges = await readFile(join(folder, MERGES!), 'utf8');
  return ForeignTokenizer.from(tokenizerOfVocabulary(await readObject(folder, VOCABULARY!), merges));
}

/** @returns a function from lines to answers; @throws LabError that names what stands in the way */
export async function tokenizeDoor(folder: string): Promise<(line: string) => Promise<number[]>> {
  const tokenizer = await openTokenizer(folder);
  return async (line) => {
    let text: unknown;
    try {
      text = JSON.parse(line);
    } catch {
      return fail('not JSON');
    }
    return typeof text === 'string' ? tokenizer.encode(text) : fail('not a JSON string');
  };
}
