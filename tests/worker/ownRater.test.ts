/** A rater of the visitor's own judges own text at every stage, over the whole protocol. */
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_TASTE, type OwnTaste, tasteKey } from '../../src/contract/ownTaste';
import { choiceOf, type Rater, type Vote } from '../../src/contract/preferences';
import { tasteText } from '../../src/core/text/ownRater';
import { decodeRun } from '../../src/worker/storedRun';
import { type Loopback, loopback } from './loopback';
import { bestOfSpec, byHand, dpoSpec, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';

const TEXT = 'The tide came in. The tide went out. A gull sat on the post and waited for the boat. '.repeat(20);
const TASTE: OwnTaste = {
  ...NO_TASTE,
  liked: ['the'],
  disliked: ['tide'],
  pattern: '[aeiou]{2}',
  weights: { liked: 1, disliked: 0.5, length: 0.25, repetition: 0, ends: 0, pattern: 0.5 },
  length: 6,
};
const OWN: Rater = { name: 'own', taste: TASTE };

describe('an own rater on own text', () => {
  let lab: Loopback;
  let baseId: string;
  let votes: Vote[];

  const create = (runId: string, spec: ReturnType<typeof ppoSpec> | object) =>
    lab.client.call('run/create', { runId, spec: spec as ReturnType<typeof ppoSpec> });
  const finish = async (runId: string): Promise<string> => {
    await lab.client.call('run/play', { runId });
    const over = await lab.until(
      'run/state',
      (state) => state.runId === runId && ['done', 'failed', 'stopped'].includes(state.status),
    );
    expect(over.message).toMatch(/^Done/);
    return over.checkpointId as string;
  };
  const simulate = (rater: Rater, count = 12) =>
    lab.client.call('compare/simulate', { policyId: baseId, rater, count, noise: 0, seed: 1, sampling: SAMPLING });
  const pointsOf = (runId: string) =>
    lab
      .of('run/metrics')
      .filter((news) => news.runId === runId)
      .flatMap(({ points }) => points);

  beforeAll(async () => {
    lab = loopback();
    const { client } = lab;
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    const config = { tokenizer: 'word' as const, vocabSize: 100, heldOutShare: 0.1, textWindow: 0 };
    const { vocabSize } = await client.call('corpus/text', {
      bytes: new TextEncoder().encode(TEXT),
      config,
      contextLength: 24,
      seed: 1,
    });
    const shape = { ...pretrainSpec().model, contextLength: 24, vocabSize };
    await create('base', { ...pretrainSpec({ steps: 30 }), model: shape, fixedPrompt: 'The' });
    baseId = await finish('base');
    votes = await simulate(OWN);
  }, SLOW);

  it('votes for the text that its taste scores higher, and signs with the key of that taste', () => {
    expect(votes).toHaveLength(12);
    for (const vote of votes) {
      const [a, b] = vote.completions.map(
        (completion) => tasteText(TASTE, { before: vote.prompt.slice(-1), completion, finished: true }).score,
      ) as [number, number];
      expect(choiceOf(vote)).toBe(a > b ? 'a' : 'b');
      expect(vote.rater).toEqual({ name: 'own', key: tasteKey(TASTE) });
    }
  });

  it('ranks groups by its taste', async () => {
    const asked = { policyId: baseId, rater: OWN, count: 3, size: 4, noise: 0, seed: 2, sampling: SAMPLING };
    const rankings = await lab.client.call('compare/rank', asked);
    expect(rankings).toHaveLength(3);
    for (const { prompt, completions, ranks } of rankings) {
      const scores = completions.map(
        (completion) => tasteText(TASTE, { before: prompt.slice(-1), completion, finished: true }).score,
      );
      for (const [i, score] of scores.entries())
        for (const [j, other] of scores.entries()) if (score > other) expect(ranks[i]).toBeLessThan(ranks[j]!);
    }
  });

  it('agrees with its own votes, and with none of their opposite', async () => {
    const { client } = lab;
    const asked = { opinions: votes, policyId: baseId };
    expect(await client.call('taste/agreement', { ...asked, rater: OWN })).toEqual({ agree: 12, of: 12 });
    const sign = (value: number) => 0 - value;
    const opposite: OwnTaste = {
      ...TASTE,
      liked: TASTE.disliked,
      disliked: TASTE.liked,
      weights: { ...TASTE.weights, liked: 0.5, disliked: 1, length: 0, pattern: sign(0.5) },
    };
    const { agree } = await client.call('taste/agreement', { ...asked, rater: { name: 'own', taste: opposite } });
    expect(agree).toBeLessThan(6);
  });

  it(
    'gives PPO, DPO, the best of N and a measurement their gold, and PPO its reward',
    async () => {
      const { client } = lab;
      await create('judge', { ...rewardSpec(baseId, votes), rater: OWN });
      const rewardId = await finish('judge');

      await create('ppo', { ...ppoSpec(baseId, rewardId, { completionLength: 8 }), rater: OWN });
      await finish('ppo');
      for (const { values } of pointsOf('ppo')) {
        expect(values['gold/score']).toEqual(expect.any(Number));
        expect(values['gold/winRate']).toEqual(expect.any(Number));
      }
      expect(pointsOf('ppo').some(({ values }) => values['axis/gold'] !== undefined)).toBe(true);

      const paid = { completionLength: 8, rewardFrom: 'rule' as const, rewardRule: 'gold' as const };
      await create('paid', { ...ppoSpec(baseId, null, paid), rater: OWN });
      await finish('paid');
      for (const { values } of pointsOf('paid'))
        expect(values['objective/scores']).toBeCloseTo(values['gold/score'] as number, 4);

      await create('dpo', { ...dpoSpec(baseId, votes), rater: OWN });
      await finish('dpo');
      expect(pointsOf('dpo').some(({ values }) => values['axis/gold'] !== undefined)).toBe(true);

      await create('best', { ...bestOfSpec(baseId, rewardId), rater: OWN });
      await lab.client.call('run/play', { runId: 'best' });
      await lab.until('run/state', ({ runId, status }) => runId === 'best' && status === 'done');
      expect(pointsOf('best').at(-1)?.values['axis/gold']).toEqual(expect.any(Number));

      const measured = {
        policyId: baseId,
        referenceId: baseId,
        rewardId,
        rater: OWN,
        temperature: 1,
        seed: 1,
        texts: 16,
      };
      const { measurement } = await client.call('measure/policy', measured);
      expect(measurement.gold).toEqual({ value: expect.any(Number), error: expect.any(Number) });
    },
    SLOW,
  );

  it(
    'is what a rule is fitted to, which labels pairs for a reward model',
    async () => {
      const { client } = lab;
      const opinions = byHand(await simulate(OWN, 24));
      const asked = { opinions, vetoed: [], policyId: baseId, seed: 1 };
      expect(await client.call('taste/infer', asked)).toMatchObject({ kind: 'missing' });
      const found = await client.call('taste/infer', { ...asked, own: TASTE });
      if (found.kind !== 'rule') throw new Error(found.sentence);
      const names = found.rule.weights.map(({ attribute }) => attribute);
      expect(names).toEqual(['liked', 'disliked', 'length', 'repetition', 'ends', 'pattern']);
      const weightOf = (name: string) => found.rule.weights.find(({ attribute }) => attribute === name)!.weight;
      expect(weightOf('liked')).toBeGreaterThan(0);
      expect(weightOf('disliked')).toBeLessThan(weightOf('liked'));
      await create('by rule', { ...rewardSpec(baseId, opinions), useRule: true, rater: OWN });
      const rewardId = await finish('by rule');
      expect(lab.of('run/review').at(-1)?.review.pairs).toMatchObject({ human: 24, rule: 12 });
      const learned = await client.call('taste/learned', { opinions, rewardId, policyId: baseId, seed: 1, own: TASTE });
      expect(learned.texts).toBeGreaterThan(100);
      expect(learned.weights.map(({ attribute }) => attribute)).toContain('liked');
      const changed = new Set(learned.contrasts.map(({ attribute }) => attribute));
      for (const attribute of ['liked', 'length', 'ends']) expect(changed).toContain(attribute);
      for (const { before, after, scores } of learned.contrasts) {
        expect(before).not.toBe(after);
        expect([scores.before, scores.after].every(Number.isFinite)).toBe(true);
      }
      expect(learned.contrasts.some(({ scores }) => scores.before !== scores.after)).toBe(true);
    },
    SLOW,
  );

  it(
    'stays with the run that it was made with, which goes on to the same numbers',
    async () => {
      const { client } = lab;
      const paid = { completionLength: 8, rewardFrom: 'rule' as const, rewardRule: 'gold' as const, iterations: 4 };
      const spec = { ...ppoSpec(baseId, null, paid), rater: OWN };
      await create('whole', spec);
      await finish('whole');
      await create('cut', spec);
      await client.call('run/play', { runId: 'cut', until: 2 });
      await lab.until('run/state', ({ runId, step, status }) => runId === 'cut' && step === 2 && status === 'paused');
      const snapshot = await client.call('run/snapshot', { runId: 'cut' });
      expect(decodeRun(snapshot).spec).toMatchObject({ rater: OWN });
      await client.call('run/dispose', { runId: 'cut' });
      await client.call('run/restore', { runId: 'again', snapshot });
      await finish('again');
      const golds = (runId: string) =>
        pointsOf(runId).map(({ step, values }) => [step, values['gold/score'], values['objective/kl']]);
      expect(golds('again').length).toBeGreaterThan(0);
      const whole = new Map(golds('whole').map(([step, ...rest]) => [step, rest]));
      for (const [step, ...rest] of golds('again')) expect(rest).toEqual(whole.get(step));
    },
    SLOW,
  );

  it('scores texts part by part while it is being said', async () => {
    const texts = [{ prompt: 'A gull', completion: ' sat on the tide.' }];
    const asked = { taste: TASTE, texts, policyId: baseId };
    const { tasted, trouble } = await lab.client.call('taste/own', asked);
    expect(trouble).toBeNull();
    expect(tasted[0]!.parts.map(({ part }) => part)).toEqual(['liked', 'disliked', 'length', 'pattern']);
    expect(tasted[0]!.score).toBeCloseTo(1 - 0.5 - 0.25 * (2 / 6), 12); // no two vowels side by side
    const broken = await lab.client.call('taste/own', { ...asked, taste: { ...TASTE, pattern: '(' } });
    expect(broken).toMatchObject({ tasted: [], trouble: expect.stringContaining('no regular expression') });
  });

  it('is refused in words where it says nothing, or has an expression that cannot be used', async () => {
    const refused = (words: string) => ({ code: 'run/missingInput', message: expect.stringContaining(words) });
    await expect(simulate({ name: 'own', taste: NO_TASTE })).rejects.toMatchObject(
      refused('likes and dislikes nothing'),
    );
    await expect(simulate({ name: 'happy' })).rejects.toMatchObject(refused('a rater of your own'));
    const broken: Rater = { name: 'own', taste: { ...TASTE, pattern: '(a)\\1' } };
    await expect(simulate(broken)).rejects.toMatchObject(refused('goes back'));
    const paid = { completionLength: 8, rewardFrom: 'rule' as const, rewardRule: 'gold' as const };
    await expect(create('none', { ...ppoSpec(baseId, null, paid), rater: broken })).rejects.toMatchObject(
      refused('goes back'),
    );
    await expect(create('none', ppoSpec(baseId, null, paid))).rejects.toMatchObject(refused('a rater of your own'));
  });

  it('is done with an expression that takes for ever to search with', async () => {
    const slow: Rater = { name: 'own', taste: { ...TASTE, pattern: '([a-z ]+)+$' } };
    expect(await simulate(slow, 4)).toHaveLength(4);
  });
});
