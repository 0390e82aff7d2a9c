import { inWords, LIMITS } from '../../contract/limits';
import type { Demonstration } from '../../contract/preferences';
import { attempt, type Context, latest } from '../context';
import { lineWriters } from '../page/fileReaders';
import { longWork } from '../page/longWork';
import type { DemonstrationsSlice } from '../state';
import { compareModels, comparisonKey } from './comparison';
import { addDemonstrations, checkDemonstrations, keyOf, takeOut, whileBusy } from './demonstrations';
import { exportLines, JSON_LINES } from './exportLines';
import { demonstrationImports } from './importDemonstrations';
import { areShort } from './room';
import { FIRST_WISH, wishes } from './wishedDemonstrations';

/** nothing shown, nothing waiting */
export const NOTHING_SHOWN: Pick<DemonstrationsSlice, 'pendingImport' | 'removed' | 'row' | 'comparison' | 'error'> = {
  pendingImport: null,
  removed: [],
  row: null,
  comparison: null,
  error: null,
};

type Typed = Pick<Demonstration, 'prompt' | 'completion'>;

/** what the page itself finds wrong with a typed one */
function complaint({ prompt, completion }: Typed, here: readonly Demonstration[]): string | null {
  if (prompt.trim() === '') return 'the prompt is empty';
  if (completion.trim() === '') return 'the completion is empty';
  if (!areShort([prompt, completion])) return `a text is longer than ${inWords(LIMITS.text)} characters`;
  if (here.length >= LIMITS.demonstrations)
    return `the lab keeps ${inWords(LIMITS.demonstrations)} demonstrations, and they are all here`;
  return null;
}

async function addTyped(context: Context, typed: Typed): Promise<string | null> {
  const here = () => context.get().demonstrations.all;
  const wrong = complaint(typed, here());
  if (wrong !== null) return wrong;
  // in an own text a space is a character that can be learned
  const isOwnText = context.get().corpus.summary?.kind === 'text';
  const text = isOwnText ? typed : { prompt: typed.prompt.trim(), completion: typed.completion.trim() };
  if (here().some((one) => keyOf(one) === keyOf(text))) return 'the same demonstration is here already';
  let reason: string | null = 'it could not be checked';
  await whileBusy(context, 'checking', async () => {
    [reason = null] = await checkDemonstrations(context, [text]);
    const added: Demonstration = { demonstrationId: context.newId('demonstration'), ...text, source: 'human' };
    if (reason === null) context.patch('demonstrations', { all: [...here(), added] });
  });
  return reason;
}

/** how base and fine-tuned model see one demonstration; of several that are asked for the last is shown */
function rowReader(context: Context): DemonstrationsSlice['showRow'] {
  const newest = latest();
  const patch = (fields: Partial<DemonstrationsSlice>) => context.patch('demonstrations', fields);
  return async (demonstrationId) => {
    const isNewest = newest();
    const { demonstrations, shelf } = context.get();
    const wanted = demonstrations.all.find((one) => one.demonstrationId === demonstrationId);
    const { baseId, fineTunedId } = shelf.slots;
    if (!wanted || baseId === null) return patch({ row: null });
    const { prompt, completion } = wanted;
    const ask = (modelId: string) => context.call('finetune/row', { modelId, prompt, completion });
    const error = await attempt(context, async () => {
      const [base, tuned] = await Promise.all([ask(baseId), fineTunedId === null ? null : ask(fineTunedId)]);
      if (isNewest()) patch({ row: { demonstrationId, base, tuned } });
    });
    if (error && isNewest()) patch({ row: null, error });
  };
}

async function compare(context: Context): Promise<void> {
  const { comparing, comparison } = context.get().demonstrations;
  const key = comparisonKey(context.get());
  if (key === null || comparing || comparison?.key === key) return;
  context.patch('demonstrations', { comparing: true, error: null });
  const error = await attempt(context, async () => {
    await context.settled(); // the models of a stored lab are named before they are back
    const made = await longWork(context, 'compareModels', (course) => compareModels(course.context, key));
    if (comparisonKey(context.get()) === key) context.patch('demonstrations', { comparison: made });
  });
  context.patch('demonstrations', { comparing: false, error });
}

export function demonstrationsSlice(context: Context): DemonstrationsSlice {
  const slice = () => context.get().demonstrations;
  const here = () => slice().all;
  return {
    all: [],
    wish: FIRST_WISH,
    ...NOTHING_SHOWN,
    busy: null,
    comparing: false,

    ...wishes(context),
    addTyped: (prompt, completion) => addTyped(context, { prompt, completion }),
    ...demonstrationImports(context),
    exportFile: () =>
      exportLines(
        context,
        { fileName: 'demonstrations.jsonl', type: JSON_LINES },
        here(),
        async () => (await lineWriters()).demonstrations,
      ),

    remove: (demonstrationId) =>
      takeOut(
        context,
        here().filter((one) => one.demonstrationId === demonstrationId),
      ),
    clear: (source) =>
      takeOut(
        context,
        here().filter((one) => source === undefined || one.source === source),
      ),
    putBack() {
      const known = new Set(here().map(keyOf));
      addDemonstrations(
        context,
        slice().removed.filter((one) => !known.has(keyOf(one))),
      );
      context.patch('demonstrations', { removed: [] });
    },

    showRow: rowReader(context),
    compare: () => compare(context),
  };
}
