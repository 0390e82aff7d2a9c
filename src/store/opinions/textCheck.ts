import { LIMITS } from '../../contract/limits';
import { append } from '../../contract/many';
import type { BadLine } from '../../formats/lines';
import type { Context } from '../context';

interface AskedTexts {
  prompt: string;
  completions: string[];
}

/**
 * @param compared whether models wrote them to be compared; they may then be as models write
 * @returns for each, what keeps a model from learning from it; null where nothing does. The thread is asked a part at a
 * time
 */
export async function checkTexts(
  context: Context,
  baseId: string,
  asked: readonly AskedTexts[],
  compared = false,
): Promise<(string | null)[]> {
  const verdicts: (string | null)[] = [];
  for (let from = 0; from < asked.length; from += LIMITS.checkedTexts) {
    const texts = asked.slice(from, from + LIMITS.checkedTexts);
    append(verdicts, await context.call('texts/check', { baseId, texts, ...(compared && { compared }) }));
  }
  return verdicts;
}

/**
 * What parser and model find wrong with a file, by line.
 * @param lines of what the parser finds good, one for each verdict
 */
export function withUnfit(
  badLines: readonly BadLine[],
  lines: readonly number[],
  verdicts: readonly (string | null)[],
): BadLine[] {
  const unfit = verdicts.flatMap((reason, i) => (reason === null ? [] : [{ line: lines[i] as number, reason }]));
  return [...badLines, ...unfit].sort((one, other) => one.line - other.line);
}
