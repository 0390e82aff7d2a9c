import { beforeAll, describe, expect, it } from 'vitest';
import type { Loopback } from './loopback';
import {
  ANY,
  bestOfSpec,
  dpoSpec,
  fineTuneSpec,
  HAPPY,
  ppoSpec,
  pretrainSpec,
  rewardSpec,
  SAMPLING,
  SLOW,
} from './specs';
import { ended, startedLab, votesForShorter } from './started';

describe('methods side by side, through the protocol', () => {
  let lab: Loopback;
  let baseId: string;
  let rewardId: string;

  beforeAll(async () => {
    lab = await startedLab();
    const { client } = lab;
    await client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = (await ended(lab, 'base')).checkpointId!;
    const votes = await votesForShorter(lab, baseId);
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(baseId, votes) });
    rewardId = (await ended(lab, 'judge')).checkpointId!;
  }, SLOW);

  const measure = { rater: HAPPY, temperature: 0.7, seed: 1, texts: 8 };

  it('draws the best of N prompt by prompt, and puts nothing on the shelf', async () => {
    const { client } = lab;
    const before = await client.call('shelf/list', {});
    expect(await client.call('run/create', { runId: 'best', spec: bestOfSpec(baseId, rewardId) })).toMatchObject({
      totalSteps: 5,
    });
    await client.call('run/step', { runId: 'best' });
    const [first] = lab.of('run/bestOf');
    expect(first).toMatchObject({ runId: 'best', step: 1 });
    expect(first!.result.prompts).toHaveLength(1);
    await expect(client.call('run/keep', { runId: 'best' })).rejects.toMatchObject({ code: 'run/missingInput' });
    expect(await ended(lab, 'best')).toMatchObject({ status: 'done', checkpointId: null, step: 5 });
    const { result } = lab.of('run/bestOf').at(-1)!;
    expect(result.points.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(result.prompts).toHaveLength(5);
    expect(await client.call('shelf/list', {})).toEqual(before);
    const points = lab.of('run/metrics').flatMap((data) => (data.runId === 'best' ? data.points : []));
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(points.at(-1)!.values['axis/score']).toBeCloseTo(result.points[3]!.score.value, 9);
  });

  it('is done when it was done, and shows what it drew to a page that was reloaded', async () => {
    const { client } = lab;
    const told = lab.of('run/bestOf').at(-1)!;
    const snapshot = await client.call('run/snapshot', { runId: 'best' });
    expect(await client.call('run/restore', { runId: 'again', snapshot })).toMatchObject({ status: 'done', step: 5 });
    const before = lab.of('run/bestOf').length;
    await client.call('run/watch', { runId: 'again', attention: false });
    expect(lab.of('run/bestOf')).toHaveLength(before);
    await client.call('run/watch', { runId: 'again', attention: true });
    const shown = lab.of('run/bestOf').at(-1)!;
    expect(shown.runId).toBe('again');
    expect(shown.result).toEqual(told.result);
  });

  it('refuses a judge that is none, and a stored draw that was damaged', async () => {
    const { client } = lab;
    await expect(client.call('run/create', { runId: 'x', spec: bestOfSpec(baseId, baseId) })).rejects.toMatchObject({
      code: 'run/missingInput',
    });
    const snapshot = await client.call('run/snapshot', { runId: 'best' });
    const broken = new TextDecoder('latin1').decode(snapshot).replaceAll('grammatical', 'grammatikal');
    const bytes = Uint8Array.from(broken, (character) => character.charCodeAt(0));
    await expect(client.call('run/restore', { runId: 'x', snapshot: bytes })).rejects.toMatchObject({
      code: 'storage/corrupt',
    });
  });

  it('measures any checkpoint against any other: the base stands at 0 from itself, and the same seed asks the same', async () => {
    const { client } = lab;
    const itself = await client.call('measure/policy', { policyId: baseId, referenceId: baseId, rewardId, ...measure });
    expect(itself.measurement).toMatchObject({ texts: 8, kl: { value: 0, error: 0 } });
    expect(itself.measurement.score).not.toBeNull();
    expect(itself.samples).toHaveLength(8);
    const bare = await client.call('measure/policy', {
      policyId: baseId,
      referenceId: baseId,
      rewardId: null,
      ...measure,
      rater: null,
    });
    expect(bare.measurement).toEqual({ ...itself.measurement, score: null, gold: null });
    expect(bare.samples).toEqual(itself.samples);
    for (const wrong of [{ policyId: rewardId }, { rewardId: baseId }])
      await expect(
        client.call('measure/policy', { policyId: baseId, referenceId: baseId, rewardId: null, ...measure, ...wrong }),
      ).rejects.toMatchObject({ code: 'run/missingInput' });
  });

  it('looks at a model in training as it measures it afterwards: the same prompts, the same random numbers, the same place', async () => {
    const { client } = lab;
    const votes = await votesForShorter(lab, baseId);
    const demonstrations = await client.call('finetune/demonstrations', { baseId, wish: ANY, count: 12, seed: 1 });
    const specs = [
      { ...dpoSpec(baseId, votes, { learningRate: 0.01 }), rewardId },
      { ...fineTuneSpec(baseId, demonstrations), rewardId },
    ];
    for (const spec of specs) {
      await client.call('run/create', { runId: spec.kind, spec });
      const policyId = (await ended(lab, spec.kind)).checkpointId!;
      const metrics = (await client.call('shelf/list', {})).find(
        ({ checkpointId }) => checkpointId === policyId,
      )!.metrics;
      const { temperature, evalSamples: texts } = spec.config;
      const asked = { policyId, referenceId: baseId, rewardId, rater: HAPPY, seed: spec.seed, temperature, texts };
      const { kl, score, gold } = (await client.call('measure/policy', asked)).measurement;
      expect(kl.value).toBeGreaterThan(0);
      expect(metrics['axis/kl']).toBeCloseTo(kl.value, 5);
      expect(metrics['axis/score']).toBeCloseTo(score!.value, 5);
      expect(metrics['axis/gold']).toBeCloseTo(gold!.value, 9);
    }
  });

  it('goes on from an earlier policy, with the distance measured from the first reference and the family remembered', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'round 1', spec: ppoSpec(baseId, rewardId, { learningRate: 0.01 }) });
    const startId = (await ended(lab, 'round 1')).checkpointId!;
    const spec = { ...ppoSpec(baseId, rewardId, { learningRate: 0 }), startId, round: 2 };
    await client.call('run/create', { runId: 'round 2', spec });
    await client.call('run/step', { runId: 'round 2' });
    const snapshot = await client.call('run/snapshot', { runId: 'round 2' });
    const second = (await ended(lab, 'round 2')).checkpointId!;
    const info = (await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === second)!;
    expect(info.parents).toEqual([baseId, rewardId, startId]);
    expect(info.metrics['axis/kl']!).toBeGreaterThan(0);
    expect(info.name).toBe('PPO β = 0.1 of round 2');
    await client.call('run/create', { runId: 'round 3', spec: { ...spec, startId: second, round: 3 } });
    const third = (await ended(lab, 'round 3')).checkpointId!;
    const names = (await client.call('shelf/list', {})).flatMap(({ checkpointId, name }) =>
      checkpointId === third ? name : [],
    );
    expect(names).toEqual(['PPO β = 0.1 of round 3']);
    const axis = { referenceId: baseId, rewardId, ...measure };
    const [one, two] = [
      await client.call('measure/policy', { policyId: startId, ...axis }),
      await client.call('measure/policy', { policyId: second, ...axis }),
    ];
    expect(two).toEqual(one); // at rate 0 nothing moved
    expect(await client.call('run/restore', { runId: 'round 2 again', snapshot })).toMatchObject({
      kind: 'ppo',
      step: 0,
    });
    await expect(client.call('run/create', { runId: 'x', spec: { ...spec, startId: rewardId } })).rejects.toMatchObject(
      {
        code: 'run/missingInput',
      },
    );
  });

  it('lets DPO go on from an earlier policy too: against the first reference, or against the policy itself, from ln 2 again', async () => {
    const { client } = lab;
    const [startId] = lab
      .of('shelf/saved')
      .flatMap(({ info }) => (info.kind === 'policy' && info.parents.length === 2 ? info.checkpointId : []));
    const options = { rater: { name: 'short' } as const, count: 12, noise: 0, seed: 1, sampling: SAMPLING };
    const votes = await client.call('compare/simulate', { policyId: startId!, ...options });
    const firstLoss = (runId: string) =>
      lab.of('run/metrics').flatMap((data) => (data.runId === runId ? data.points : []))[0]!.values['dpo/loss']!;
    const against = { ...dpoSpec(baseId, votes), startId: startId!, round: 2 };
    await client.call('run/create', { runId: 'dpo from base', spec: against });
    const made = (await ended(lab, 'dpo from base')).checkpointId;
    const info = (await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === made)!;
    expect(info).toMatchObject({ name: 'DPO β = 0.5 of round 2', parents: [baseId, startId] });
    expect(Math.abs(firstLoss('dpo from base') - Math.LN2)).toBeGreaterThan(1e-4);
    await client.call('run/create', { runId: 'dpo from itself', spec: dpoSpec(startId!, votes) });
    await ended(lab, 'dpo from itself');
    expect(firstLoss('dpo from itself')).toBeCloseTo(Math.LN2, 6);
    await expect(
      client.call('run/create', { runId: 'x', spec: { ...against, startId: rewardId } }),
    ).rejects.toMatchObject({
      code: 'run/missingInput',
    });
  });

  it('lets old and new write against each other, and the reward model say how it stands with each round', async () => {
    const { client } = lab;
    const [startId] = lab.of('shelf/saved').flatMap(({ info }) => (info.kind === 'policy' ? info.checkpointId : []));
    const asked = { policyId: startId!, againstId: baseId, count: 4, seed: 2, sampling: SAMPLING };
    const pairs = await client.call('compare/pairs', asked);
    for (const pair of pairs) expect(pair).toMatchObject({ policyId: startId, againstId: baseId });
    expect(await client.call('compare/pairs', { ...asked, againstId: startId! })).not.toEqual(pairs);
    const options = { rater: { name: 'short' } as const, count: 12, noise: 0, sampling: SAMPLING };
    const first = await client.call('compare/simulate', { policyId: baseId, seed: 1, ...options });
    const second = await client.call('compare/simulate', {
      policyId: startId!,
      againstId: baseId,
      seed: 2,
      ...options,
    });
    expect(new Set([...first, ...second].map(({ rankingId }) => rankingId)).size).toBe(24);
    const votes = [...first, ...second.map((vote) => ({ ...vote, round: 2 }))];
    const spec = { ...rewardSpec(baseId, votes, { heldOutShare: 0.5 }), round: 2, rater: { name: 'short' } as const };
    await client.call('run/create', { runId: 'both rounds', spec });
    const judgeId = (await ended(lab, 'both rounds')).checkpointId;
    expect((await client.call('shelf/list', {})).find(({ checkpointId }) => checkpointId === judgeId)!.name).toBe(
      'Reward model of round 2 (last), 24 pairs',
    );
    const { review } = lab.of('run/review').at(-1)!;
    expect(review.byRound?.map(({ round, pairs: count }) => [round, count])).toEqual([
      [1, 12],
      [2, 12],
    ]);
    const heldOut = review.byRound!.reduce((sum, round) => sum + round.heldOutPairs, 0);
    expect(heldOut).toBe(review.heldOutPairs);
    const right = review.byRound!.reduce((sum, round) => sum + (round.accuracy ?? 0) * round.heldOutPairs, 0);
    expect(right / heldOut).toBeCloseTo(review.accuracy, 9);
    for (const { accuracy, gold, goldPairs, heldOutPairs, low, high } of review.byRound!) {
      expect([gold, goldPairs], 'the votes are that rater’s own, without a slip').toEqual([accuracy, heldOutPairs]);
      expect(low).toBeLessThanOrEqual(accuracy!);
      expect(high).toBeGreaterThanOrEqual(accuracy!);
    }
  });

  it('takes every live knob while PPO runs, and refuses nonsense', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'live', spec: ppoSpec(baseId, rewardId) });
    const knobs = { klCoef: 0.3, learningRate: 1e-4, klTarget: 2, entropyCoef: 0.01, ptxCoef: 0.5 };
    await client.call('run/adjust', { runId: 'live', knobs });
    await ended(lab, 'live');
    const last = lab
      .of('run/metrics')
      .flatMap((data) => (data.runId === 'live' ? data.points : []))
      .at(-1)!.values;
    expect(last['objective/kl_coef']).toBe(0.3);
    expect(last['loss/ptx_avg']).toBeGreaterThan(0);
    await expect(client.call('run/adjust', { runId: 'live', knobs: { klTarget: 0 } })).rejects.toThrow();
    await expect(client.call('run/adjust', { runId: 'live', knobs: { ptxCoef: -1 } })).rejects.toThrow();
  });

  it('says that log-probabilities need a temperature', async () => {
    const specs = [ppoSpec(baseId, rewardId, { temperature: 1e-39 }), dpoSpec(baseId, [], { temperature: 9e-4 })];
    for (const spec of specs)
      await expect(lab.client.call('run/create', { runId: 'x', spec })).rejects.toThrow(
        /config\.temperature: a temperature below 0\.001 leaves nothing to chance/,
      );
  });

  it('says which PPO settings do not go together', async () => {
    const spec = ppoSpec(baseId, rewardId, { klPlacement: 'loss', klEstimator: 'k1' });
    await expect(lab.client.call('run/create', { runId: 'x', spec })).rejects.toThrow(/k1 in the loss/);
    const short = ppoSpec(baseId, rewardId, { klControl: 'adaptive', klHorizon: 0.5 });
    await expect(lab.client.call('run/create', { runId: 'x', spec: short })).rejects.toThrow(
      /a KL horizon of 0.5 for 4 rollouts/,
    );
  });
});
