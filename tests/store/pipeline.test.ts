import { beforeEach, describe, expect, it } from 'vitest';
import type { RUN_KINDS } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import { type TasteResult, votesIn } from '../../src/contract/preferences';
import { isTasteOutdated } from '../../src/store/opinions/tasteDue';
import { stageStatus } from '../../src/store/page/stageStatus';
import { STAGES } from '../../src/store/page/stages';
import { inputsKey, runIsOutdated } from '../../src/store/runs/inputs';
import { FakeClient } from '../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from './openLab';

const statuses = ({ lab }: Page) =>
  Object.fromEntries(STAGES.map((stage) => [stage, stageStatus(lab.getState(), stage)]));
const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);
const lastCall = (page: Page, kind: string) => page.client.calls.findLast((call) => call.kind === kind)?.params;

async function finish(page: Page, kind: (typeof RUN_KINDS)[number]): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(10_000);
  await settle();
}

/** every stage done, from 12 votes */
async function openWhole(): Promise<Page> {
  const page = await openPage({ href: '?preset=tiny&seed=1&steps=20&rewardSteps=10&iterations=5' });
  await page.lab.getState().corpus.generate();
  await finish(page, 'pretrain');
  await page.lab.getState().pairs.prepare();
  for (let i = 0; i < 14; i++) await vote(page, i % 2 ? 'a' : 'b');
  page.lab.getState().taste.setUseRule(true); // votes by turns say nothing clear
  await finish(page, 'reward');
  await finish(page, 'ppo');
  return page;
}

describe('the pipeline', () => {
  beforeEach(freshDisk);

  it('goes from an empty page to a finished policy, each result playing its role at once', async () => {
    const page = await openPage({ href: '?preset=tiny&seed=1&steps=20&rewardSteps=10&iterations=5' });
    expect(statuses(page)).toEqual({
      start: 'done',
      data: 'empty',
      pretrain: 'empty',
      finetune: 'empty',
      compare: 'empty',
      reward: 'empty',
      optimise: 'empty',
    });
    const whole = await openWhole();
    const done = { start: 'done', data: 'done', pretrain: 'done', compare: 'done', reward: 'done', optimise: 'done' };
    expect(statuses(whole)).toEqual({ ...done, finetune: 'empty' });
    const { slots } = whole.lab.getState().shelf;
    expect([slots.baseId, slots.rewardId, slots.policyId].every((id) => whole.client.lab.shelf.has(id ?? ''))).toBe(
      true,
    );
    expect(codes(whole)).toEqual([]);
  });

  it('hands the run everything it is made from', async () => {
    const page = await openWhole();
    const { shelf, opinions } = page.lab.getState();
    expect(page.client.calls.filter(({ kind }) => kind === 'run/create').map(({ params }) => params)).toMatchObject([
      {
        spec: {
          kind: 'pretrain',
          seed: 1,
          config: { steps: 20 },
          model: { layers: 2, vocabSize: page.lab.getState().corpus.summary?.vocabSize },
        },
      },
      { spec: { kind: 'reward', baseId: shelf.slots.baseId, opinions: opinions.all, useRule: true, vetoed: [] } },
      { spec: { kind: 'ppo', baseId: shelf.slots.baseId, rewardId: shelf.slots.rewardId, rater: { name: 'happy' } } },
    ]);
  });

  it('calls a stage running while its run runs or is paused on the way', async () => {
    const page = await openPage({ href: '?steps=20' });
    await page.lab.getState().runs.play('pretrain');
    expect(stageStatus(page.lab.getState(), 'pretrain')).toBe('running');
    page.client.advance(5);
    await page.lab.getState().runs.pause('pretrain');
    expect(stageStatus(page.lab.getState(), 'pretrain')).toBe('running');
  });

  it('calls reward model and policy stale after another vote', async () => {
    const page = await openWhole();
    await vote(page);
    expect(statuses(page)).toMatchObject({ pretrain: 'done', compare: 'done', reward: 'stale' });
    await finish(page, 'reward');
    expect(statuses(page)).toMatchObject({ reward: 'done', optimise: 'stale' });
  });

  it('calls the base model stale when the corpus is made anew from other settings, and not when from the same', async () => {
    const page = await openWhole();
    await page.lab.getState().corpus.generate();
    expect(statuses(page)).toMatchObject({ data: 'done', pretrain: 'done' });
    page.lab.getState().config.change('stories', { happyShare: 0.6 });
    expect(statuses(page)).toMatchObject({ data: 'stale', pretrain: 'done' });
    await page.lab.getState().corpus.generate();
    expect(statuses(page)).toMatchObject({ data: 'done', pretrain: 'stale' });
  });

  it('calls everything after the base model stale when another base model is chosen', async () => {
    const page = await openWhole();
    await page.lab.getState().shelf.loadShipped('tiny');
    expect(statuses(page)).toMatchObject({
      data: 'done',
      pretrain: 'done',
      compare: 'stale',
      reward: 'stale',
      optimise: 'stale',
    });
  });

  it('says so when a veto would make another reward model', async () => {
    const page = await openWhole();
    await page.lab.getState().taste.toggleVeto('length');
    expect(statuses(page).reward).toBe('stale');
    await page.lab.getState().taste.toggleVeto('length');
    expect(statuses(page).reward).toBe('done');
  });

  it('is the same after a reload', async () => {
    const page = await openWhole();
    await vote(page);
    await settle();
    const before = statuses(page);
    page.kill();
    expect(statuses(await openPage())).toEqual(before);
  });

  it('makes the corpus by itself when Train is pressed without one', async () => {
    const page = await openPage({ href: '?steps=20' });
    await finish(page, 'pretrain');
    expect(page.lab.getState().corpus.summary).not.toBeNull();
    expect(page.lab.getState().runs.pretrain.state?.status).toBe('done');
  });

  it.each([
    ['reward', 'run/missingInput', 'pretrain'],
    ['ppo', 'run/missingInput', 'pretrain'],
  ] as const)('names the stage that is missing for %s', async (kind, code, stage) => {
    const page = await openPage();
    await page.lab.getState().runs.play(kind);
    const [notice] = page.lab.getState().notices.notices;
    expect(notice?.code).toBe(code);
    expect(notice?.actions).toContainEqual(expect.objectContaining({ kind: 'stage', stage }));
    expect(page.lab.getState().runs[kind]).toMatchObject({ busy: null, runId: null, error: { code } });
    await page.lab.getState().notices.act(notice?.actions[0] ?? { kind: 'dismiss', label: '' });
    expect(page.lab.getState().view.stage).toBe(stage);
  });

  it('asks for a reward model before PPO, and for votes before a reward model', async () => {
    const page = await openVoting();
    await page.lab.getState().runs.play('ppo');
    expect(page.lab.getState().runs.ppo.error?.message).toContain('Reward model');
    await page.lab.getState().runs.play('reward');
    expect(page.lab.getState().runs.reward.error?.code).toBe('run/tooFewVotes');
  });

  it('lets the rule label pairs for DPO only where the visitor asked for them, and then as for the reward model', async () => {
    const page = await openVoting();
    for (let i = 0; i < 15; i++) await vote(page);
    const { lab } = page;
    await lab.getState().runs.play('dpo');
    const plain = lastCall(page, 'run/create') as { spec: object };
    expect(plain.spec).toMatchObject({ kind: 'dpo', config: { ruleLabels: 0 } });
    expect(plain.spec).not.toHaveProperty('useRule');
    const key = inputsKey(lab.getState(), 'dpo');
    await lab.getState().taste.toggleVeto('length');
    expect(inputsKey(lab.getState(), 'dpo'), 'the rule is not asked').toBe(key);
    lab.getState().config.change('dpo', { ruleLabels: 600 });
    lab.getState().taste.setUseRule(true);
    await lab.getState().runs.reset('dpo');
    await lab.getState().runs.play('dpo');
    expect(lastCall(page, 'run/create')).toMatchObject({
      spec: { config: { ruleLabels: 600 }, useRule: true, vetoed: ['length'] },
    });
    const ruled = inputsKey(lab.getState(), 'dpo');
    await lab.getState().taste.toggleVeto('length');
    expect(inputsKey(lab.getState(), 'dpo')).not.toBe(ruled);
  });

  it('trains on the votes alone when the visitor vetoes the idea, has too few votes, or brought a text', async () => {
    const page = await openVoting();
    await page.lab.getState().opinions.simulate(50);
    await page.lab.getState().runs.play('reward');
    expect(lastCall(page, 'run/create')).toMatchObject({ spec: { useRule: false } });
    await page.lab.getState().runs.reset('reward');
    for (let i = 0; i < 15; i++) await vote(page);
    page.lab.getState().taste.setUseRule(false);
    await page.lab.getState().runs.play('reward');
    expect(lastCall(page, 'run/create')).toMatchObject({ spec: { useRule: false } });
    await page.lab.getState().runs.reset('reward');
    page.lab.getState().taste.setUseRule(true);
    await page.lab.getState().runs.play('reward');
    expect(lastCall(page, 'run/create')).toMatchObject({ spec: { useRule: true } });
    await page.lab.getState().corpus.useText(new TextEncoder().encode('one two three '.repeat(100)), 'mine.txt');
    await page.lab.getState().runs.reset('reward');
    await page.lab.getState().runs.play('reward');
    expect(lastCall(page, 'run/create')).toMatchObject({ spec: { useRule: false } });
  });
});

describe('a run', () => {
  beforeEach(freshDisk);

  it('collects curves, samples and attention, and drops what comes late from a run that is gone', async () => {
    const page = await openPage({ href: '?steps=50&evalEvery=25' });
    await page.lab.getState().runs.play('pretrain');
    const runId = page.lab.getState().runs.pretrain.runId as string;
    page.client.advance(30);
    await settle();
    const { history, samples, attention } = page.lab.getState().runs.pretrain;
    expect(history.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(samples.map(({ step }) => step)).toEqual([25]);
    expect(attention?.step).toBe(25);
    await page.lab.getState().runs.reset('pretrain');
    page.client.emit('run/metrics', { runId, points: [{ step: 31, elapsedMs: 0, values: {} }] });
    await settle();
    expect(page.lab.getState().runs.pretrain).toMatchObject({ runId: null, history: [], samples: [] });
    expect((await page.lab.getState().runs.reset('pretrain')) === undefined).toBe(true);
  });

  it('commits the events of one frame at once', async () => {
    const page = await openPage({ href: '?steps=50' });
    await page.lab.getState().runs.play('pretrain');
    let commits = 0;
    page.lab.subscribe((state, before) => {
      if (state.runs.pretrain.history !== before.runs.pretrain.history) commits++;
    });
    page.client.advance(20);
    await settle();
    expect(page.lab.getState().runs.pretrain.history).toHaveLength(20);
    expect(commits).toBe(1);
  });

  it('starts afresh when Train is pressed after its end', async () => {
    const page = await openPage({ href: '?steps=20' });
    await finish(page, 'pretrain');
    const before = page.lab.getState().runs.pretrain.runId;
    await page.lab.getState().runs.play('pretrain');
    expect(page.lab.getState().runs.pretrain).toMatchObject({ history: [], state: { status: 'running', step: 0 } });
    expect(page.lab.getState().runs.pretrain.runId).not.toBe(before);
  });

  it('is used as it stands without being ended', async () => {
    const page = await openPage({ href: '?steps=50' });
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(10);
    await page.lab.getState().runs.pause('pretrain');
    await page.lab.getState().runs.keep('pretrain');
    const { shelf } = page.lab.getState();
    expect(shelf.checkpoints.map(({ checkpointId }) => checkpointId)).toEqual([shelf.slots.baseId]);
    expect(stageStatus(page.lab.getState(), 'pretrain')).toBe('done');
    await page.lab.getState().pairs.prepare();
    expect(page.lab.getState().pairs.shown?.pair.policyId).toBe(shelf.slots.baseId);
    await page.lab.getState().runs.play('pretrain');
    expect(page.lab.getState().runs.pretrain.state).toMatchObject({ status: 'running', step: 10 });
  });

  it('steps one step, and PPO one phase', async () => {
    const page = await openWhole();
    await page.lab.getState().runs.reset('pretrain');
    await page.lab.getState().runs.step('pretrain');
    expect(page.lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 1 });
    await page.lab.getState().runs.reset('ppo');
    await page.lab.getState().runs.step('ppo');
    expect(page.lab.getState().runs.ppo.state).toMatchObject({ step: 0, phase: 'evaluation' });
  });

  it('changes the leash of a running PPO, marks the chart and writes the address', async () => {
    const page = await openWhole();
    page.lab.getState().config.change('ppo', { iterations: 40 });
    await page.lab.getState().runs.play('ppo');
    page.client.advance(7);
    await settle();
    await page.lab.getState().runs.adjust({ klCoef: 0 });
    expect(lastCall(page, 'run/adjust')).toMatchObject({ knobs: { klCoef: 0 } });
    expect(page.lab.getState().runs.ppo.marks).toEqual([{ step: 7, label: 'β 0' }]);
    await page.lab.getState().runs.adjust({ klCoef: 0.05 });
    expect(page.lab.getState().runs.ppo.marks).toEqual([{ step: 7, label: 'β 0.05' }]);
    await page.lab.getState().runs.adjust({ ptxCoef: 0.5, klTarget: 3 });
    expect(page.lab.getState().runs.ppo.marks).toEqual([{ step: 7, label: 'β 0.05, KL target 3, corpus 0.5' }]);
    page.client.advance(2);
    await settle();
    await page.lab.getState().runs.adjust({ learningRate: 1e-3 });
    expect(page.lab.getState().runs.ppo.marks.slice(1)).toEqual([{ step: 9, label: 'rate 0.001' }]);
    await page.lab.getState().runs.adjust({ klCoef: 0.05 });
    expect(page.address.read().search).toContain('klCoef=0.05');
    expect(runIsOutdated(page.lab.getState(), 'ppo')).toBe(false);
    page.lab.getState().config.change('ppo', { rollouts: 64 });
    expect(runIsOutdated(page.lab.getState(), 'ppo')).toBe(true);
  });

  it('turns the learning rate of a fine-tuning that runs, and nothing else of it', async () => {
    const page = await openWhole();
    await page.lab.getState().demonstrations.addWished(60);
    await page.lab.getState().runs.play('finetune');
    page.client.advance(3);
    await settle();
    await page.lab.getState().runs.adjust({ learningRate: 5e-4 }, 'finetune');
    expect(page.lab.getState().config.value.finetune).toMatchObject({ learningRate: 5e-4, epochs: 12 });
    expect(page.lab.getState().config.value.ppo.klCoef).toBe(0.1);
    expect(lastCall(page, 'run/adjust')).toMatchObject({ runId: page.lab.getState().runs.finetune.runId });
    expect(page.lab.getState().runs.finetune.marks).toEqual([{ step: 3, label: 'rate 0.0005' }]);
    expect(runIsOutdated(page.lab.getState(), 'finetune')).toBe(false);
    page.lab.getState().config.change('finetune', { epochs: 5 });
    expect(runIsOutdated(page.lab.getState(), 'finetune')).toBe(true);
  });

  it('only sets the configuration when the leash changes without a run', async () => {
    const page = await openPage();
    await page.lab.getState().runs.adjust({ klCoef: 0.7 });
    expect(page.lab.getState().config.value.ppo.klCoef).toBe(0.7);
    expect(page.client.calls.some(({ kind }) => kind === 'run/adjust')).toBe(false);
  });

  it('stops with a sentence when a number becomes infinite, and goes back to the last good state', async () => {
    const page = await openPage({ href: '?steps=50' });
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(10);
    await page.lab.getState().runs.pause('pretrain');
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(3);
    const runId = page.lab.getState().runs.pretrain.runId as string;
    page.client.failRun(runId, new LabError('run/nonFinite', 'train/loss is NaN at step 14.'));
    await settle();
    const [notice] = page.lab.getState().notices.notices;
    expect(notice).toMatchObject({ code: 'run/nonFinite', actions: [{ kind: 'goBack', run: 'pretrain' }] });
    expect(page.lab.getState().runs.pretrain).toMatchObject({
      error: { code: 'run/nonFinite' },
      state: { status: 'failed' },
    });
    await page.lab.getState().notices.act({ kind: 'goBack', run: 'pretrain', label: '' }, notice?.noticeId);
    expect(page.lab.getState().runs.pretrain).toMatchObject({
      error: null,
      busy: null,
      state: { status: 'paused', step: 10 },
    });
    expect(page.lab.getState().runs.pretrain.history.at(-1)?.step).toBe(10);
  });

  it('tells the thread whether someone looks at the attention, also when the run comes later', async () => {
    const page = await openPage({ href: '?steps=50' });
    page.lab.getState().runs.watch('pretrain', true);
    await page.lab.getState().runs.play('pretrain');
    expect(lastCall(page, 'run/watch')).toMatchObject({ attention: true });
    page.lab.getState().runs.watch('pretrain', false);
    await settle();
    expect(lastCall(page, 'run/watch')).toMatchObject({ attention: false });
  });

  it('ignores presses while the thread is busy with it', async () => {
    const page = await openPage({ href: '?steps=50' });
    await page.lab.getState().corpus.generate();
    const release = page.client.hold('run/create');
    const pressed = [page.lab.getState().runs.play('pretrain'), page.lab.getState().runs.play('pretrain')];
    await settle();
    expect(page.lab.getState().runs.pretrain.busy).toBe('creating');
    release();
    await Promise.all(pressed);
    expect(page.client.calls.filter(({ kind }) => kind === 'run/create')).toHaveLength(1);
  });

  it('exports every point of its history', async () => {
    const page = await openPage({ href: '?steps=700' });
    await finish(page, 'pretrain');
    await page.lab.getState().runs.exportCsv('pretrain');
    expect(page.files[0]?.fileName).toBe('pretrain.csv');
    expect(String(page.files[0]?.content).trim().split('\r\n')).toHaveLength(701);
  });
});

describe('the other slices', () => {
  beforeEach(freshDisk);

  it('brings the visitor’s own text back after a reload', async () => {
    const page = await openPage();
    await page.lab.getState().corpus.useText(new TextEncoder().encode('Der Fuchs sang. '.repeat(40)), 'fuchs.txt');
    await settle();
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().corpus).toMatchObject({
      summary: { kind: 'text', size: 640 },
      origin: { name: 'fuchs.txt' },
      busy: false,
    });
  });

  it('keeps the corpus it has when a text is refused', async () => {
    const page = await openPage();
    await page.lab.getState().corpus.generate();
    const { summary } = page.lab.getState().corpus;
    await page.lab.getState().corpus.useText(new Uint8Array(0), 'empty.txt');
    expect(codes(page)).toEqual(['text/empty']);
    await page.lab.getState().corpus.useText(new Uint8Array(20 * 1024 * 1024 + 1), 'huge.txt');
    expect(page.lab.getState().corpus.error).toMatchObject({
      code: 'text/tooLong',
      message: expect.stringMatching(/up to 20 MB\.$/),
    });
    expect(page.lab.getState().corpus).toMatchObject({ summary, busy: false });
  });

  it('exports and imports checkpoints, and refuses a file that is none', async () => {
    const page = await openVoting();
    await page.lab.getState().shelf.exportFile('shipped-tiny');
    const bytes = page.files[0]?.content as Uint8Array;
    freshDisk();
    const other = await openPage();
    await other.lab.getState().shelf.importFile(new TextEncoder().encode('nonsense'), 'x.safetensors');
    expect(codes(other)).toEqual(['file/checkpoint']);
    expect(other.lab.getState().shelf.checkpoints).toEqual([]);
    await other.lab.getState().shelf.importFile(bytes, 'base.safetensors');
    expect(other.lab.getState().shelf.slots.baseId).toBe('shipped-tiny');
    expect(other.lab.getState().corpus.summary).not.toBeNull();
  });

  it('infers the taste by itself after a dozen votes, and says when it is outdated', async () => {
    const page = await openVoting();
    while (votesIn(page.lab.getState().opinions.all).filter(({ repeatOf }) => repeatOf === null).length < 12)
      await vote(page);
    await settle();
    expect(page.lab.getState().taste).toMatchObject({ result: { kind: 'rule' } });
    expect(isTasteOutdated(page.lab.getState())).toBe(false);
    await vote(page);
    expect(isTasteOutdated(page.lab.getState())).toBe(true);
  });

  it('lets the rule label by itself only when something about it is clear, and leaves it to the visitor who has said so', async () => {
    const page = await openVoting();
    const call = page.client.call.bind(page.client);
    let clear = false;
    page.client.call = async (kind, params) => {
      const answer = await call(kind, params);
      if (kind !== 'taste/infer') return answer;
      const { rule } = answer as Extract<TasteResult, { kind: 'rule' }>;
      const weights = rule.weights.map((weight) => ({ ...weight, low: clear ? 0.1 : -1, high: 1 }));
      return { kind: 'rule', rule: { ...rule, weights } } as typeof answer;
    };
    for (let i = 0; i < 16; i++) await vote(page);
    await page.lab.getState().taste.infer();
    expect(page.lab.getState().taste.useRule).toBe(false);
    clear = true;
    await vote(page);
    await page.lab.getState().runs.play('reward');
    expect(lastCall(page, 'run/create')).toMatchObject({ spec: { useRule: true } });
    page.lab.getState().taste.setUseRule(false);
    await page.lab.getState().taste.infer();
    expect(page.lab.getState().taste.useRule).toBe(false);
  });

  it('fits once more when a veto comes while it is fitting', async () => {
    const page = await openVoting();
    for (let i = 0; i < 16; i++) await vote(page);
    await settle();
    const release = page.client.hold('taste/infer');
    const first = page.lab.getState().taste.infer();
    const second = page.lab.getState().taste.toggleVeto('length');
    release();
    await Promise.all([first, second]);
    expect(lastCall(page, 'taste/infer')).toMatchObject({ vetoed: ['length'] });
    expect(page.lab.getState().taste.busy).toBe(false);
  });

  it('shows the score of the newest text when answers overtake each other', async () => {
    const page = await openWhole();
    const release = page.client.hold('reward/score');
    page.lab.getState().scoring.setText('it sang');
    await settle(20);
    page.lab.getState().scoring.setText('it sang . she was glad .');
    release();
    await settle();
    expect(
      page.lab
        .getState()
        .scoring.result?.tokens.map(({ text }) => text)
        .join(' '),
    ).toBe('it sang . she was glad .');
    expect(page.lab.getState().scoring.busy).toBe(false);
  });

  it('says what is missing when a text is scored without a reward model', async () => {
    const page = await openPage();
    page.lab.getState().scoring.setText('it sang');
    await settle();
    expect(page.lab.getState().scoring.error?.code).toBe('run/missingInput');
    expect(codes(page)).toEqual([]);
  });

  it('opens Inspect with an example of the corpus and reads the newest model', async () => {
    const page = await openVoting();
    page.lab.getState().inspect.show();
    await settle();
    const { maps, next, text } = page.lab.getState().inspect;
    expect(text).not.toBe('');
    expect(maps?.layers).toBe(2);
    expect(next.length).toBeGreaterThan(0);
    expect(lastCall(page, 'inspect/attention')).toMatchObject({ checkpointId: 'shipped-tiny', text });
  });

  it('looks again with the drawer open when another model plays the role, and while one learns', async () => {
    const tasks: (() => void)[] = [];
    const page = await openPage({ href: '?steps=60&evalEvery=25', later: (task) => tasks.push(task) });
    await page.lab.getState().runs.play('pretrain');
    page.lab.getState().inspect.show('it sang');
    await settle();
    const { runId } = page.lab.getState().runs.pretrain;
    expect(lastCall(page, 'inspect/attention')).toMatchObject({ checkpointId: `live:${runId}` });
    const looks = () => page.client.calls.filter(({ kind }) => kind === 'inspect/attention').length;
    const before = looks();
    page.client.advance(25);
    await settle();
    expect(looks(), 'a model that learns is looked at now and then').toBe(before);
    const news: string[] = [];
    const leave = page.lab.subscribe(({ work }) => void news.push(...Object.keys(work.underway)));
    for (const task of tasks.splice(0)) task();
    await settle();
    expect(looks()).toBe(before + 1);
    expect(news, 'nobody asked, so no bar comes and goes').not.toContain('inspect');
    void page.lab.getState().inspect.refresh();
    await settle();
    leave();
    expect(news, 'somebody asked').toContain('inspect');
    page.client.advance(60);
    await settle();
    expect(lastCall(page, 'inspect/attention')).toMatchObject({ checkpointId: page.lab.getState().shelf.slots.baseId });
  });

  it('keeps the prompt the visitor chose over a reload and a new corpus of the same kind of making', async () => {
    const page = await openPage();
    await page.lab.getState().corpus.generate();
    page.lab.getState().runs.setFixedPrompt('the owl found a lamp .');
    await page.lab.getState().corpus.generate();
    expect(page.lab.getState().runs.fixedPrompt).toBe('the owl found a lamp .');
    await settle();
    page.kill();
    expect((await openPage()).lab.getState().runs.fixedPrompt).toBe('the owl found a lamp .');
  });

  it('asks a reward model for no next token', async () => {
    const page = await openWhole();
    page.lab.getState().inspect.show('it sang');
    page.lab.getState().inspect.setCheckpoint(page.lab.getState().shelf.slots.rewardId ?? '');
    await settle();
    expect(page.lab.getState().inspect).toMatchObject({ next: [], error: null });
    expect(page.lab.getState().inspect.maps).not.toBeNull();
  });

  it('starts the engine with what the address forces, once', async () => {
    const page = await openPage({ href: '?backend=wasm&executor=portable' });
    expect(page.client.calls.filter(({ kind }) => kind === 'engine/start').map(({ params }) => params)).toEqual([
      { backend: 'wasm', executor: 'portable' },
    ]);
    expect(page.lab.getState().engine).toMatchObject({ status: 'ready', info: { backend: 'wasm' } });
  });

  it('follows the engine to another path', async () => {
    const page = await openPage();
    const info = {
      backend: 'wasm',
      executor: 'portable',
      threads: null,
      threadsUp: null,
      fast: null,
      adapter: null,
      reason: 'The device was lost.',
      crossOriginIsolated: true,
    } as const;
    page.client.emit('engine/changed', { info, error: { code: 'webgpu/lost', message: 'gone', stack: undefined } });
    expect(page.lab.getState().engine.info).toEqual(info);
    expect(codes(page)).toEqual(['webgpu/lost']);
  });

  it('shows trouble with a text once, and no longer than until a text is taken', async () => {
    const client = new FakeClient();
    const page = await openPage({ client });
    const { useText } = page.lab.getState().corpus;
    client.fail('corpus/text', new LabError('text/tooShort', 'It has 12 characters.'));
    await useText(new TextEncoder().encode('A short text'), 'short.txt');
    await useText(new Uint8Array(), 'nothing.txt');
    expect(codes(page)).toEqual(['text/empty']);
    await useText(new TextEncoder().encode('A text. '.repeat(50)), 'long.txt');
    expect(codes(page)).toEqual([]);
    expect(page.lab.getState().corpus.error).toBeNull();
  });

  it('says once that a model file cannot be read, and no longer than until one can', async () => {
    const page = await openVoting();
    const { shelf } = page.lab.getState();
    const { checkpointId } = shelf.checkpoints[0] as { checkpointId: string };
    await shelf.exportFile(checkpointId);
    const file = page.files[0]?.content as Uint8Array;
    await shelf.importFile(new TextEncoder().encode('nonsense'), 'x.safetensors');
    expect(codes(page)).toEqual(['file/checkpoint']);
    expect(page.lab.getState().shelf.error).toBeNull();
    await shelf.importFile(file, 'base.safetensors');
    expect(codes(page)).toEqual([]);
  });

  it('shows a bug as one notice however often it happens', async () => {
    const client = new FakeClient();
    const page = await openVoting({ client });
    for (let i = 0; i < 3; i++) client.fail('corpus/samples', new Error('undefined is not a function'));
    for (let i = 0; i < 3; i++) await page.lab.getState().corpus.moreSamples();
    expect(page.lab.getState().notices.notices).toMatchObject([
      { code: undefined, tone: 'error', message: 'undefined is not a function' },
    ]);
  });
});
