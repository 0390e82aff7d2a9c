/** Two texts of as many letters, none in common: vocabularies of one size, and every id means something else. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import { plainVote } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';
import { bestOfSpec, dpoSpec, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';

const textOf = (letters: string) => `${[...letters].join(' ')}. `.repeat(60);
const [FIRST, SECOND] = ['abcdefghij', 'klmnopqrst'];

describe('models of as many other tokens', () => {
  let lab: Loopback;
  let first: { baseId: string; rewardId: string };
  let second: { baseId: string; rewardId: string };

  const train = async (runId: string, spec: RunSpec) => {
    await lab.client.call('run/create', { runId, spec });
    await lab.client.call('run/play', { runId });
    const over = await lab.until('run/state', (state) => state.runId === runId && state.status === 'done');
    return over.checkpointId as string;
  };
  const madeFrom = async (letters: string) => {
    await lab.client.call('corpus/text', {
      bytes: new TextEncoder().encode(textOf(letters)),
      config: { tokenizer: 'char', vocabSize: 280, heldOutShare: 0.1, textWindow: 0 },
      contextLength: 24,
      seed: 1,
    });
    const model = { ...pretrainSpec().model, contextLength: 24 };
    const baseId = await train(`base ${letters}`, { ...pretrainSpec(), model, fixedPrompt: letters[0]! });
    const votes = Array.from({ length: 8 }, (_, i) =>
      plainVote(i, { prompt: letters[0]!, a: `${letters[1 + (i % 4)]} ${letters[2]}`, b: `${letters[5 + (i % 4)]} .` }),
    );
    return { baseId, votes, rewardId: await train(`judge ${letters}`, rewardSpec(baseId, votes)) };
  };

  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    first = await madeFrom(FIRST);
    second = await madeFrom(SECOND);
  }, SLOW);

  it('have vocabularies of one size', async () => {
    const infos = await lab.client.call('shelf/list', {});
    expect(new Set(infos.map(({ model }) => model.vocabSize)).size).toBe(1);
    expect(new Set(infos.map(({ tokenizerKey }) => tokenizerKey)).size).toBe(2);
  });

  it('are no judge, start or critic of a run', async () => {
    const refused = (spec: RunSpec) =>
      expect(lab.client.call('run/create', { runId: 'refused', spec })).rejects.toMatchObject({
        code: 'run/missingInput',
        message: expect.stringContaining('other tokens'),
      });
    const short = { completionLength: 6, iterations: 1 };
    const { baseId } = second;
    const votes = [plainVote(0, { prompt: 'k', a: 'l', b: 'm' }), plainVote(1, { prompt: 'k', a: 'n', b: 'm' })];
    await refused(ppoSpec(baseId, first.rewardId, short));
    await refused({ ...ppoSpec(baseId, second.rewardId, short), startId: first.baseId });
    await refused({ ...ppoSpec(baseId, second.rewardId, short), valueId: first.rewardId });
    await refused(bestOfSpec(baseId, first.rewardId));
    await refused({ ...dpoSpec(baseId, votes), rewardId: first.rewardId });
    await refused({ ...dpoSpec(baseId, votes), startId: first.baseId });
  });

  it('are not measured against each other, and their texts make no pair', async () => {
    const asked = { rater: null, seed: 1, temperature: 1, texts: 4 };
    const { baseId: policyId } = second;
    const measured = (referenceId: string, rewardId: string | null) =>
      lab.client.call('measure/policy', { policyId, referenceId, rewardId, ...asked });
    await expect(measured(first.baseId, null)).rejects.toThrow('different tokens');
    await expect(measured(policyId, first.rewardId)).rejects.toThrow('different tokens');
    const pairs = { policyId, againstId: first.baseId, count: 2, seed: 1, sampling: SAMPLING };
    await expect(lab.client.call('compare/pairs', pairs)).rejects.toThrow('different tokens');
  });
});
