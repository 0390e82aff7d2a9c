import * as v from 'valibot';
import { shallow } from 'zustand/vanilla/shallow';
import { inWords, LIMITS } from '../../contract/limits';
import { recipeOf } from '../../contract/lineage';
import { countOf } from '../../contract/numbers';
import { isMeantAsVote, OwnTasteSchema, RaterSchema, TextOfOpinion } from '../../formats/opinionSchemas';
import type { OpinionKind } from '../../formats/opinions';
import { repaired } from '../../formats/repair';
import { completedConfig, isSoundConfig, readUrl, settledConfig, writeSearch } from '../address/url';
import { CLASSROOM_RECORD } from '../classroom/classRecord';
import type { Context } from '../context';
import { GUIDE_RECORD } from '../guide/guideRecord';
import { progressOfToday, recordsOfToday } from '../lessons/earlierForm';
import { LESSON_RECORD } from '../lessons/lessonRecord';
import { storedOrigin, storedSlots } from '../models/putBack';
import { EMPTY_SLOTS } from '../models/slots';
import { METHODS } from '../runs/methodTrail';
import type { LabState, Slots } from '../state';
import { SWEEP_RECORD } from '../sweep/sweepRecord';
import type { Settings, StoredLab } from './storage';

const SLOTS = Object.keys(EMPTY_SLOTS) as (keyof Slots)[];

type Watched = Exclude<keyof Settings, 'savedAt'>;
/** What is written whole, and from where. */
const SETTINGS: { [K in Watched]: (state: LabState) => Settings[K] } = {
  config: (state) => state.config.value,
  slots: storedSlots,
  provenance: (state) => state.shelf.provenance,
  corpus: storedOrigin,
  taste: ({ taste: { vetoed, useRule, answered } }) => ({ vetoed, useRule, answered }),
  rater: ({ opinions: { rater, noise, own } }) => ({ rater, noise, own }),
  examples: ({ demonstrations: { all, wish } }) => ({ demonstrations: all, wish }),
  view: ({ view }) => ({ theme: view.theme, presenter: view.presenter, smoothing: view.smoothing }),
  fixedPrompt: (state) => state.runs.fixedPrompt,
  lessons: (state) => state.lesson.records,
  sweeps: (state) => state.sweep.records,
  guide: ({ guide: { progress, own, translations, language } }) => ({ progress, own, translations, language }),
  classroom: ({ classroom: { student, teacher } }) => ({ student, teacher }),
  dealt: dealtPairs,
  dealtGroups: ({ groups: { drawn, queue, shown } }) => ({
    drawn: Math.max(0, drawn - queue.length - (shown ? 1 : 0)),
  }),
  earlier: (state) => state.earlier.runs,
  placed: (state) => state.placed.models,
  rounds: ({ rounds: { ended, pairing } }) => ({ ended, pairing }),
  arena: ({ arena: { names, out } }) => ({ names, out }),
};

/** of everything that is written whole */
export const SETTING_KEYS: readonly (keyof Settings)[] = [...(Object.keys(SETTINGS) as Watched[]), 'savedAt'];

/** a pair on the screen without a vote, and those waiting behind it, come again after a reload */
function dealtPairs({ pairs: { shown, turn, drawn, queue } }: LabState): Settings['dealt'] {
  const waiting = shown && shown.repeatOf === null ? 1 : 0;
  return { turn: turn - (shown ? 1 : 0), drawn: Math.max(0, drawn - queue.length - waiting) };
}

/**
 * Keeps the small things on disk as they change; before the disk was read, nothing is written over what it holds.
 * @returns what stops it
 */
export function watchSettings(
  context: Context,
  subscribe: (listener: (state: LabState, before: LabState) => void) => () => void,
): () => void {
  const early = new Set<Watched>();
  const write = <K extends Watched>(key: K, state: LabState) => {
    void context.vault.write('putSetting', key, SETTINGS[key](state));
    if (key === 'slots' || key === 'corpus') void context.vault.write('putSetting', 'savedAt', context.today());
  };
  return subscribe((state, before) => {
    const changed = touched(state, before).filter((key) => isOther(SETTINGS[key](state), SETTINGS[key](before)));
    for (const key of changed) early.add(key);
    if (state.session.tab === 'starting') return;
    for (const key of early) write(key, state);
    early.clear();
  });
}

/** Writes all of them: they were changed while nothing could be written. */
export async function storeSettings(context: Context): Promise<void> {
  const state = context.get();
  for (const key of Object.keys(SETTINGS) as Watched[])
    await context.vault.write('putSetting', key, SETTINGS[key](state));
}

/** what is in it is gone through only where it is not the same objects: there may be 20,000 demonstrations */
const isOther = (one: unknown, other: unknown): boolean =>
  !shallow(one, other) && JSON.stringify(one) !== JSON.stringify(other);

/** what was stored, under what was changed on this page since it opened */
function beneath<T extends object>(stored: T, here: T, initial: T): T {
  const changed = (Object.keys(here) as (keyof T)[]).filter((field) => isOther(here[field], initial[field]));
  return { ...stored, ...Object.fromEntries(changed.map((field) => [field, here[field]])) };
}

/** settings of the slices that changed; most changes are numbers of a run and touch none */
function touched(state: LabState, before: LabState): Watched[] {
  const keys: Watched[] = [];
  if (state.config !== before.config) keys.push('config');
  if (state.shelf !== before.shelf) keys.push('slots', 'provenance');
  if (state.corpus !== before.corpus || state.shelf.removed !== before.shelf.removed) keys.push('corpus');
  if (state.taste !== before.taste) keys.push('taste');
  if (state.opinions !== before.opinions) keys.push('rater');
  if (state.pairs !== before.pairs) keys.push('dealt');
  if (state.groups !== before.groups) keys.push('dealtGroups');
  if (state.demonstrations !== before.demonstrations) keys.push('examples');
  if (state.view !== before.view) keys.push('view');
  if (state.earlier !== before.earlier) keys.push('earlier');
  if (state.placed !== before.placed) keys.push('placed');
  if (state.rounds !== before.rounds) keys.push('rounds');
  if (state.arena !== before.arena) keys.push('arena');
  if (state.runs.fixedPrompt !== before.runs.fixedPrompt) keys.push('fixedPrompt');
  if (state.lesson.records !== before.lesson.records) keys.push('lessons');
  if (state.sweep.records !== before.sweep.records) keys.push('sweeps');
  if (state.guide !== before.guide) keys.push('guide');
  if (state.classroom !== before.classroom) keys.push('classroom');
  return keys;
}

const ID = v.nullable(v.string());
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const NUMBER = v.pipe(v.number(), v.finite());
const POINT = v.object({ step: COUNT, kl: NUMBER, proxy: v.nullable(NUMBER), gold: v.nullable(NUMBER) });
const METHOD = v.picklist(METHODS);
/** Storage may have been written by another version or by hand: each setting is taken only when it is sound. */
export const SETTING_SCHEMAS = {
  slots: v.object({
    baseId: ID,
    fineTunedId: v.optional(ID, null),
    rewardId: ID,
    policyId: ID,
    startId: v.optional(ID, null),
    referenceId: v.optional(ID, null),
    valueId: v.optional(ID, null),
  }),
  provenance: v.record(v.string(), v.string()),
  taste: v.object({ vetoed: v.array(v.string()), useRule: v.boolean(), answered: v.optional(v.boolean(), false) }),
  rater: v.object({
    rater: RaterSchema,
    own: v.optional(OwnTasteSchema),
    noise: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
  }),
  examples: v.object({
    demonstrations: v.array(v.unknown()),
    wish: v.object({ happy: v.boolean(), polite: v.boolean(), short: v.boolean(), animal: v.nullable(v.string()) }),
  }),
  view: v.object({
    theme: v.picklist(['system', 'light', 'dark']),
    presenter: v.boolean(),
    smoothing: v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)),
  }),
  fixedPrompt: TextOfOpinion,
  lessons: v.record(v.string(), LESSON_RECORD),
  sweeps: v.record(v.string(), SWEEP_RECORD),
  guide: GUIDE_RECORD,
  classroom: CLASSROOM_RECORD,
  dealt: v.object({ turn: COUNT, drawn: COUNT }),
  dealtGroups: v.object({ drawn: COUNT }),
  earlier: v.array(
    v.object({
      runId: v.string(),
      kind: METHOD,
      number: COUNT,
      spec: v.looseObject({ kind: METHOD, config: v.looseObject({}) }),
      checkpointId: ID,
      points: v.array(POINT),
      peak: v.optional(v.nullable(COUNT)),
    }),
  ),
  placed: v.array(v.object({ checkpointId: v.string(), name: v.string(), axis: v.string(), point: POINT })),
  rounds: v.object({
    ended: v.record(v.string(), v.array(v.string())),
    pairing: v.picklist(['newest', 'versus']),
  }),
  arena: v.object({ names: v.record(v.string(), v.string()), out: v.array(v.string()) }),
};

/** Takes what was stored into the page. What the address says, or what was done since the page opened, is stronger. */
export function applySettings(context: Context, stored: StoredLab): void {
  const here = context.get();
  const { settings, checkpointIds } = stored;
  const { opinions, duels, demonstrations } = soundOpinions(context, stored);
  const config = settledConfig(completedConfig(settings.config));
  if (readUrl(context.address.read()).config === null && isSoundConfig(config)) {
    context.patch('config', { value: config });
    context.address.write({ search: writeSearch(config), hash: context.address.read().hash }, 'replace');
  }
  const own = <K extends 'view' | 'taste' | 'rater' | 'classroom'>(key: K, stored: Settings[K]): Settings[K] =>
    beneath(stored, SETTINGS[key](here), SETTINGS[key](context.initial()));
  const read = <K extends keyof typeof SETTING_SCHEMAS>(key: K) => {
    const result = v.safeParse(SETTING_SCHEMAS[key], settings[key]);
    return result.success ? (settings[key] as Settings[K]) : null;
  };
  const slots = read('slots');
  if (slots) context.patch('shelf', { slots: restoredSlots(here, slots, checkpointIds) });
  const provenance = read('provenance');
  if (provenance) context.patch('shelf', { provenance: { ...provenance, ...context.get().shelf.provenance } });
  const view = read('view');
  if (view) context.patch('view', own('view', view));
  const taste = read('taste');
  if (taste) context.patch('taste', own('taste', taste));
  const rater = read('rater');
  if (rater) context.patch('opinions', own('rater', rater));
  const examples = read('examples');
  if (examples) {
    const all = joined(demonstrations, here.demonstrations.all, ({ demonstrationId }) => demonstrationId);
    const wish = beneath(examples.wish, here.demonstrations.wish, context.initial().demonstrations.wish);
    context.patch('demonstrations', { all, wish });
  }
  context.patch('opinions', { all: joined(opinions, here.opinions.all, ({ rankingId }) => rankingId) });
  const earlier = read('earlier');
  const slim = earlier?.map((run) => ({ ...run, spec: recipeOf(run.spec) })); // they were stored with all votes
  if (slim) context.patch('earlier', { runs: joined(slim, here.earlier.runs, ({ runId }) => runId) });
  const placed = read('placed');
  if (placed)
    context.patch('placed', {
      models: joined(placed, here.placed.models, ({ axis, checkpointId }) => axis + checkpointId),
    });
  const rounds = read('rounds');
  if (rounds) context.patch('rounds', { ...rounds, ended: { ...rounds.ended, ...here.rounds.ended } });
  const arena = read('arena');
  if (arena) context.patch('arena', { names: { ...arena.names, ...here.arena.names }, out: arena.out });
  context.patch('arena', { duels: joined(duels, here.arena.duels, ({ rankingId }) => rankingId) });
  const prompt = read('fixedPrompt');
  if (prompt && here.runs.fixedPrompt === '') context.patch('runs', { fixedPrompt: prompt });
  const lessons = read('lessons');
  if (lessons) context.patch('lesson', { records: { ...recordsOfToday(lessons), ...here.lesson.records } });
  const sweeps = read('sweeps');
  if (sweeps) context.patch('sweep', { records: { ...sweeps, ...here.sweep.records } });
  const guide = read('guide');
  if (guide)
    context.patch('guide', {
      own: { ...guide.own, ...here.guide.own },
      translations: { ...guide.translations, ...here.guide.translations },
      language: guide.language,
    });
  const progress = progressOfToday(guide?.progress ?? {}, lessons ?? {});
  context.patch('guide', { progress: { ...progress, ...here.guide.progress } });
  const classroom = read('classroom');
  if (classroom) context.patch('classroom', own('classroom', classroom));
  const dealt = here.pairs.turn === 0 ? read('dealt') : null;
  if (dealt) context.patch('pairs', dealt);
  const groups = here.groups.drawn === 0 ? read('dealtGroups') : null;
  if (groups) context.patch('groups', groups);
}

/** Slots that are taken on this page stay; others have their stored model, as long as it is stored and not deleted. */
function restoredSlots({ shelf }: LabState, stored: Slots, checkpointIds: readonly string[]): Slots {
  const gone = shelf.removed.map(({ info }) => info.checkpointId); // deleted here, but not on disk yet
  const known = (id: string | null) => (id !== null && checkpointIds.includes(id) && !gone.includes(id) ? id : null);
  const found = (slot: keyof Slots) => shelf.slots[slot] ?? known(stored[slot] ?? null); // older settings have fewer slots
  const restored = Object.fromEntries(SLOTS.map((slot) => [slot, found(slot)])) as unknown as Slots;
  // the stored one was made from another base
  return shelf.slots.baseId === null ? restored : { ...restored, fineTunedId: shelf.slots.fineTunedId };
}

/** @returns what can be used of the stored opinions; what cannot is counted in a notice */
function soundOpinions(context: Context, { settings, opinions, duels }: StoredLab) {
  const examples = v.safeParse(SETTING_SCHEMAS.examples, settings.examples);
  const found = {
    votes: repaired('votes', opinions.filter(isMeantAsVote)),
    rankings: repaired(
      'rankings',
      opinions.filter((one) => !isMeantAsVote(one)),
    ),
    duels: repaired('duels', duels),
    demonstrations: repaired('demonstrations', examples.success ? examples.output.demonstrations : []),
  };
  const sentences = Object.entries(found).flatMap(([kind, { unreadable, beyond }]) => [
    ...(unreadable > 0 ? [`Of the stored ${kind}, ${inWords(unreadable)} could not be read.`] : []),
    ...(beyond > 0
      ? [
          `Of the stored ${kind}, ${countOf(beyond, 'was', 'were')} over the limit of ${inWords(LIMITS[kind as OpinionKind | 'duels'])}.`,
        ]
      : []),
  ]);
  if (sentences.length > 0)
    context.get().notices.report({ code: 'storage/repaired', message: sentences.join(' '), stack: undefined });
  return {
    opinions: [...found.votes.kept, ...found.rankings.kept],
    duels: found.duels.kept,
    demonstrations: found.demonstrations.kept,
  };
}

/** what was collected on this page before it read the storage joins what is stored */
function joined<T>(stored: readonly T[], mine: readonly T[], idOf: (one: T) => string): T[] {
  const known = new Set(stored.map(idOf));
  return [...stored, ...mine.filter((one) => !known.has(idOf(one)))];
}
