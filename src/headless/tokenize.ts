/** `lab tokenize FOLDER`: a JSON string a line in, a JSON array of the numbers of its tokens a line out. */
import { LabError } from '../contract/errors';
import { ForeignTokenizer } from '../core/text/huggingFace/tokenizer';
import { tokenizerIn } from '../formats/modelFiles';
import { withFolder } from './folder';
import { about } from './systemWords';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** @returns a function from lines to answers; @throws LabError that names what stands in the way */
export async function tokenizeDoor(folder: string): Promise<(line: string) => Promise<number[]>> {
  const tokenizer = await about(folder, async () => ForeignTokenizer.from(await withFolder(folder, tokenizerIn)));
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
