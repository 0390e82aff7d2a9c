import { LIMITS } from '../../contract/limits';
import { append } from '../../contract/many';
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
