import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Back,
  type Page,
  type Patches,
  type Returning,
  SETTINGS,
} from '../../../src/store/persistence/settingTable';
import type { Settings } from '../../../src/store/persistence/storage';
import type { LabState } from '../../../src/store/state';
import { freshDisk, openPage } from '../openLab';

const point = { step: 3, kl: 2, proxy: 1, gold: null };
const slots = { fineTunedId: null, policyId: null, startId: null, referenceId: null, valueId: null };
const story = { prompt: 'once a fox', completions: ['ran .', 'sat .'] as [string, string] };
const heard = { lessonId: 'joy', at: 'end', way: [], guesses: {}, came: {}, kept: {}, begun: true, isDone: true };
const arm = { totalSteps: 4, history: [], rows: [], accuracy: null };
const example = { demonstrationId: 'd1', prompt: 'once', completion: 'a fox ran .' };

/** one of each, none of them as a page has it that nobody touched */
const STORED = {
  slots: { ...slots, baseId: 'base-1', rewardId: 'reward-1' },
  provenance: { 'base-1': 'shipped' },
  taste: { vetoed: ['length'], useRule: true, answered: true },
  rater: { rater: { name: 'short' }, noise: 0.2, own: undefined },
  examples: { demonstrations: [example], wish: { happy: true, polite: false, short: true, animal: 'fox' } },
  view: { theme: 'dark', presenter: true, smoothing: 0.5 },
  fixedPrompt: 'the fox',
  lessons: {
    joy: {
      lessonId: 'joy',
      seed: 1,
      answer: 'a',
      base: 'b',
      status: 'done',
      arms: { healthy: arm, broken: arm },
      forkAt: 2,
    },
  },
  sweeps: { ppoBeta: { sweepId: 'ppoBeta', seed: 1, status: 'done', runs: [] } },
  guide: { progress: { joy: heard }, own: { mine: 'text' }, translations: { de: 'text' }, language: 'de' },
  classroom: {
    student: {
      code: 'ABCDEF',
      set: { seed: 1, modelHash: 'x', pairs: [story] },
      number: 3,
      choices: ['first'],
      dice: 5,
      shown: [],
    },
    teacher: null,
  },
  dealt: { turn: 4, drawn: 5 },
  dealtGroups: { drawn: 2 },
  earlier: [
    { runId: 'r1', kind: 'ppo', number: 1, spec: { kind: 'ppo', config: {} }, checkpointId: null, points: [point] },
  ],
  placed: [{ checkpointId: 'policy-1', name: 'mine', axis: 'gold', point }],
  rounds: { ended: { 'base-1': ['policy-1'] }, pairing: 'versus' },
  arena: { names: { 'policy-1': 'Ada' }, out: ['policy-2'] },
} as unknown as Settings;
const KEYS = Object.keys(STORED) as Returning[];
const BACK: { [K in Returning]: Back<K> } = SETTINGS;

function withPatches(state: LabState, patches: Patches): LabState {
  const after: Record<string, object> = { ...state };
  for (const [slice, fields] of Object.entries(patches)) after[slice] = { ...after[slice], ...fields };
  return after as unknown as LabState;
}
function take<K extends Returning>(key: K, page: Page): LabState {
  return withPatches(page.here, BACK[key].back(STORED[key], page));
}

describe('what is stored of the page', async () => {
  freshDisk();
  const { lab, kill } = await openPage();
  afterAll(kill);
  const initial = lab.getState();
  const fresh: Page = {
    here: initial,
    initial,
    sound: STORED,
    demonstrations: STORED.examples.demonstrations,
    checkpointIds: ['base-1', 'reward-1'],
  };

  it('has a sample here of every row that comes back', () => {
    expect(Object.keys(SETTINGS).filter((key) => 'back' in SETTINGS[key as Returning])).toEqual(
      expect.arrayContaining(KEYS),
    );
    expect(Object.keys(SETTINGS)).toHaveLength(KEYS.length + 2); // the configuration and the corpus come otherwise
  });

  it.each(KEYS)('comes back as it was written: %s', (key) => {
    expect(v.is(SETTINGS[key].schema, STORED[key])).toBe(true);
    expect(SETTINGS[key].written(initial)).not.toEqual(STORED[key]);
    expect(SETTINGS[key].written(take(key, fresh))).toEqual(STORED[key]);
  });

  it.each(KEYS)('is written when no other slice than its own changed: %s', (key) => {
    const after = take(key, fresh);
    expect(SETTINGS[key].of.some((slice) => after[slice] !== initial[slice])).toBe(true);
  });

  it('gives way to what was done since the page opened', () => {
    const done: Patches = {
      view: { theme: 'light', presenter: true },
      taste: { vetoed: ['mood'] },
      runs: { fixedPrompt: 'a crow' },
      pairs: { turn: 1 },
      groups: { drawn: 1 },
      arena: { names: { 'policy-1': 'Bob' } },
      rounds: { ended: { 'base-1': ['policy-9'] } },
      shelf: { slots: { ...slots, baseId: 'base-2', rewardId: null } },
    };
    const page = { ...fresh, here: withPatches(initial, done) };
    const after = KEYS.reduce((here, key) => take(key, { ...page, here }), page.here);
    expect(after.view).toMatchObject({ theme: 'light', presenter: true, smoothing: 0.5 });
    expect(after.taste).toMatchObject({ vetoed: ['mood'], useRule: true });
    expect(after.runs.fixedPrompt).toBe('a crow');
    expect(after.pairs).toMatchObject({ turn: 1, drawn: initial.pairs.drawn });
    expect(after.groups.drawn).toBe(1);
    expect(after.arena.names).toEqual({ 'policy-1': 'Bob' });
    expect(after.rounds.ended).toEqual({ 'base-1': ['policy-9'] });
    expect(after.shelf.slots).toMatchObject({ baseId: 'base-2', rewardId: 'reward-1', fineTunedId: null });
  });

  it('brings back no model that is not stored', () => {
    const after = take('slots', { ...fresh, checkpointIds: ['base-1'] });
    expect(after.shelf.slots).toMatchObject({ baseId: 'base-1', rewardId: null });
  });

  it('keeps answers of an earlier form though how far the lesson had come is lost', () => {
    const record = { ...STORED.lessons.joy!, lessonId: 'greedy', answer: 'second' };
    const page = { ...fresh, sound: { lessons: { greedy: record } } };
    const after = withPatches(initial, SETTINGS.lessons.back({ greedy: record }, page));
    expect(after.guide.progress.rewardHacking?.guesses).toEqual({ greedy: 'second' });
  });
});
