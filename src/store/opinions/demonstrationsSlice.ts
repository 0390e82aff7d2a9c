import { LabError } from '../../contract/errors';
import { inWords, LIMITS } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import type { Demonstration, DemonstrationSource, Wish } from '../../contract/preferences';
import { demonstrationsToJsonl } from '../../formats/demonstrations';
import type { BadLine } from '../../formats/lines';
import { readDemonstrations } from '../../formats/opinions';
import { decodeLines } from '../../formats/text';
import { attempt, type Context, latest } from '../context';
import { inSteps } from '../page/inSteps';
import { type Course, longWork } from '../page/longWork';
import type { DemonstrationsSlice, LabState, NoticeAction } from '../state';
import { compareModels, comparisonKey } from './comparison';
import { exportLines, JSON_LINES } from './exportLines';
import { areShort, fitting, hasPlace, tellLimits } from './room';
import { checkTexts } from './textCheck';

const NO_BASE = 'There is no base model to show anything to yet: finish Pretrain, or start with the trained model.';
const OPEN_PRETRAIN: NoticeAction[] = [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }];

const FIRST_WISH: Wish = { happy: false, polite: true, short: true, animal: null };

/** nothing shown, nothing waiting */
export const NOTHING_SHOWN: Pick<DemonstrationsSlice, 'pendingImport' | 'removed' | 'row' | 'comparison' | 'error'> = {
  pendingImport: null,
  removed: [],
  row: null,
  comparison: null,
  error: null,
};

const keyOf = ({ prompt, completion }: Pick<Demonstration, 'prompt' | 'completion'>): string =>
  JSON.stringify([prompt, completion]);

/** How many demonstrations came from where. */
export function demonstrationCounts(demonstrations: readonly Demonstration[]): Record<DemonstrationSource, number> {
  const counts: Record<DemonstrationSource, number> = { grammar: 0, human: 0, imported: 0 };
  for (const { source } of demonstrations) counts[source]++;
  return counts;
}

/** @returns the wish in words: "polite, short, about the fox"; "any story" when nothing is wished for */
export function wishWords({ happy, polite, short, animal }: Wish): string {
  const parts = [
    polite && 'polite',
    short && 'short',
    happy && 'happy',
    animal !== null && `about the ${animal}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'any story';
}

function needBase({ shelf }: LabState): string {
  if (shelf.slots.baseId === null) throw new LabError('run/missingInput', NO_BASE);
  return shelf.slots.baseId;
}

export function demonstrationsSlice(context: Context): DemonstrationsSlice {
  const patch = (fields: Partial<DemonstrationsSlice>) => context.patch('demonstrations', fields);
  const slice = () => context.get().demonstrations;
  const here = () => slice().all;
  const put = (demonstrations: readonly Demonstration[]) => patch({ all: [...demonstrations] });
  const toast = (text: string) => context.get().notices.toast(text);
  const newestRow = latest();

  /** one thing at a time; what goes wrong is told */
  const exclusively = async (busy: NonNullable<DemonstrationsSlice['busy']>, body: () => Promise<void>) => {
    if (slice().busy !== null) return;
    patch({ busy, error: null });
    const error = await attempt(
      context,
      async () => {
        await context.settled();
        await body();
      },
      OPEN_PRETRAIN,
    );
    patch({ busy: null, error });
  };

  /** asks for more than are here, since the same seed draws the same stories first */
  const drawStories = async (count: number): Promise<Demonstration[]> => {
    const baseId = needBase(context.get());
    const { wish } = slice();
    const known = new Set(here().map(keyOf));
    const { seed } = context.get().config.value;
    const asked = { baseId, wish, count: count + here().length, seed };
    const stories = await longWork(context, 'wishes', ({ context: { call } }) =>
      call('finetune/demonstrations', asked),
    );
    const ids = new Set(here().map(({ demonstrationId }) => demonstrationId));
    const fresh = stories.filter((story) => !known.has(keyOf(story))).slice(0, count);
    return fresh.map((story) =>
      ids.has(story.demonstrationId) ? { ...story, demonstrationId: context.newId('wish') } : story,
    );
  };

  const check = async (
    texts: readonly Pick<Demonstration, 'prompt' | 'completion'>[],
    asking: Context = context,
  ): Promise<(string | null)[]> => {
    const asked = texts.map(({ prompt, completion }) => ({ prompt, completions: [completion] }));
    return checkTexts(asking, needBase(context.get()), asked);
  };

  /** what the parser and the model find wrong with a file, by line */
  const read = async (bytes: Uint8Array, name: string, course: Course) => {
    const text = decodeLines(bytes, 'file/demonstrations', name);
    const parsed = await inSteps(
      readDemonstrations(text, () => context.newId('demonstration'), here()),
      course,
    );
    const verdicts = await check(parsed.good, course.context);
    const unfit: BadLine[] = verdicts.flatMap((reason, i) =>
      reason === null ? [] : [{ line: parsed.lines[i] as number, reason }],
    );
    const demonstrations = parsed.good.filter((_, i) => verdicts[i] === null);
    return { demonstrations, badLines: [...parsed.badLines, ...unfit].sort((one, other) => one.line - other.line) };
  };

  /** adds those for which there is room, and says so where there is not. @returns how many */
  const add = (demonstrations: readonly Demonstration[]): number => {
    tellLimits(context, { demonstrations: demonstrations.length });
    const taken = fitting(context, 'demonstrations', demonstrations);
    if (taken.length > 0) put([...here(), ...taken]);
    return taken.length;
  };

  const addImported = (demonstrations: readonly Demonstration[]) => {
    const count = add(demonstrations);
    patch({ pendingImport: null });
    context.get().notices.clear('file/demonstrations');
    if (count > 0) toast(`${countOf(count, 'demonstration')} imported, counted apart from yours.`);
  };

  const takeOut = (gone: readonly Demonstration[]) => {
    if (gone.length === 0) return;
    const ids = new Set(gone.map(({ demonstrationId }) => demonstrationId));
    put(here().filter(({ demonstrationId }) => !ids.has(demonstrationId)));
    const { row } = slice();
    patch({ removed: [...gone], ...(row && ids.has(row.demonstrationId) && { row: null }) });
  };

  return {
    all: [],
    wish: FIRST_WISH,
    ...NOTHING_SHOWN,
    busy: null,
    comparing: false,

    setWish: (wish) => patch({ wish: { ...slice().wish, ...wish } }),

    addWished: (count) =>
      exclusively('wishing', async () => {
        const asked = Math.min(LIMITS.wished, Math.max(1, Math.floor(count)));
        const { wish } = slice();
        if (!hasPlace(context, 'demonstrations')) return;
        const stories = await drawStories(asked);
        if (add(stories) < stories.length) return;
        if (stories.length === asked) toast(`${countOf(asked, 'demonstration')} added: ${wishWords(wish)}.`);
        else
          toast(
            `Only ${stories.length} more like that (${wishWords(wish)}) turned up in the stories: the wish is rare.`,
          );
      }),

    async addTyped(prompt, completion) {
      if (prompt.trim() === '') return 'the prompt is empty';
      if (completion.trim() === '') return 'the completion is empty';
      // there a space is a character that can be learned
      const isOwnText = context.get().corpus.summary?.kind === 'text';
      const text = isOwnText ? { prompt, completion } : { prompt: prompt.trim(), completion: completion.trim() };
      if (!areShort([prompt, completion])) return `a text is longer than ${inWords(LIMITS.text)} characters`;
      if (here().length >= LIMITS.demonstrations)
        return `the lab keeps ${inWords(LIMITS.demonstrations)} demonstrations, and they are all here`;
      if (here().some((one) => keyOf(one) === keyOf(text))) return 'the same demonstration is here already';
      let reason: string | null = 'it could not be checked';
      await exclusively('checking', async () => {
        [reason = null] = await check([text]);
        if (reason === null)
          put([...here(), { demonstrationId: context.newId('demonstration'), ...text, source: 'human' }]);
      });
      return reason;
    },

    importFile: (bytes, name) =>
      exclusively('checking', async () => {
        const { demonstrations, badLines } = await longWork(context, 'demonstrationFile', (course) =>
          read(bytes, name, course),
        );
        if (demonstrations.length + badLines.length === 0)
          throw new LabError('file/demonstrations', `${name} holds no demonstrations.`);
        if (badLines.length === 0) addImported(demonstrations);
        else patch({ pendingImport: { name, demonstrations, badLines } });
      }),

    keepGoodLines() {
      const { pendingImport } = slice();
      if (pendingImport) addImported(pendingImport.demonstrations);
    },

    cancelImport: () => patch({ pendingImport: null }),

    exportFile: () =>
      exportLines(context, { fileName: 'demonstrations.jsonl', type: JSON_LINES }, here(), demonstrationsToJsonl),

    remove: (demonstrationId) => takeOut(here().filter((one) => one.demonstrationId === demonstrationId)),
    clear: (source) => takeOut(here().filter((one) => source === undefined || one.source === source)),
    putBack() {
      const known = new Set(here().map(keyOf));
      add(slice().removed.filter((one) => !known.has(keyOf(one))));
      patch({ removed: [] });
    },

    async showRow(demonstrationId) {
      const isNewest = newestRow();
      const wanted = here().find((one) => one.demonstrationId === demonstrationId);
      const { baseId, fineTunedId } = context.get().shelf.slots;
      if (!wanted || baseId === null) return patch({ row: null });
      const { prompt, completion } = wanted;
      const ask = (modelId: string) => context.call('finetune/row', { modelId, prompt, completion });
      const error = await attempt(context, async () => {
        const [base, tuned] = await Promise.all([ask(baseId), fineTunedId === null ? null : ask(fineTunedId)]);
        if (isNewest()) patch({ row: { demonstrationId, base, tuned } });
      });
      if (error && isNewest()) patch({ row: null, error });
    },

    async compare() {
      const key = comparisonKey(context.get());
      if (key === null || slice().comparing || slice().comparison?.key === key) return;
      patch({ comparing: true, error: null });
      const error = await attempt(context, async () => {
        await context.settled(); // the models of a stored lab are named before they are back
        const comparison = await longWork(context, 'compareModels', (course) => compareModels(course.context, key));
        if (comparisonKey(context.get()) === key) patch({ comparison });
      });
      patch({ comparing: false, error });
    },
  };
}
