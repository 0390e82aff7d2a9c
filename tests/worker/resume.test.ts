import { beforeAll, describe, expect, it } from 'vitest';
import { KL_COEF } from '../../src/contract/config';
import { RUN_KINDS, type RunKind, type RunSpec } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import { decodeRun, encodeRun } from '../../src/worker/storedRun';
import type { Loopback } from './loopback';
import { ANY, bestOfSpec, byHand, dpoSpec, fineTuneSpec, ppoSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

/** wall time differs from run to run, everything else may not */
const numbers = (values: MetricValues) =>
  Object.fromEntries(Object.entries(values).filter(([id]) => !id.startsWith('perf/')));

const pointsOf = (lab: Loopback, runId: string) =>
  lab
    .of('run/metrics')
    .flatMap((data) =>
      data.runId === runId ? data.points.map(({ step, values }) => ({ step, ...numbers(values) })) : [],
    );

describe('a run that is interrupted', () => {
  let lab: Loopback;
  let specs: Record<RunKind, RunSpec>;

  const create = async (runId: string, kind: RunKind) => lab.client.call('run/create', { runId, spec: specs[kind] });

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    specs = { pretrain: pretrainSpec() } as typeof specs;
    await create('base', 'pretrain');
    const baseId = await finish(lab, 'base');
    const votes = await votesForShorter(lab, baseId);
    specs.reward = { ...rewardSpec(baseId, byHand(votes)), useRule: true };
    await create('judge', 'reward');
    const rewardId = await finish(lab, 'judge');
    specs.ppo = ppoSpec(baseId, rewardId);
    specs.bestOf = bestOfSpec(baseId, rewardId);
    specs.dpo = dpoSpec(baseId, votes);
    const demonstrations = await client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
    specs.finetune = fineTuneSpec(baseId, demonstrations);
  }, SLOW);

  it.each(['ppo', 'bestOf'] as const)(
    'stands still between two slices of writing, and goes on to the same numbers: %s',
    async (kind) => {
      const { client } = lab;
      const [whole, runId, again] = [`${kind} unpaused`, `${kind} held`, `${kind} held and restored`];
      await create(whole, kind);
      await finish(lab, whole);

      await create(runId, kind);
      for (let pauses = 0; pauses < 2; pauses++) {
        await client.call('run/play', { runId });
        const state = await client.call('run/pause', { runId }); // heard at the next slice
        expect(state).toMatchObject({ status: 'paused', step: 0, phase: kind === 'ppo' ? 'rollout' : null });
      }
      const snapshot = await client.call('run/snapshot', { runId });
      expect(decodeRun(snapshot).saved.state, 'half an iteration is never stored').toMatchObject(
        kind === 'ppo' ? { iteration: 0 } : { done: [] },
      );
      await finish(lab, runId);
      expect(pointsOf(lab, runId)).toEqual(pointsOf(lab, whole));

      await client.call('run/restore', { runId: again, snapshot });
      await finish(lab, again);
      expect(pointsOf(lab, again)).toEqual(pointsOf(lab, whole));
      for (const id of [whole, runId, again]) await client.call('run/dispose', { runId: id });
    },
  );

  it.each(RUN_KINDS)(
    'is paused wherever it hears of it, and goes on to the same numbers and weights: %s',
    async (kind) => {
      const { client } = lab;
      const [whole, runId] = [`${kind} unheld`, `${kind} held again and again`];
      await create(whole, kind);
      const expected = await finish(lab, whole);

      await create(runId, kind);
      const stands: { step: number; snapshot: Uint8Array }[] = [];
      for (let state = await client.call('run/play', { runId }); state.status !== 'done'; ) {
        state = await client.call('run/pause', { runId }); // heard at the next stop
        if (state.status === 'done') break;
        stands.push({ step: state.step, snapshot: await client.call('run/snapshot', { runId }) });
        state = await client.call('run/play', { runId });
      }
      expect(stands.length, 'more often than it has steps').toBeGreaterThan(stands.at(-1)!.step);
      expect(pointsOf(lab, runId)).toEqual(pointsOf(lab, whole));
      expect(lab.of('run/state').findLast((state) => state.runId === runId)?.checkpointId).toBe(expected);

      for (const [i, { snapshot }] of stands.filter((_, i) => i % 5 === 0).entries()) {
        const again = `${kind} from stand ${i}`;
        await client.call('run/restore', { runId: again, snapshot });
        expect(await finish(lab, again)).toBe(expected);
        await client.call('run/dispose', { runId: again });
      }
      for (const id of [whole, runId]) await client.call('run/dispose', { runId: id });
    },
    SLOW,
  );

  it.each(RUN_KINDS)('goes on to the same numbers and the same weights: %s', async (kind) => {
    const { client } = lab;
    await create(`${kind} whole`, kind);
    const whole = await finish(lab, `${kind} whole`);

    await create(`${kind} first`, kind);
    for (let i = 0; i < 3; i++) await client.call('run/step', { runId: `${kind} first` });
    const snapshot = await client.call('run/snapshot', { runId: `${kind} first` });
    await client.call('run/dispose', { runId: `${kind} first` });
    const restored = await client.call('run/restore', { runId: `${kind} second`, snapshot });
    expect(restored).toMatchObject({ status: 'paused', step: kind === 'ppo' ? 1 : 3 });
    expect(restored.elapsedMs).toBeGreaterThan(0);
    const parts = await finish(lab, `${kind} second`);

    expect([...pointsOf(lab, `${kind} first`), ...pointsOf(lab, `${kind} second`)]).toEqual(
      pointsOf(lab, `${kind} whole`),
    );
    expect(parts, 'checkpoints are named by their content').toBe(whole);
  });

  it('resumes PPO in the middle of an iteration from the beginning of that iteration', async () => {
    const { client } = lab;
    await create('cut', 'ppo');
    // one iteration, then rollout and evaluation
    for (let i = 0; i < 5; i++) await client.call('run/step', { runId: 'cut' });
    const snapshot = await client.call('run/snapshot', { runId: 'cut' });
    expect(await client.call('run/restore', { runId: 'cut again', snapshot })).toMatchObject({
      step: 1,
      phase: 'rollout',
    });
    await finish(lab, 'cut again');
    expect(pointsOf(lab, 'cut again')).toEqual(pointsOf(lab, 'ppo whole').slice(1));
    await client.call('run/dispose', { runId: 'cut' });
  });

  it('resumes PPO under a KL horizon that no new run may have, with β above 0 from then on', async () => {
    const { client } = lab;
    await create('short', 'ppo');
    for (let i = 0; i < 3; i++) await client.call('run/step', { runId: 'short' });
    const { spec, saved, ...rest } = decodeRun(await client.call('run/snapshot', { runId: 'short' }));
    Object.assign(spec.config, { klControl: 'adaptive', klHorizon: 0.5, klTarget: 50 });
    const state = { ...(saved.state as object), klCoef: -0.06 };
    const snapshot = encodeRun({ ...rest, spec, saved: { ...saved, state } });
    expect(await client.call('run/restore', { runId: 'short again', snapshot })).toMatchObject({
      status: 'paused',
      step: 1,
    });
    await finish(lab, 'short again');
    expect(pointsOf(lab, 'short again').map((values) => (values as MetricValues)['objective/kl_coef'])).toEqual([
      KL_COEF.least,
      KL_COEF.least,
    ]);
    await client.call('run/dispose', { runId: 'short' });
  });

  it('goes on with the same pairs where a rule labels some for DPO: those that a reward model of this seed gets', async () => {
    const { client } = lab;
    const plain = specs.dpo as Extract<RunSpec, { kind: 'dpo' }>;
    specs.dpo = {
      ...plain,
      opinions: byHand(plain.opinions),
      config: { ...plain.config, ruleLabels: 12 },
      vetoed: [],
      useRule: true,
    };
    await create('ruled', 'dpo');
    const whole = await finish(lab, 'ruled');
    await create('ruled first', 'dpo');
    for (let i = 0; i < 3; i++) await client.call('run/step', { runId: 'ruled first' });
    const snapshot = await client.call('run/snapshot', { runId: 'ruled first' });
    await client.call('run/restore', { runId: 'ruled second', snapshot });
    expect(await finish(lab, 'ruled second')).toBe(whole);
    const judge = decodeRun(await client.call('run/snapshot', { runId: 'reward whole' })).labels;
    expect(decodeRun(snapshot).labels).toEqual(judge);
    expect(judge).toHaveLength(12);
    expect(pointsOf(lab, 'ruled').at(-1)).toMatchObject({ 'train/rulePairs': 12 });
    specs.dpo = plain;
  });

  it('keeps what a rule labelled out of what is stored every few seconds, and tells it to the page once', async () => {
    const { client } = lab;
    await create('labelled', 'reward');
    const told = () => lab.of('run/labelled').filter(({ runId }) => runId.startsWith('labelled'));
    expect(told()).toHaveLength(1);
    const { labels } = told()[0]!;
    expect(labels).toHaveLength(12);
    for (let i = 0; i < 2; i++) await client.call('run/step', { runId: 'labelled' });
    const snapshot = await client.call('run/snapshot', { runId: 'labelled', changes: true });
    expect(Buffer.from(snapshot).includes(labels[0]!.chosen)).toBe(false);

    const madeFrom = specs.reward!;
    await client.call('run/restore', { runId: 'labelled again', snapshot, madeFrom, labels });
    expect(told(), 'it has them').toHaveLength(1);
    expect(await finish(lab, 'labelled again')).toBe(await finish(lab, 'reward whole'));
    const without = (some: typeof labels) =>
      client.call('run/restore', { runId: 'without', snapshot, madeFrom, labels: some });
    await expect(without([])).rejects.toMatchObject({
      code: 'storage/corrupt',
      message: 'The stored run cannot be read: of its 12 pairs by the rule 0 are here',
    });
    await expect(without(labels.slice(1))).rejects.toMatchObject({ code: 'storage/corrupt' });
  });

  it('reads runs that were stored with their labels in every snapshot, and tells the page what they are', async () => {
    const { client } = lab;
    const { labels, saved, ...rest } = decodeRun(await client.call('run/snapshot', { runId: 'labelled' }));
    const state = { ...(saved.state as object), rulePairs: labels };
    const snapshot = encodeRun({ ...rest, labels: [], saved: { ...saved, state } });
    await client.call('run/restore', { runId: 'of earlier', snapshot });
    expect(lab.of('run/labelled').filter(({ runId }) => runId === 'of earlier')).toEqual([
      { runId: 'of earlier', labels },
    ]);
    expect(await finish(lab, 'of earlier')).toBe(await finish(lab, 'reward whole'));
  });

  it('gives DPO the same numbers as before a rule could label pairs for it, from a link or a run stored then', async () => {
    const { client } = lab;
    const plain = specs.dpo as Extract<RunSpec, { kind: 'dpo' }>;
    const { ruleLabels, ...then } = plain.config;
    expect(ruleLabels, 'a link that says nothing of it').toBe(0);
    await client.call('run/create', { runId: 'then', spec: { ...plain, config: then } as RunSpec });
    await finish(lab, 'then');
    expect(pointsOf(lab, 'then')).toEqual(pointsOf(lab, 'dpo whole'));
    expect(decodeRun(await client.call('run/snapshot', { runId: 'then' })).labels).toEqual([]);
  });

  it('is done when it was done', async () => {
    const { client } = lab;
    const snapshot = await client.call('run/snapshot', { runId: 'pretrain whole' });
    const restored = await client.call('run/restore', { runId: 'again', snapshot });
    expect(restored).toMatchObject({ status: 'done', step: 6 });
    expect(restored.checkpointId).toMatch(/^base-/);
  });

  it('pauses and steps to the same numbers as one that just ran', async () => {
    const { client } = lab;
    await create('stepped', 'pretrain');
    await client.call('run/play', { runId: 'stepped' });
    await client.call('run/pause', { runId: 'stepped' });
    await client.call('run/step', { runId: 'stepped' });
    await client.call('run/keep', { runId: 'stepped' });
    await finish(lab, 'stepped');
    expect(pointsOf(lab, 'stepped')).toEqual(pointsOf(lab, 'pretrain whole'));
  });

  it.each(['pretrain', 'finetune', 'reward', 'dpo'] as const)(
    'keeps a learning rate that was changed on the way: %s',
    async (kind) => {
      const { client } = lab;
      const [before, after] = [`${kind} adjusted`, `${kind} adjusted and restored`];
      await create(before, kind);
      await client.call('run/step', { runId: before });
      await client.call('run/adjust', { runId: before, knobs: { learningRate: 0 } });
      const snapshot = await client.call('run/snapshot', { runId: before });
      for (const runId of [before, after]) {
        if (runId === after) await client.call('run/restore', { runId, snapshot });
        await client.call('run/step', { runId });
        expect(pointsOf(lab, runId).at(-1)).toMatchObject({ step: 2, 'train/lr': 0 });
        await client.call('run/dispose', { runId });
      }
    },
  );
});
