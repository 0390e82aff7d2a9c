import { LabError } from '../../contract/errors';
import { inWords } from '../../contract/limits';
import { countOf, plural } from '../../contract/numbers';
import { groupsIn, type Ranking, votesIn } from '../../contract/preferences';
import type { BadLine } from '../../formats/lines';
import { isTable } from '../../formats/tableForm';
import { attempt, type Context } from '../context';
import { fileReaders } from '../page/fileReaders';
import { inSteps } from '../page/inSteps';
import { type Course, longWork } from '../page/longWork';
import { writerId } from '../rounds/rounds';
import type { OpinionsSlice, ReadOpinions } from '../state';
import { rankingWords, voteWords } from './counts';
import { fittingOpinions, storing } from './foreign';
import { checkTexts, withUnfit } from './textCheck';

/** for each, what keeps the model from learning from it; nothing while there is no model to ask */
async function check(opinions: readonly Ranking[], { context }: Course): Promise<(string | null)[]> {
  const baseId = writerId(context.get());
  if (baseId === null) return opinions.map(() => null);
  const texts = opinions.map(({ prompt, completions }) => ({ prompt, completions }));
  return checkTexts(context, baseId, texts, true);
}

/** Of the lines of a file some are of the lab's own form, whatever they say. */
interface Understood {
  understood: boolean;
}

/** what can be learned from in a file, and what parser and model find wrong with the rest, by line */
async function read(bytes: Uint8Array, name: string, course: Course): Promise<ReadOpinions & Understood> {
  const { get, newId } = course.context;
  const { decodeLines, hasOwnRows, readOpinions } = await fileReaders();
  const text = decodeLines(bytes, 'file/votes', name);
  const reading = readOpinions(text, () => newId('vote'), { opinions: get().opinions.all });
  const { good, lines, badLines } = await inSteps(reading, course);
  const verdicts = await check(good, course);
  return {
    opinions: good.filter((_, i) => verdicts[i] === null),
    badLines: withUnfit(badLines, lines, verdicts),
    understood: good.length > 0 || hasOwnRows(text, 'opinions'),
  };
}

async function addImported(context: Context, { opinions }: ReadOpinions): Promise<void> {
  const taken = fittingOpinions(context, opinions);
  await storing(context, taken);
  context.patch('opinions', { pendingImport: null });
  context.get().notices.clear('file/votes');
  const [votes, groups] = [votesIn(taken).length, groupsIn(taken).length];
  const parts = [votes > 0 && voteWords(votes), groups > 0 && rankingWords(groups)];
  if (taken.length > 0)
    context.get().notices.toast(`${parts.filter(Boolean).join(' and ')} imported, counted apart from yours.`);
}

type Imports = Pick<OpinionsSlice, 'importFile' | 'keepGoodLines' | 'cancelImport'>;

export function imports(context: Context): Imports {
  const patch = (fields: Partial<OpinionsSlice>) => context.patch('opinions', fields);
  const slice = () => context.get().opinions;

  const readFile = async (bytes: Uint8Array, name: string) => {
    await context.settled();
    context.get().notices.clear('file/known');
    if (isTable(bytes) && (await context.get().tables.offerFile(bytes, name))) return;
    const { understood, ...found } = await longWork(context, 'voteFile', (course) => read(bytes, name, course));
    const good = found.opinions.length;
    if (found.badLines.length === 0 && good > 0) return addImported(context, found);
    patch({ pendingImport: good > 0 ? { name, ...found } : null });
    if (good === 0 && (await isAllHere(found.badLines)))
      throw new LabError('file/known', `${name}: ${namedLines(found.badLines)}.`);
    if (!understood && found.badLines.length > 0 && (await context.get().tables.offerFile(bytes, name))) return;
    throw new LabError('file/votes', describeBadLines(name, found.badLines, good));
  };

  const importOne = async (bytes: Uint8Array, name: string) => {
    const before = slice().pendingImport;
    const error = await attempt(context, () => readFile(bytes, name));
    const isOfBefore = slice().pendingImport === before && error?.code !== 'work/cancelled';
    if (isOfBefore) patch({ pendingImport: null }); // nobody is asked about one file under the name of the next
    const { pendingImport } = slice();
    if (error?.code === 'file/votes' && pendingImport)
      context.get().notices.report(error, importActions(pendingImport.opinions.length));
    patch({ error });
  };
  /** one file after the other: what the first brought is here when the next is read */
  let importing = Promise.resolve();

  return {
    importFile(bytes, name) {
      importing = importing.then(() => importOne(bytes, name));
      return importing;
    },

    async keepGoodLines() {
      const { pendingImport } = slice();
      patch({ pendingImport: null }); // a second press finds nothing to add again
      if (pendingImport) await addImported(context, pendingImport);
    },

    cancelImport() {
      patch({ pendingImport: null, error: null });
      context.get().notices.clear('file/votes');
    },
  };
}

async function isAllHere(badLines: readonly BadLine[]): Promise<boolean> {
  const { HERE } = await fileReaders();
  return badLines.length > 0 && badLines.every(({ reason }) => reason.endsWith(HERE));
}

function describeBadLines(name: string, badLines: readonly BadLine[], good: number): string {
  return badLines.length === 0
    ? `${name} holds no votes.`
    : `${name}: ${namedLines(badLines)}. ${describeGoodLines(good)}`;
}

export function namedLines(badLines: readonly BadLine[]): string {
  const named = badLines.slice(0, 5).map(({ line, reason }) => `line ${line} (${reason})`);
  const rest = badLines.length > named.length ? ` and ${inWords(badLines.length - named.length)} more` : '';
  return `${named.join(', ')}${rest}`;
}

export function describeGoodLines(good: number): string {
  if (good === 0) return 'No line is good.';
  return `${countOf(good, 'line is', 'lines are')} good. Keep ${plural(good, 'it', 'them')}?`;
}

const importActions = (good: number) => [
  { kind: 'keepGoodLines', label: `Keep ${countOf(good, 'good line')}` } as const,
  { kind: 'cancelImport', label: 'Keep none' } as const,
];
