import { beforeEach, describe, expect, it } from 'vitest';
import { NO_TASTE, type OwnTaste } from '../../../src/contract/ownTaste';
import { raterKey } from '../../../src/store/opinions/goldStanding';
import { givesGold, hasGold, raterInUse } from '../../../src/store/opinions/raterInUse';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { appliesRule, canHaveRule, ruleIsOff, runSpec } from '../../../src/store/runs/runSpec';
import { isMeasurable, measurableIn } from '../../../src/store/text/corpusWords';
import { freshDisk, openPage, type Page } from '../openLab';

const TASTE: OwnTaste = { ...NO_TASTE, liked: ['boat'] };
const TEXT = new TextEncoder().encode('A text of ours, with 7 boats and a few more letters. '.repeat(200));

const onOwnText = ({ lab }: Page) => lab.getState().corpus.useText(TEXT, 'ours.txt');

describe('the rater in use', () => {
  let page: Page;
  const state = () => page.lab.getState();
  beforeEach(async () => {
    freshDisk();
    page = await openPage({ storage: memoryStorage() });
    await state().shelf.startTrained('tiny');
  });

  it('is on stories the one that was chosen, also the visitor’s own', () => {
    state().opinions.setOwn(TASTE);
    expect(raterInUse(state())).toEqual({ name: 'happy' });
    state().opinions.setRater({ name: 'own' });
    expect(raterInUse(state())).toEqual({ name: 'own', taste: TASTE });
    expect(raterInUse(state())).toBe(raterInUse(state()));
    expect(hasGold(state())).toBe(true);
    state().opinions.setOwn(NO_TASTE);
    expect(hasGold(state())).toBe(false);
  });

  it('is on own text their own as soon as it says something, and before that gives no gold', async () => {
    await onOwnText(page);
    expect(raterInUse(state())).toEqual({ name: 'happy' }); // as runs on own text always had it
    expect(hasGold(state())).toBe(false);
    expect(isMeasurable('gold/score', measurableIn(state()))).toBe(false);
    state().opinions.setOwn(TASTE);
    expect(raterInUse(state())).toEqual({ name: 'own', taste: TASTE });
    expect(isMeasurable('gold/score', measurableIn(state()))).toBe(true);
    expect(isMeasurable('axis/gold', measurableIn(state()))).toBe(true);
    expect(isMeasurable('completion/grammatical', measurableIn(state()))).toBe(false);
    expect(givesGold(state(), { name: 'happy' })).toBe(false);
  });

  it('is known by its taste: votes of another one are another’s', () => {
    const own = raterKey({ name: 'own', taste: TASTE });
    expect(own).toMatch(/^own:[\da-f]{16}$/);
    expect(raterKey({ name: 'own', key: own.slice(4) })).toBe(own);
    expect(raterKey({ name: 'own', taste: { ...TASTE, liked: ['tide'] } })).not.toBe(own);
  });

  it('stands in what a run is made from, with its taste', async () => {
    state().opinions.setOwn(TASTE);
    state().opinions.setRater({ name: 'own' });
    state().config.change('ppo', { rewardFrom: 'rule', rewardRule: 'gold' });
    expect(runSpec(state(), 'ppo')).toMatchObject({ rater: { name: 'own', taste: TASTE } });
  });

  it('lets a rule be fitted to votes on own text, and none before it says something', async () => {
    await state().opinions.simulate(20);
    const cast = state().opinions.all.map((vote) => ({ ...vote, source: 'human' as const, rater: null }));
    await onOwnText(page);
    await state().opinions.clear();
    await state().opinions.add(cast);
    expect(canHaveRule(state())).toBe(false);
    expect(ruleIsOff(state())).toBe(false);
    expect(appliesRule(state())).toBe(false);
    state().opinions.setOwn(TASTE);
    expect(canHaveRule(state())).toBe(true);
    // where no rule was fitted yet, nobody is told to let it label
    state().taste.setUseRule(false);
    expect(state().taste.result).toBeNull();
    expect(ruleIsOff(state())).toBe(false);
  });
});

describe('what the own rater likes', () => {
  it('outlives the tab, beside the rater that is chosen, and is forgotten with the rest', async () => {
    const storage = memoryStorage();
    const first = await openPage({ storage });
    first.lab.getState().opinions.setOwn(TASTE);
    first.lab.getState().opinions.setRater({ name: 'own' });
    await new Promise((resolve) => setTimeout(resolve, 0));
    first.kill();
    const second = await openPage({ storage });
    expect(second.lab.getState().opinions).toMatchObject({ own: TASTE, rater: { name: 'own' } });
    await second.lab.getState().session.clearAll();
    expect(second.lab.getState().opinions).toMatchObject({ own: NO_TASTE, rater: { name: 'happy' } });
  });

  it.each([
    [
      'a lab from before there were own raters',
      { rater: { name: 'sad' }, noise: 0.1 },
      { rater: { name: 'sad' }, noise: 0.1, own: NO_TASTE },
    ],
    [
      'a taste that somebody broke',
      { rater: { name: 'own' }, noise: 0.1, own: { ...TASTE, liked: 'boat' } },
      { rater: { name: 'happy' }, noise: 0, own: NO_TASTE },
    ],
    [
      'a phrase too long',
      { rater: { name: 'own' }, noise: 0, own: { ...TASTE, liked: ['x'.repeat(201)] } },
      { rater: { name: 'happy' }, own: NO_TASTE },
    ],
  ])('is read only where it is sound: %s', async (_what, stored, expected) => {
    const storage = memoryStorage();
    await storage.putSetting('rater', stored as never);
    const page = await openPage({ storage });
    expect(page.lab.getState().opinions).toMatchObject(expected);
  });
});
