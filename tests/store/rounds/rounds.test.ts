import { beforeEach, describe, expect, it } from 'vitest';
import { groupsIn, type Vote, type VoteChoice, votesIn } from '../../../src/contract/preferences';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { Settings } from '../../../src/store/persistence/storage';
import { duelOf, newestId, nextWriterId, olderId, roundNumber, roundSummaries } from '../../../src/store/rounds/rounds';
import { otherwise, plainVote } from '../../helpers/plainVote';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const lastCall = (page: Page, kind: string) =>
  page.client.calls.findLast((call) => call.kind === kind)?.params as Record<string, unknown>;
const slots = ({ lab }: Page) => lab.getState().shelf.slots;
const round = ({ lab }: Page) => roundNumber(lab.getState());
const toasts = ({ lab }: Page) => lab.getState().notices.toasts.map(({ text }) => text);

async function train(page: Page, kind: 'reward' | 'ppo' | 'dpo' | 'finetune'): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(1000);
  await settle();
}

/** the first round, with a policy at its end */
async function firstRound(): Promise<Page> {
  const page = await openVoting();
  for (let i = 0; i < 3; i++) await vote(page);
  await page.lab.getState().opinions.simulate(24);
  await train(page, 'reward');
  await train(page, 'ppo');
  return page;
}

async function secondRound(): Promise<Page> {
  const page = await firstRound();
  page.lab.getState().rounds.start();
  await settle();
  return page;
}

const versus = plainVote(1, { prompt: 'x', a: 'a', b: 'b', policyId: 'new', againstId: 'old', round: 2 });

describe('the next round', () => {
  beforeEach(freshDisk);

  it('can begin once a policy was made, and leads to Compare with pairs of that policy', async () => {
    const page = await openVoting();
    expect(nextWriterId(page.lab.getState())).toBeNull();
    page.lab.getState().rounds.start();
    expect(round(page)).toBe(1);
    page.kill();

    const ready = await firstRound();
    const { policyId, baseId } = slots(ready);
    expect(nextWriterId(ready.lab.getState())).toBe(policyId);
    ready.lab.getState().view.go('optimise');
    ready.lab.getState().rounds.start();
    await settle();
    expect(round(ready)).toBe(2);
    expect(ready.lab.getState().view.stage).toBe('compare');
    expect([newestId(ready.lab.getState()), olderId(ready.lab.getState())]).toEqual([policyId, baseId]);
    expect(ready.lab.getState().pairs.shown?.pair).toMatchObject({ policyId, round: 2 });
    expect(ready.lab.getState().pairs.shown?.pair).not.toHaveProperty('againstId');
    expect(nextWriterId(ready.lab.getState()), 'it writes already').toBeNull();
    expect(stageStatus(ready.lab.getState(), 'compare')).toBe('empty');
    expect(stageStatus(ready.lab.getState(), 'optimise')).toBe('stale');
    expect(toasts(ready)).toEqual(['Round 2: vote on what policy, 40 steps writes.']);
    ready.kill();
  });

  it('marks every vote of it, by hand and simulated, and leaves those of the first unmarked', async () => {
    const page = await secondRound();
    await vote(page);
    await page.lab.getState().opinions.simulate(5);
    const votes = votesIn(page.lab.getState().opinions.all);
    expect(votes.map((one) => one.round)).toEqual([...new Array(27).fill(undefined), ...new Array(6).fill(2)]);
    expect(new Set(votes.slice(27).map(({ policyId }) => policyId))).toEqual(new Set([slots(page).policyId]));
    expect(roundSummaries(votes, 2)).toEqual([
      { round: 1, human: 3, simulated: 24, imported: 0, rankings: 0, duel: null, simulatedDuel: null },
      { round: 2, human: 1, simulated: 5, imported: 0, rankings: 0, duel: null, simulatedDuel: null },
    ]);
    page.kill();
  });

  it('lets old and new write against each other, and says which was which only after the vote', async () => {
    const page = await secondRound();
    const { policyId, baseId } = slots(page);
    page.lab.getState().rounds.setPairing('versus');
    await settle();
    const { shown } = page.lab.getState().pairs;
    expect(shown?.pair).toMatchObject({ policyId, againstId: baseId, round: 2 });
    page.lab.setState((state) => ({ notices: { ...state.notices, toasts: [] } }));
    await vote(page, 'b');
    const newer = shown?.swapped ? 'B' : 'A';
    expect(toasts(page)).toEqual([`B is better: stored. ${newer} was the newer model’s.`]);
    expect(votesIn(page.lab.getState().opinions.all).at(-1)).toMatchObject({
      policyId,
      againstId: baseId,
      round: 2,
      ranks: [2, 1],
    });
    await page.lab.getState().opinions.simulate(4);
    expect(lastCall(page, 'compare/simulate')).toMatchObject({ policyId, againstId: baseId });
    const duel = roundSummaries(page.lab.getState().opinions.all, 2)[1]?.duel;
    expect(duel?.won).toMatchObject({ count: 1, share: newer === 'B' ? 1 : 0 });
    page.kill();
  });

  it('marks rankings too, whose completions are the newest policy’s', async () => {
    const page = await secondRound();
    await page.lab.getState().groups.prepare();
    await settle();
    const { shown } = page.lab.getState().groups;
    expect(shown?.set).toMatchObject({ policyId: slots(page).policyId, round: 2 });
    const order = shown?.set.completions.map((_, i) => [i]) ?? [];
    page.lab.getState().groups.arrange({ tiers: order, strengths: order.slice(1).map(() => 0) });
    page.wait(1000);
    await page.lab.getState().groups.rank();
    await page.lab.getState().opinions.simulate(3, 'rankings');
    const rankings = groupsIn(page.lab.getState().opinions.all);
    expect(rankings.map(({ round: one, policyId }) => [one, policyId])).toEqual(
      new Array(4).fill([2, slots(page).policyId]),
    );
    expect(roundSummaries(rankings, 2).map((one) => one.rankings)).toEqual([0, 4]);
    page.lab.getState().rounds.back();
    expect(round(page), 'somebody ranked').toBe(2);
    page.kill();
  });

  it('repeats in secret only pairs of its own', async () => {
    const page = await secondRound();
    for (let i = 0; i < 24; i++) await vote(page);
    const votes = votesIn(page.lab.getState().opinions.all);
    const ofRound = new Map(votes.map((one) => [one.rankingId, one.round]));
    const repeats = votes.filter(({ repeatOf }) => repeatOf !== null);
    expect(repeats.length).toBeGreaterThan(1);
    expect(repeats.map(({ repeatOf }) => ofRound.get(repeatOf ?? ''))).toEqual(repeats.map(() => 2));
    page.kill();
  });

  it('takes a vote of the round before back where it was cast, and the start of a round while nobody voted in it', async () => {
    const page = await secondRound();
    await vote(page);
    page.lab.getState().rounds.back();
    expect(round(page), 'somebody voted').toBe(2);
    await page.lab.getState().pairs.undo();
    await page.lab.getState().pairs.undo(); // the last of the first round
    const { shown } = page.lab.getState().pairs;
    const votes = votesIn(page.lab.getState().opinions.all);
    expect(votes.filter(({ source }) => source === 'human')).toHaveLength(2);
    expect(shown?.pair).toMatchObject({ policyId: slots(page).baseId });
    await vote(page);
    expect(votesIn(page.lab.getState().opinions.all).at(-1)).not.toHaveProperty('round');
    page.lab.getState().rounds.back();
    await settle();
    expect(round(page)).toBe(1);
    expect(page.lab.getState().pairs.shown?.pair.policyId).toBe(slots(page).baseId);
    page.lab.getState().rounds.back();
    expect(round(page), 'there is none before the first').toBe(1);
    expect(nextWriterId(page.lab.getState())).toBe(slots(page).policyId);
    page.kill();
  });

  it('trains the reward model on all rounds, stale until then, and tells how it stands with each', async () => {
    const page = await secondRound();
    expect(stageStatus(page.lab.getState(), 'reward'), 'no new vote yet').toBe('done');
    await page.lab.getState().opinions.simulate(10);
    expect(stageStatus(page.lab.getState(), 'reward')).toBe('stale');
    await train(page, 'reward');
    expect(stageStatus(page.lab.getState(), 'reward')).toBe('done');
    const { spec, review } = page.lab.getState().runs.reward;
    expect(spec).toMatchObject({ baseId: slots(page).baseId, round: 2, rater: { name: 'happy' } });
    expect(spec).toMatchObject({ opinions: page.lab.getState().opinions.all });
    expect(review?.review.byRound?.map(({ round: one, pairs }) => [one, pairs])).toEqual([
      [1, 27],
      [2, 10],
    ]);
    page.kill();
  });

  it.each(['ppo', 'dpo'] as const)(
    'goes on from the newest policy by %s, with the distance counted from where the visitor says',
    async (kind) => {
      const page = await secondRound();
      const { policyId: first, baseId } = slots(page);
      await page.lab.getState().opinions.simulate(10);
      await train(page, 'reward');
      await train(page, kind);
      expect(page.lab.getState().runs[kind].spec).toMatchObject({ baseId, startId: first, round: 2 });
      expect(stageStatus(page.lab.getState(), 'optimise')).toBe('done');
      await page.lab.getState().shelf.setSlot('referenceId', first);
      expect(stageStatus(page.lab.getState(), 'optimise')).toBe('stale');
      await train(page, kind);
      const { spec, state } = page.lab.getState().runs[kind];
      expect(spec).toMatchObject({ baseId: first, round: 2 });
      expect(spec).not.toHaveProperty('startId');
      expect(nextWriterId(page.lab.getState())).toBe(state?.checkpointId);
      page.lab.getState().rounds.start();
      await settle();
      expect([round(page), olderId(page.lab.getState())]).toEqual([3, first]);
      expect(slots(page).referenceId, 'still the newest').toBe(newestId(page.lab.getState()));
      page.lab.getState().rounds.back();
      expect(slots(page).referenceId).toBe(first);
      page.lab.getState().rounds.back();
      expect(round(page), 'the votes of round 2 are there').toBe(2);
      page.kill();
    },
  );

  it('says at a reset what stays', async () => {
    const page = await secondRound();
    page.lab.setState((state) => ({ notices: { ...state.notices, toasts: [] } }));
    await page.lab.getState().runs.reset('ppo');
    expect(toasts(page)).toEqual([
      'Round 2 goes on: its votes and the models of the rounds before stay. It begins again from policy, 40 steps.',
    ]);
    expect([round(page), newestId(page.lab.getState())]).toEqual([2, slots(page).policyId]);
    page.kill();
  });

  it('can begin with a fine-tuned model, once there are votes on the base', async () => {
    const page = await firstRound();
    page.lab.setState((state) => ({ shelf: { ...state.shelf, slots: { ...state.shelf.slots, policyId: null } } }));
    const all = Array.from({ length: 6 }, (_, i) => ({
      demonstrationId: `d${i}`,
      prompt: `p ${i}`,
      completion: 'the fox sang .',
      source: 'human' as const,
    }));
    page.lab.setState(({ demonstrations }) => ({ demonstrations: { ...demonstrations, all } }));
    await train(page, 'finetune');
    const { fineTunedId, baseId } = slots(page);
    expect(nextWriterId(page.lab.getState())).toBe(fineTunedId);
    page.lab.getState().rounds.start();
    await settle();
    expect([round(page), newestId(page.lab.getState()), olderId(page.lab.getState())]).toEqual([
      2,
      fineTunedId,
      baseId,
    ]);
    page.lab.getState().rounds.setPairing('versus');
    await settle();
    expect(page.lab.getState().pairs.shown?.pair).toMatchObject({ policyId: fineTunedId, againstId: baseId, round: 2 });
    page.kill();
  });

  it('goes on with what is left when its model is taken off the shelf', async () => {
    const page = await secondRound();
    const { policyId, baseId } = slots(page);
    await page.lab.getState().shelf.remove(policyId as string);
    await settle();
    expect([round(page), newestId(page.lab.getState())]).toEqual([2, baseId]);
    expect(page.lab.getState().pairs.shown?.pair).toMatchObject({ policyId: baseId, round: 2 });
    page.kill();
  });

  it('belongs to the base model: another base has rounds of its own', async () => {
    const page = await secondRound();
    const { baseId } = slots(page);
    await page.lab.getState().shelf.loadShipped('small');
    expect(round(page)).toBe(1);
    await page.lab.getState().shelf.setSlot('baseId', baseId);
    expect(round(page)).toBe(2);
    page.kill();
  });
});

describe('rounds on disk and in files', () => {
  beforeEach(freshDisk);

  it('are there again when the page is opened again', async () => {
    const page = await secondRound();
    page.lab.getState().rounds.setPairing('versus');
    await settle();
    await vote(page);
    const { shown } = page.lab.getState().pairs;
    const votes = votesIn(page.lab.getState().opinions.all);
    await settle();
    page.kill();
    const again = await openPage();
    await settle();
    expect(round(again)).toBe(2);
    expect(again.lab.getState().rounds).toMatchObject({ pairing: 'versus' });
    expect(votesIn(again.lab.getState().opinions.all)).toEqual(votes);
    await again.lab.getState().pairs.prepare();
    expect(again.lab.getState().pairs.shown?.pair).toEqual(shown?.pair);
    await again.lab.getState().session.clearAll();
    expect(again.lab.getState().rounds).toMatchObject({ ended: {}, pairing: 'newest' });
    again.kill();
  });

  it('are taken from the disk only when they are sound', async () => {
    const storage = idbStorage();
    await storage.putSetting('rounds', { ended: { base: [7] }, pairing: 'all' } as unknown as Settings['rounds']);
    storage.close();
    const page = await openPage();
    expect(page.lab.getState().rounds).toMatchObject({ ended: {}, pairing: 'newest' });
    page.kill();
  });

  it('travel with votes as JSON Lines, and come back', async () => {
    const page = await secondRound();
    page.lab.getState().rounds.setPairing('versus');
    await settle();
    await vote(page);
    await page.lab.getState().opinions.exportFile();
    const { content } = page.files.at(-1) as { content: string };
    const lines = content
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Vote);
    expect(lines.map((line) => line.round)).toEqual([...new Array(27).fill(1), 2]);
    expect(lines.at(-1)).toMatchObject({ policyId: slots(page).policyId, againstId: slots(page).baseId });
    const before = votesIn(page.lab.getState().opinions.all);
    page.kill();
    freshDisk();
    const other = await openPage();
    await other.lab.getState().opinions.importFile(new TextEncoder().encode(content), 'votes.jsonl');
    const imported = votesIn(other.lab.getState().opinions.all);
    expect(imported.map(({ round: one, againstId }) => [one, againstId])).toEqual(
      before.map((one) => [one.round, one.againstId]),
    );
    const bad = JSON.stringify({ ...lines.at(-1), round: 0 });
    await other.lab.getState().opinions.importFile(new TextEncoder().encode(bad), 'bad.jsonl');
    expect(other.lab.getState().notices.notices[0]?.message).toContain('"round" is 0, and at least 1 belongs there');
    other.kill();
  });
});

describe('old against new', () => {
  const duel = (choices: [VoteChoice, boolean][]) =>
    duelOf(choices.map(([choice, swapped]) => otherwise(versus, { choice, swapped })));

  it('counts what went to the newer model, whichever side it stood on', () => {
    expect(
      duel([
        ['a', false],
        ['b', true],
        ['a', true],
        ['b', false],
      ])?.won,
    ).toMatchObject({ share: 0.5, count: 4 }); // prettier-ignore
    expect(
      duel([
        ['a', false],
        ['b', true],
      ])?.won,
    ).toMatchObject({ share: 1, count: 2 }); // prettier-ignore
  });

  it('leaves ties and both bad out of the share and counts them apart, and leaves hidden repeats out', () => {
    expect(
      duel([
        ['tie', false],
        ['bothBad', true],
        ['a', false],
      ]),
    ).toMatchObject({ won: { share: 1, count: 1 }, undecided: 2 }); // prettier-ignore
    expect(duelOf([{ ...versus, repeatOf: 'earlier' }])).toBeNull();
    expect(duelOf([{ ...versus, againstId: undefined } as unknown as Vote])).toBeNull();
    expect(duel([['tie', false]])?.won).toEqual({ share: 0, low: 0, high: 1, count: 0 });
  });

  it('has Wilson’s interval: 8 of 10 is 49 to 94 %', () => {
    const won = new Array<[VoteChoice, boolean]>(8).fill(['a', false]);
    const { low = 0, high = 0 } = duel([...won, ['b', false], ['a', true]])?.won ?? {};
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
  });
});
