/** Fine-tuning, rankings and DPO as the page holds them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Demonstration, Ranking } from '../../../src/contract/preferences';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { writerId } from '../../../src/store/rounds/rounds';
import { inputsKey } from '../../../src/store/runs/inputs';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const DEMONSTRATIONS: Demonstration[] = [0, 1, 2, 3].map((i) => ({
  demonstrationId: `d${i}`,
  prompt: 'the fox found a lamp .',
  completion: `the fox was glad ${i} .`,
  source: i === 0 ? 'grammar' : 'human',
}));
const RANKING: Ranking = {
  rankingId: 'r1',
  prompt: 'the fox found a lamp .',
  completions: ['the fox was glad .', 'the owl sang .', 'the owl was sad .'],
  ranks: [1, 2, 2],
  strengths: null,
  source: 'human',
  rater: null,
  policyId: 'shipped-tiny',
  seconds: 4,
  at: 5,
};
const created = ({ client }: Page) =>
  client.calls.filter(({ kind }) => kind === 'run/create').map(({ params }) => (params as { spec: object }).spec);
const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);

async function finish(page: Page, kind: 'finetune' | 'dpo' | 'reward'): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(10_000);
  await settle();
}

const show = ({ lab }: Page, all: Demonstration[]) =>
  lab.setState(({ demonstrations }) => ({ demonstrations: { ...demonstrations, all } }));

async function openFineTuned(): Promise<Page> {
  const page = await openVoting();
  show(page, DEMONSTRATIONS);
  await finish(page, 'finetune');
  return page;
}

describe('fine-tuning', () => {
  beforeEach(freshDisk);

  it('says what is missing without demonstrations', async () => {
    const page = await openVoting();
    await page.lab.getState().runs.play('finetune');
    expect(codes(page)).toEqual(['run/tooFewDemonstrations']);
  });

  it('begins from the base, and its result is where preferences begin from', async () => {
    const page = await openFineTuned();
    const { shelf, runs } = page.lab.getState();
    expect(created(page)).toMatchObject([
      { kind: 'finetune', baseId: 'shipped-tiny', demonstrations: DEMONSTRATIONS, rewardId: null },
    ]);
    expect(runs.finetune.state?.status).toBe('done');
    expect(shelf.slots.fineTunedId).toMatch(/^finetuned-/);
    expect(writerId(page.lab.getState())).toBe(shelf.slots.fineTunedId);
    expect(page.lab.getState().pairs.shown?.pair.policyId, 'pairs of the base are not shown any more').toBe(
      shelf.slots.fineTunedId,
    );
    expect(shelf.provenance[shelf.slots.fineTunedId!]).toBe(inputsKey(page.lab.getState(), 'finetune'));
  });

  it('is left behind when another base is chosen', async () => {
    const page = await openFineTuned();
    await page.lab.getState().shelf.loadShipped('small');
    expect(page.lab.getState().shelf.slots).toMatchObject({ baseId: 'shipped-small', fineTunedId: null });
  });

  it('counts the wish only where demonstrations came of one', async () => {
    const page = await openVoting();
    page.lab.getState().demonstrations.setWish({ animal: 'fox' });
    show(page, DEMONSTRATIONS.slice(1));
    await finish(page, 'finetune');
    show(page, DEMONSTRATIONS);
    await page.lab.getState().runs.reset('finetune');
    await finish(page, 'finetune');
    expect(created(page)).toMatchObject([{ wish: null }, { wish: { animal: 'fox', polite: true } }]);
  });

  it('is there again after a reload, demonstrations, wish and rankings too', async () => {
    const page = await openFineTuned();
    page.lab.getState().demonstrations.setWish({ happy: true });
    await page.lab.getState().opinions.add([RANKING]);
    const { fineTunedId } = page.lab.getState().shelf.slots;
    await settle();
    page.kill();
    const again = await openPage();
    await settle();
    const { demonstrations, opinions, shelf, runs } = again.lab.getState();
    expect(demonstrations).toMatchObject({ all: DEMONSTRATIONS, wish: { happy: true } });
    expect(opinions.all).toEqual([RANKING]);
    expect(shelf.slots.fineTunedId).toBe(fineTunedId);
    expect(runs.finetune.state?.status).toBe('done');
  });
});

describe('rankings and DPO', () => {
  beforeEach(freshDisk);

  it('learn from votes and rankings together, from the fine-tuned model', async () => {
    const page = await openFineTuned();
    for (let i = 0; i < 9; i++) await vote(page, i % 2 ? 'a' : 'b');
    await page.lab.getState().opinions.add([RANKING]);
    await finish(page, 'reward');
    await finish(page, 'dpo');
    const { shelf, opinions, runs } = page.lab.getState();
    expect(opinions.all).toHaveLength(10);
    const given = { baseId: shelf.slots.fineTunedId, opinions: opinions.all };
    expect(created(page).slice(1)).toMatchObject([
      { kind: 'reward', ...given },
      { kind: 'dpo', ...given, rewardId: shelf.slots.rewardId },
    ]);
    expect(shelf.slots.policyId).toBe(runs.dpo.state?.checkpointId);
    expect(stageStatus(page.lab.getState(), 'optimise')).toBe('done');
    await page.lab.getState().opinions.add([{ ...RANKING, rankingId: 'r2' }]);
    expect(stageStatus(page.lab.getState(), 'optimise')).toBe('stale');
    expect(stageStatus(page.lab.getState(), 'reward')).toBe('stale');
  });

  it('make a rule by themselves once there are a dozen pairs, simulated ones not counted', async () => {
    const page = await openVoting();
    const of = (count: number, source: Ranking['source']) =>
      Array.from({ length: count }, (_, i) => ({ ...RANKING, rankingId: `${source} ${i}`, ranks: [1, 2, 3], source }));
    const inferred = () => page.client.calls.filter(({ kind }) => kind === 'taste/infer').map(({ params }) => params);
    await page.lab.getState().opinions.add([...of(3, 'human'), ...of(9, 'simulated')]); // 9 pairs of the visitor's
    await settle();
    expect(inferred()).toEqual([]);
    await page.lab.getState().opinions.add(of(4, 'human').slice(3));
    await settle();
    expect(inferred()).toMatchObject([{ opinions: of(4, 'human') }]); // 12
  });

  it('need votes or rankings', async () => {
    const page = await openVoting();
    await page.lab.getState().runs.play('dpo');
    expect(codes(page)).toEqual(['run/tooFewVotes']);
    await page.lab.getState().opinions.add([RANKING]);
    await finish(page, 'dpo');
    expect(page.lab.getState().runs.dpo.state?.status).toBe('done');
    expect(page.lab.getState().runs.dpo.history.at(-1)?.values).toHaveProperty('eval_rewards/accuracies');
  });
});
