import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointInfo } from '../../src/contract/domain';
import { RULE_FROM } from '../../src/contract/enough';
import type { PpoBatch } from '../../src/contract/ppoBatch';
import { choiceOf, type Vote } from '../../src/contract/preferences';
import { saidOf } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';
import { byHand, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

describe('the whole pipeline, tiny, through the protocol', () => {
  let lab: Loopback;
  let baseId: string;
  let rewardId: string;
  let votes: Vote[];

  beforeAll(async () => {
    lab = await startedLab();
  }, SLOW);

  it('pre-trains a model, tells numbers, samples and attention, and shelves the result', async () => {
    const { client, of } = lab;
    const created = await client.call('run/create', { runId: 'pretrain', spec: pretrainSpec() });
    expect(created).toMatchObject({ status: 'idle', step: 0, totalSteps: 6 });
    await client.call('run/watch', { runId: 'pretrain', attention: true });
    baseId = await finish(lab, 'pretrain');
    const points = of('run/metrics').flatMap((data) => data.points);
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(points.at(-1)?.values).toHaveProperty('eval/loss');
    expect(of('run/samples').at(-1)?.samples[0]?.prompt).toBe('the fox found a kite .');
    expect(of('run/attention').at(-1)?.maps.weights.length).toBe(2 * 7 * 7);
    expect(of('shelf/saved').at(-1)).toMatchObject({
      runId: 'pretrain',
      info: { kind: 'base', step: 6, checkpointId: baseId },
    });
  });

  it('offers pairs of two different completions of one prompt, the same for the same seed', async () => {
    const params = { policyId: baseId, count: 5, seed: 7, sampling: SAMPLING };
    const pairs = await lab.client.call('compare/pairs', params);
    expect(pairs).toHaveLength(5);
    for (const { completions } of pairs) expect(new Set(completions).size).toBe(2);
    expect(await lab.client.call('compare/pairs', params)).toEqual(pairs);
    expect(await lab.client.call('compare/pairs', { ...params, seed: 8 })).not.toEqual(pairs);
  });

  it('lets a simulated rater vote, without ties', async () => {
    // a model this young hardly ever writes a story, so the rater gets most texts from length alone
    votes = await votesForShorter(lab, baseId);
    expect(votes).toHaveLength(12);
    expect(new Set(votes.map(choiceOf))).toEqual(new Set(['a', 'b']));
    const words = (text: string) => text.split(' ').length;
    for (const vote of votes) {
      const { a, b, choice } = saidOf(vote);
      expect(choice === 'a' ? words(a) <= words(b) : words(b) <= words(a)).toBe(true);
    }
  });

  it('infers a taste from the votes, or says how many are missing', async () => {
    const infer = (some: Vote[], vetoed: string[] = []) =>
      lab.client.call('taste/infer', { opinions: some, vetoed, policyId: baseId, seed: 1 });
    expect(await infer(votes.slice(0, 3))).toMatchObject({ kind: 'missing', usableVotes: 3, needed: RULE_FROM });
    const found = await infer(votes);
    const weights = found.kind === 'rule' ? found.rule.weights : [];
    expect(weights.find((weight) => weight.attribute === 'length')?.weight).toBeLessThan(0);
    expect(found.kind === 'rule' && found.rule.usableVotes).toBe(12);
    expect(found.kind === 'rule' && found.rule.agreement).toBeGreaterThan(0.8);
    const other = await infer(votes, ['length']);
    expect(other.kind === 'rule' && other.rule.weights.find((weight) => weight.attribute === 'length')).toMatchObject({
      weight: 0,
      vetoed: true,
    });
  });

  it('labels pairs by the rule inferred from the visitor’s own votes and counts them apart', async () => {
    await lab.client.call('run/create', {
      runId: 'by rule',
      spec: { ...rewardSpec(baseId, byHand(votes)), useRule: true },
    });
    await finish(lab, 'by rule');
    const last = lab.of('run/review').at(-1);
    expect(last).toMatchObject({
      runId: 'by rule',
      review: { pairs: { human: 12, simulated: 0, imported: 0, rule: 12 } },
    });
    await lab.client.call('run/dispose', { runId: 'by rule' });
  });

  it('trains a reward model on the votes and reviews it', async () => {
    await lab.client.call('run/create', { runId: 'reward', spec: rewardSpec(baseId, votes) });
    rewardId = await finish(lab, 'reward');
    const { review } = lab.of('run/review').at(-1) ?? {};
    expect(review?.pairs).toEqual({ human: 0, simulated: 12, imported: 0, rule: 0 });
    const [info] = (await lab.client.call('shelf/list', {})).filter((one: CheckpointInfo) => one.kind === 'reward');
    expect(info).toMatchObject({ pooling: 'last', parents: [baseId] });
  });

  it('scores a text, says what each token adds and names unknown words', async () => {
    const text = 'the fox found a kite . the zebra was glad .';
    const scored = await lab.client.call('reward/score', { checkpointId: rewardId, text });
    expect(scored.unknownWords).toEqual(['zebra']);
    expect(scored.tokens.map((token) => token.text).join(' ')).toBe('the fox found a kite . the was glad .');
    const without = await lab.client.call('reward/score', {
      checkpointId: rewardId,
      text: 'the fox found a kite . the zebra was .',
    });
    const glad = scored.tokens.find((token) => token.text === 'glad');
    expect(glad?.contribution).toBeCloseTo(scored.score - without.score, 4);
  });

  it('runs PPO phase by phase and shows rollouts and before/after', async () => {
    const { client } = lab;
    await client.call('run/create', { runId: 'ppo', spec: ppoSpec(baseId, rewardId) });
    const phases = [];
    expect(await client.call('run/batch', { runId: 'ppo' })).toBeNull();
    for (let i = 0; i < 3; i++) phases.push((await client.call('run/step', { runId: 'ppo' })).phase);
    const batch = (await client.call('run/batch', { runId: 'ppo' })) as PpoBatch;
    expect([batch.iteration, batch.rollouts.length, batch.epochs.length]).toEqual([1, 4, 2]);
    const [shown] = (await lab.until('run/rollouts', () => true)).rows;
    expect(batch.rollouts[0]!.tokens).toEqual(shown!.tokens.map(({ text }) => text));
    expect([...batch.tokens.rawAdvantages.slice(0, shown!.tokens.length)]).toEqual(
      shown!.tokens.map(({ advantage }) => advantage),
    );
    expect(phases).toEqual(['evaluation', 'optimisation', 'rollout']);
    await client.call('run/adjust', { runId: 'ppo', knobs: { klCoef: 0.3 } });
    const policyId = await finish(lab, 'ppo');
    const points = lab
      .of('run/metrics')
      .filter(({ runId }) => runId === 'ppo')
      .flatMap((data) => data.points);
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(points.map(({ values }) => values['objective/kl_coef'])).toEqual([0.1, 0.3, 0.3]);
    expect(points[0]?.values['objective/kl']).toBeCloseTo(0, 6);
    for (const { values } of points) {
      const tokens = values['completion/length']! * values['completion/count']!;
      expect((values['perf/tokensPerSecond']! * values['perf/stepMs']!) / 1000).toBeCloseTo(tokens, 6);
    }
    expect(lab.of('run/rollouts').at(-1)?.rows.length).toBeGreaterThan(0);
    expect(lab.of('run/rollouts').at(-1)?.step).toBe(3);
    expect(lab.of('run/beforeAfter').at(-1)?.rows[0]).toHaveProperty('after');
    expect((await client.call('shelf/list', {})).find((info) => info.checkpointId === policyId)?.parents).toEqual([
      baseId,
      rewardId,
    ]);
  });

  it('looks inside any model of the shelf and inside a run', async () => {
    const { client } = lab;
    for (const checkpointId of [baseId, rewardId, 'live:ppo']) {
      const maps = await client.call('inspect/attention', { checkpointId, text: 'the fox found' });
      expect(maps.tokens).toEqual(['<bos>', 'the', 'fox', 'found']);
      const row = maps.weights.slice(4, 8).reduce((sum, weight) => sum + weight, 0);
      expect(row).toBeCloseTo(1, 4);
    }
    const next = await client.call('inspect/next', {
      checkpointId: baseId,
      text: 'the',
      sampling: { temperature: 1, topK: 3, topP: 1 },
    });
    expect(next.filter((token) => token.filtered > 0)).toHaveLength(3);
    expect(next.reduce((sum, token) => sum + token.filtered, 0)).toBeCloseTo(1, 6);
    const same = {
      checkpointIds: [baseId, baseId],
      prompts: ['the fox found a kite . then'],
      sampling: SAMPLING,
      seed: 4,
    };
    const [one, two] = await client.call('inspect/complete', same);
    expect(one).toEqual(two);
  });

  it('brings a model back from its file, under the same name', async () => {
    const { client } = lab;
    const { bytes, fileName } = await client.call('shelf/export', { checkpointId: baseId });
    expect(fileName).toMatch(/\.safetensors$/);
    const other = loopback();
    const info = await other.client.call('shelf/import', { bytes, name: fileName });
    expect(info.checkpointId).toBe(baseId);
    const summary = await other.client.call('corpus/checkpoint', { checkpointId: baseId });
    expect(summary).toMatchObject({ kind: 'stories', size: 400 });
  });
});

describe('the model that ships with the page', () => {
  it('leaves the corpus of the page as it is when it is loaded aside', async () => {
    const { client, session } = await startedLab();
    const { current } = session.corpora;
    await client.call('shelf/shipped', { preset: 'tiny', aside: true });
    expect(session.corpora.current).toBe(current);
    await client.call('shelf/shipped', { preset: 'tiny' });
    expect(session.corpora.current).not.toBe(current);
  });

  it('writes pairs of stories that the grammar could have written', async () => {
    const { client } = loopback();
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    const info = await client.call('shelf/shipped', { preset: 'tiny' });
    expect(info).toMatchObject({ kind: 'base', shipped: true });
    const { checkpointId: policyId } = info;
    await expect(client.call('corpus/checkpoint', { checkpointId: policyId })).resolves.toMatchObject({
      kind: 'stories',
    });
    const rater = { name: 'happy' } as const;
    const votes = await client.call('compare/simulate', {
      policyId,
      rater,
      count: 16,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    });
    expect(votes).toHaveLength(16);
    const taste = await client.call('taste/infer', { opinions: votes, vetoed: [], policyId, seed: 1 });
    const liked = taste.kind === 'rule' ? taste.rule.weights.find((weight) => weight.attribute === 'endingMood') : null;
    expect(liked?.weight).toBeGreaterThan(0);
  });
});
