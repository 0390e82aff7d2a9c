import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { type Page, type Patches, type Returning, SETTINGS } from '../../../src/store/persistence/settingTable';
import { freshDisk, openPage } from '../openLab';
import { KEYS, STORED, slots, take, withPatches } from './storedSettings';

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
