/**
 * What is stored of the page besides votes, models and runs: a row says which slices it is of, what is written, what is
 * sound, and what the page takes back of it.
 */
import * as v from 'valibot';
import { shallow } from 'zustand/vanilla/shallow';
import { recipeOf } from '../../contract/lineage';
import type { Demonstration } from '../../contract/preferences';
import { OwnTasteSchema, RaterSchema, TextOfOpinion } from '../../formats/opinionSchemas';
import { CLASSROOM_RECORD } from '../classroom/classRecord';
import { GUIDE_RECORD } from '../guide/guideRecord';
import { progressOfToday, recordsOfToday } from '../lessons/earlierForm';
import { LESSON_RECORD } from '../lessons/lessonRecord';
import { storedOrigin, storedSlots } from '../models/putBack';
import { EMPTY_SLOTS } from '../models/slots';
import { METHODS } from '../runs/methodTrail';
import type { LabState, Slots } from '../state';
import { SWEEP_RECORD } from '../sweep/sweepRecord';
import type { Settings } from './storage';

/** what is written as it changes */
export type Watched = Exclude<keyof Settings, 'savedAt'>;
/** the configuration comes back through the address, the corpus with the thread */
export type Returning = Exclude<Watched, 'config' | 'corpus'>;

/** The page that takes its settings back. */
export interface Page {
  /** as it stands: what was done since it opened is stronger than what was stored */
  here: LabState;
  initial: LabState;
  /** everything that is sound of what was stored */
  sound: Partial<Pick<Settings, Returning>>;
  demonstrations: readonly Demonstration[];
  checkpointIds: readonly string[];
}

export type Patches = { [S in keyof LabState]?: Partial<LabState[S]> };

interface Kept<K extends Watched> {
  /** no other slice can change it */
  of: readonly (keyof LabState)[];
  written: (state: LabState) => Settings[K];
}

export interface Back<K extends Watched> {
  /** storage may have been written by another version or by hand: a setting is taken only when it is sound */
  schema: v.GenericSchema;
  back: (stored: Settings[K], page: Page) => Patches;
}

const ID = v.nullable(v.string());
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const NUMBER = v.pipe(v.number(), v.finite());
const POINT = v.object({ step: COUNT, kl: NUMBER, proxy: v.nullable(NUMBER), gold: v.nullable(NUMBER) });
const METHOD = v.picklist(METHODS);

export const SETTINGS: { [K in Watched]: Kept<K> & (K extends Returning ? Back<K> : unknown) } = {
  config: { of: ['config'], written: (state) => state.config.value },
  corpus: { of: ['corpus', 'shelf'], written: storedOrigin },
  slots: {
    of: ['shelf'],
    written: storedSlots,
    schema: v.object({
      baseId: ID,
      fineTunedId: v.optional(ID, null),
      rewardId: ID,
      policyId: ID,
      startId: v.optional(ID, null),
      referenceId: v.optional(ID, null),
      valueId: v.optional(ID, null),
    }),
    back: (stored, { here, checkpointIds }) => ({ shelf: { slots: restoredSlots(here, stored, checkpointIds) } }),
  },
  provenance: {
    of: ['shelf'],
    written: ({ shelf }) => shelf.provenance,
    schema: v.record(v.string(), v.string()),
    back: (stored, { here }) => ({ shelf: { provenance: { ...stored, ...here.shelf.provenance } } }),
  },
  taste: {
    of: ['taste'],
    written: ({ taste: { vetoed, useRule, answered } }) => ({ vetoed, useRule, answered }),
    schema: v.object({ vetoed: v.array(v.string()), useRule: v.boolean(), answered: v.optional(v.boolean(), false) }),
    back: (stored, page) => ({ taste: beneathPage('taste', stored, page) }),
  },
  rater: {
    of: ['opinions'],
    written: ({ opinions: { rater, noise, own } }) => ({ rater, noise, own }),
    schema: v.object({
      rater: RaterSchema,
      own: v.optional(OwnTasteSchema),
      noise: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
    }),
    back: (stored, page) => ({ opinions: beneathPage('rater', stored, page) }),
  },
  examples: {
    of: ['demonstrations'],
    written: ({ demonstrations: { all, wish } }) => ({ demonstrations: all, wish }),
    schema: v.object({
      demonstrations: v.array(v.unknown()),
      wish: v.object({ happy: v.boolean(), polite: v.boolean(), short: v.boolean(), animal: v.nullable(v.string()) }),
    }),
    back: (stored, { here, initial, demonstrations }) => ({
      demonstrations: {
        all: joined(demonstrations, here.demonstrations.all, ({ demonstrationId }) => demonstrationId),
        wish: beneath(stored.wish, here.demonstrations.wish, initial.demonstrations.wish),
      },
    }),
  },
  view: {
    of: ['view'],
    written: ({ view: { theme, presenter, smoothing } }) => ({ theme, presenter, smoothing }),
    schema: v.object({
      theme: v.picklist(['system', 'light', 'dark']),
      presenter: v.boolean(),
      smoothing: v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)),
    }),
    back: (stored, page) => ({ view: beneathPage('view', stored, page) }),
  },
  fixedPrompt: {
    of: ['runs'],
    written: ({ runs }) => runs.fixedPrompt,
    schema: TextOfOpinion,
    back: (fixedPrompt, { here }) => (fixedPrompt && here.runs.fixedPrompt === '' ? { runs: { fixedPrompt } } : {}),
  },
  lessons: {
    of: ['lesson'],
    written: ({ lesson }) => lesson.records,
    schema: v.record(v.string(), LESSON_RECORD),
    back: (stored, page) => ({
      lesson: { records: { ...recordsOfToday(stored), ...page.here.lesson.records } },
      guide: { progress: progressOf(page) },
    }),
  },
  sweeps: {
    of: ['sweep'],
    written: ({ sweep }) => sweep.records,
    schema: v.record(v.string(), SWEEP_RECORD),
    back: (stored, { here }) => ({ sweep: { records: { ...stored, ...here.sweep.records } } }),
  },
  guide: {
    of: ['guide'],
    written: ({ guide: { progress, own, translations, language } }) => ({ progress, own, translations, language }),
    schema: GUIDE_RECORD,
    back: ({ own, translations, language }, page) => ({
      guide: {
        own: { ...own, ...page.here.guide.own },
        translations: { ...translations, ...page.here.guide.translations },
        language,
        progress: progressOf(page),
      },
    }),
  },
  classroom: {
    of: ['classroom'],
    written: ({ classroom: { student, teacher } }) => ({ student, teacher }),
    schema: CLASSROOM_RECORD,
    back: (stored, page) => ({ classroom: beneathPage('classroom', stored, page) }),
  },
  dealt: {
    of: ['pairs'],
    // a pair on the screen without a vote, and those waiting behind it, come again after a reload
    written: ({ pairs: { shown, turn, drawn, queue } }) => {
      const waiting = shown && shown.repeatOf === null ? 1 : 0;
      return { turn: turn - (shown ? 1 : 0), drawn: Math.max(0, drawn - queue.length - waiting) };
    },
    schema: v.object({ turn: COUNT, drawn: COUNT }),
    back: (stored, { here }) => (here.pairs.turn === 0 ? { pairs: stored } : {}),
  },
  dealtGroups: {
    of: ['groups'],
    written: ({ groups: { drawn, queue, shown } }) => ({ drawn: Math.max(0, drawn - queue.length - (shown ? 1 : 0)) }),
    schema: v.object({ drawn: COUNT }),
    back: (stored, { here }) => (here.groups.drawn === 0 ? { groups: stored } : {}),
  },
  earlier: {
    of: ['earlier'],
    written: ({ earlier }) => earlier.runs,
    schema: v.array(
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
    back: (stored, { here }) => {
      const slim = stored.map((run) => ({ ...run, spec: recipeOf(run.spec) })); // they were stored with all votes
      return { earlier: { runs: joined(slim, here.earlier.runs, ({ runId }) => runId) } };
    },
  },
  placed: {
    of: ['placed'],
    written: ({ placed }) => placed.models,
    schema: v.array(v.object({ checkpointId: v.string(), name: v.string(), axis: v.string(), point: POINT })),
    back: (stored, { here }) => ({
      placed: { models: joined(stored, here.placed.models, ({ axis, checkpointId }) => axis + checkpointId) },
    }),
  },
  rounds: {
    of: ['rounds'],
    written: ({ rounds: { ended, pairing } }) => ({ ended, pairing }),
    schema: v.object({
      ended: v.record(v.string(), v.array(v.string())),
      pairing: v.picklist(['newest', 'versus']),
    }),
    back: (stored, { here }) => ({ rounds: { ...stored, ended: { ...stored.ended, ...here.rounds.ended } } }),
  },
  arena: {
    of: ['arena'],
    written: ({ arena: { names, out } }) => ({ names, out }),
    schema: v.object({ names: v.record(v.string(), v.string()), out: v.array(v.string()) }),
    back: (stored, { here }) => ({ arena: { ...stored, names: { ...stored.names, ...here.arena.names } } }),
  },
};

/** Slots that are taken on this page stay; others have their stored model, as long as it is stored and not deleted. */
function restoredSlots({ shelf }: LabState, stored: Slots, checkpointIds: readonly string[]): Slots {
  const gone = shelf.removed.map(({ info }) => info.checkpointId); // deleted here, but not on disk yet
  const known = (id: string | null) => (id !== null && checkpointIds.includes(id) && !gone.includes(id) ? id : null);
  const slots = Object.keys(EMPTY_SLOTS) as (keyof Slots)[];
  const found = (slot: keyof Slots) => shelf.slots[slot] ?? known(stored[slot] ?? null); // older settings have fewer slots
  const restored = Object.fromEntries(slots.map((slot) => [slot, found(slot)])) as unknown as Slots;
  // the stored one was made from another base
  return shelf.slots.baseId === null ? restored : { ...restored, fineTunedId: shelf.slots.fineTunedId };
}

/** how far lessons had come, with what was answered in lessons of an earlier form */
const progressOf = ({ here, sound }: Page) => ({
  ...progressOfToday(sound.guide?.progress ?? {}, sound.lessons ?? {}),
  ...here.guide.progress,
});

/** what is in it is gone through only where it is not the same objects: there may be 20,000 demonstrations */
export const isOther = (one: unknown, other: unknown): boolean =>
  !shallow(one, other) && JSON.stringify(one) !== JSON.stringify(other);

/** what was stored, under what was changed on this page since it opened */
function beneath<T extends object>(stored: T, here: T, initial: T): T {
  const changed = (Object.keys(here) as (keyof T)[]).filter((field) => isOther(here[field], initial[field]));
  return { ...stored, ...Object.fromEntries(changed.map((field) => [field, here[field]])) };
}

const beneathPage = <K extends 'view' | 'taste' | 'rater' | 'classroom'>(
  key: K,
  stored: Settings[K],
  { here, initial }: Page,
): Settings[K] => beneath(stored, SETTINGS[key].written(here), SETTINGS[key].written(initial));

/** what was collected on this page before it read the storage joins what is stored */
export function joined<T>(stored: readonly T[], mine: readonly T[], idOf: (one: T) => string): T[] {
  const known = new Set(stored.map(idOf));
  return [...stored, ...mine.filter((one) => !known.has(idOf(one)))];
}
