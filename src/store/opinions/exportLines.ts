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

/**
 * Hands a file of many lines to the visitor; a few are written at once.
 * @param writer what turns items into lines; it may come only now
 */
export async function exportLines<T>(
  context: Context,
  { fileName, type, head = '' }: LineFile,
  items: readonly T[],
  writer: () => Promise<(items: readonly T[]) => string>,
): Promise<void> {
  const write = async (course: Pick<Course, 'tell'>) => {
    const tell = (done: number) => course.tell({ done, total: items.length, label: 'writing lines' });
    tell(0);
    const toLines = await writer();
    const parts = [head];
    for (let from = 0; from < items.length; from += LINES_PER_SLICE) {
      tell(from);
      parts.push(toLines(items.slice(from, from + LINES_PER_SLICE)));
      if (from + LINES_PER_SLICE < items.length) await new Promise((resolve) => setTimeout(resolve));
    }
    tell(items.length);
    context.saveFile(fileName, parts.join(''), type);
  };
  const isShort = items.length <= LINES_PER_SLICE;
  await attempt(context, () => (isShort ? write({ tell: () => undefined }) : longWork(context, 'export', write)));
}
