import { beforeAll, describe, expect, it } from 'vitest';
import type { CandidateSet, Vote } from '../../src/contract/preferences';
import type { Progress } from '../../src/contract/protocol';
import { decodeRun, encodeRun } from '../../src/worker/storedRun';
import { otherwise, plainVote } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';
import { dpoSpec, ppoSpec, pretrainSpec, rewardSpec, SAMPLING, SLOW } from './specs';

const TEXT = 'The tide came in. The tide went out. A gull sat on the post and waited for the boat. '.repeat(20);
const params = (tokenizer: 'char' | 'word' | 'bpe', text = TEXT) => ({
  bytes: new TextEncoder().encode(text),
  config: { tokenizer, vocabSize: 280, heldOutShare: 0.1, textWindow: 0 },
  contextLength: 24,
  seed: 1,
});

const voteFor = ({ setId, prompt, completions, policyId }: CandidateSet, index: number): Vote =>
  plainVote(index, {
    voteId: `vote ${index}`,
    pairId: setId,
    prompt,
    a: completions[0]!,
    b: completions[1]!,
    choice: index % 2 === 0 ? 'a' : 'b',
    policyId,
  });

describe('the visitor’s own text', () => {
  let lab: Loopback;
  let baseId: string;

  const train = async (runId: string) => {
    await lab.client.call('run/play', { runId });
    const over = await lab.until(
      'run/state',
      (state) => state.runId === runId && ['done', 'failed', 'stopped'].includes(state.status),
    );
    expect(over.message).toMatch(/^Done/);
    return over.checkpointId as string;
  };

  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
  }, SLOW);

  it('tells how far learning its tokens has come', async () => {
    const progress: Progress[] = [];
    const summary = await lab.client.call('corpus/text', params('bpe'), { onProgress: (told) => progress.push(told) });
    expect(summary).toMatchObject({ kind: 'text', entropy: null, animals: [], size: TEXT.length });
    expect(progress.at(-1)?.done).toBe(progress.at(-1)?.total);
    const tokens = await lab.client.call('corpus/tokens', { text: 'The tide 🌊' });
    expect(tokens.length).toBeLessThan(14);
  });

  it('goes through all stages without a gold score', async () => {
    const { client } = lab;
    const shape = { ...pretrainSpec().model, contextLength: 24 };
    await client.call('run/create', { runId: 'own', spec: { ...pretrainSpec(), model: shape, fixedPrompt: 'The ti' } });
    baseId = await train('own');
    expect(
      lab
        .of('run/metrics')
        .flatMap(({ points }) => points)
        .at(-1)?.values,
    ).not.toHaveProperty('eval/aboveFloor');

    const pairs = await client.call('compare/pairs', { policyId: baseId, count: 10, seed: 1, sampling: SAMPLING });
    const votes = pairs.map(voteFor);
    const rater = { name: 'happy' } as const;
    const simulate = client.call('compare/simulate', {
      policyId: baseId,
      rater,
      count: 4,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    });
    await expect(simulate).rejects.toMatchObject({ code: 'run/missingInput' });
    const taste = await client.call('taste/infer', { opinions: votes, vetoed: [], policyId: baseId, seed: 1 });
    expect(taste.kind).toBe('missing');

    await client.call('run/create', { runId: 'judge', spec: { ...rewardSpec(baseId, votes), useRule: true } });
    const rewardId = await train('judge');
    expect(lab.of('run/review').at(-1)?.review.pairs).toEqual({ human: 10, simulated: 0, imported: 0, rule: 0 });

    await client.call('run/create', {
      runId: 'ppo',
      spec: ppoSpec(baseId, rewardId, { completionLength: 6, iterations: 1 }),
    });
    await train('ppo');
    const [row] = lab.of('run/rollouts').at(-1)?.rows ?? [];
    expect(row?.gold).toBeNull();
    expect(row?.tokens.length).toBeLessThanOrEqual(6);
    const scored = await client.call('reward/score', { checkpointId: rewardId, text: 'The tide came out. '.repeat(5) });
    expect(Number.isFinite(scored.score)).toBe(true);
  });

  it('has votes from which a model of other words cannot learn: the first is named, on every way in', async () => {
    const { client } = lab;
    const pairs = await client.call('compare/pairs', { policyId: baseId, count: 18, seed: 4, sampling: SAMPLING });
    const votes = pairs.map(voteFor);
    const tie = otherwise(votes[0]!, { voteId: 'tie', choice: 'tie' });
    const { checkpointId: tinyId } = await client.call('shelf/shipped', { preset: 'tiny' });
    const stories = await client.call('compare/simulate', {
      policyId: tinyId,
      rater: { name: 'happy' },
      count: 10,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    });
    const named = { code: 'run/votes', message: expect.stringMatching(/^Vote 12 of 29: the model does not know “/) };
    const mixed = [...stories, tie, ...votes];
    for (const spec of [
      rewardSpec(tinyId, mixed),
      { ...rewardSpec(tinyId, mixed), useRule: true },
      dpoSpec(tinyId, mixed),
    ])
      await expect(client.call('run/create', { runId: 'mixed', spec })).rejects.toMatchObject(named);
    const taste = await client.call('taste/infer', { opinions: mixed, vetoed: [], policyId: tinyId, seed: 1 });
    expect(taste).toMatchObject({
      kind: 'missing',
      sentence: expect.stringContaining('Vote 12 of 29: the model does not know “'),
    });

    // a tie teaches nothing
    await client.call('run/create', { runId: 'stored', spec: rewardSpec(tinyId, [...stories, tie]) });
    await client.call('run/step', { runId: 'stored' });
    const { spec, ...rest } = decodeRun(await client.call('run/snapshot', { runId: 'stored' }));
    const snapshot = encodeRun({ ...rest, spec: { ...spec, opinions: mixed } as typeof spec });
    await expect(client.call('run/restore', { runId: 'restored', snapshot })).rejects.toMatchObject(named);

    await client.call('run/create', { runId: 'still mine', spec: rewardSpec(baseId, votes) });
  });

  it.each(['char', 'word', 'bpe'] as const)(
    'is learned from as a model that knows nothing yet writes it: %s',
    async (tokenizer) => {
      const { client } = lab;
      await client.call('corpus/text', {
        ...params(tokenizer),
        config: { tokenizer, vocabSize: tokenizer === 'word' ? 9 : 280, heldOutShare: 0.1, textWindow: 0 },
      });
      const shape = { ...pretrainSpec().model, contextLength: 24 };
      const spec = { ...pretrainSpec({ steps: 1 }), model: shape, fixedPrompt: 'a zebra' };
      await client.call('run/create', { runId: `raw ${tokenizer}`, spec });
      const rawId = await train(`raw ${tokenizer}`);
      const sampling = { temperature: 3, topK: 0, topP: 1 };
      const pairs = await client.call('compare/pairs', { policyId: rawId, count: 40, seed: 1, sampling });
      const sets = await client.call('compare/candidates', { policyId: rawId, count: 5, size: 3, seed: 1, sampling });
      const meta = { strengths: null, source: 'human' as const, rater: null, policyId: rawId, seconds: 1, at: 0 };
      const rankings = sets.map(({ setId, prompt, completions }) => ({
        rankingId: setId,
        prompt,
        completions,
        ranks: [1, 2, 3],
        ...meta,
      }));
      const opinions = [...pairs.map(voteFor), ...rankings];
      for (const spec of [rewardSpec(rawId, opinions), dpoSpec(rawId, opinions)])
        expect(await client.call('run/create', { runId: 'raw', spec })).toMatchObject({ status: 'idle' });
    },
  );

  it('is needed again to train its model, but not to look at it', async () => {
    const { client } = lab;
    await client.call('corpus/text', params('bpe'));
    await client.call(
      'corpus/text',
      params('char', 'Something else entirely, and long enough for two windows of text, I hope.'),
    );
    expect(
      (await client.call('inspect/attention', { checkpointId: baseId, text: 'The tide' })).tokens.length,
    ).toBeGreaterThan(1);
    const [[completion]] = (await client.call('inspect/complete', {
      checkpointIds: [baseId],
      prompts: ['The tide'],
      sampling: SAMPLING,
      seed: 1,
    })) as [[string]];
    expect(completion.length).toBeGreaterThan(0);
    for (const call of [
      client.call('corpus/checkpoint', { checkpointId: baseId }),
      client.call('compare/pairs', { policyId: baseId, count: 1, seed: 1, sampling: SAMPLING }),
    ])
      await expect(call).rejects.toMatchObject({
        code: 'run/missingInput',
        message: expect.stringContaining('Data page'),
      });
    await client.call('corpus/text', params('bpe'));
    await expect(client.call('corpus/checkpoint', { checkpointId: baseId })).resolves.toHaveProperty('kind', 'text');
  });

  it('completes an empty prompt', async () => {
    const [[completion]] = (await lab.client.call('inspect/complete', {
      checkpointIds: [baseId],
      prompts: [''],
      sampling: SAMPLING,
      seed: 1,
    })) as [[string]];
    expect(typeof completion).toBe('string');
  });
});
