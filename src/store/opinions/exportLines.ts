import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';

export const JSON_LINES = 'application/jsonl';
/** lines written between two chances to show, and to hear, something else */
const LINES_PER_SLICE = 5000;

interface LineFile {
  fileName: string;
  type: string;
  /** above the lines */
  head?: string;
}

/** Hands a file of many lines to the visitor; a few are written at once. */
export async function exportLines<T>(
  context: Context,
  { fileName, type, head = '' }: LineFile,
  items: readonly T[],
  toLines: (items: readonly T[]) => string,
): Promise<void> {
  if (items.length <= LINES_PER_SLICE) return context.saveFile(fileName, head + toLines(items), type);
  const write = async ({ tell }: Course) => {
    const parts = [head];
    for (let from = 0; from < items.length; from += LINES_PER_SLICE) {
      tell({ done: from, total: items.length, label: 'writing lines' });
      parts.push(toLines(items.slice(from, from + LINES_PER_SLICE)));
      await new Promise((resolve) => setTimeout(resolve));
    }
    tell({ done: items.length, total: items.length, label: 'writing lines' });
    context.saveFile(fileName, parts.join(''), type);
  };
  await attempt(context, () => longWork(context, 'export', write));
}
