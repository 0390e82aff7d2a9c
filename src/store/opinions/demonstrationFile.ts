/** A file of demonstrations, read and judged. */
import { LabError } from '../../contract/errors';
import { isTable } from '../../formats/tableForm';
import type { Context } from '../context';
import { fileReaders } from '../page/fileReaders';
import { inSteps } from '../page/inSteps';
import { type Course, longWork } from '../page/longWork';
import { addImported, checkDemonstrations } from './demonstrations';
import { withUnfit } from './textCheck';

/** what can be learned from in a file, and what parser and model find wrong with the rest, by line */
async function read(bytes: Uint8Array, name: string, course: Course) {
  const { get, newId } = course.context;
  const { decodeLines, hasOwnRows, readDemonstrations } = await fileReaders();
  const text = decodeLines(bytes, 'file/noDemonstrations', name);
  const reading = readDemonstrations(text, () => newId('demonstration'), get().demonstrations.all);
  const { good, lines, badLines } = await inSteps(reading, course);
  const verdicts = await checkDemonstrations(course.context, good);
  return {
    demonstrations: good.filter((_, i) => verdicts[i] === null),
    badLines: withUnfit(badLines, lines, verdicts),
    understood: good.length > 0 || hasOwnRows(text, 'demonstrations'),
  };
}

/** Takes what can be learned from; what is wrong with the rest waits for the visitor's decision. */
export async function importOne(context: Context, bytes: Uint8Array, name: string): Promise<void> {
  if (isTable(bytes) && (await context.get().tables.offerFile(bytes, name))) return;
  const { understood, ...found } = await longWork(context, 'demonstrationFile', (course) => read(bytes, name, course));
  const { demonstrations, badLines } = found;
  if (demonstrations.length + badLines.length === 0)
    throw new LabError('file/noDemonstrations', `${name} holds no demonstrations.`);
  if (!understood && (await context.get().tables.offerFile(bytes, name))) return;
  if (badLines.length === 0) addImported(context, demonstrations);
  else context.patch('demonstrations', { pendingImport: { name, ...found } });
}
