import { beforeAll, describe, expect, it } from 'vitest';
import type { Following } from '../../src/client/client';
import type { RatedDuel } from '../../src/contract/arena';
import { CLASS_CHOICES, type ClassChoice } from '../../src/contract/classroom';
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import { LIMITS } from '../../src/contract/limits';
import type { Vote } from '../../src/contract/preferences';
import type { CallKind, Calls, Progress } from '../../src/contract/protocol';
import { plainVote } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';

const SLOW = 120_000;
const SAMPLING = { temperature: 1, topK: 0, topP: 1 };
const STORIES = {
  happyShare: 0.4,
  sadShare: 0.4,
  meanMiddle: 0.5,
  politeShare: 0.3,
  rudeShare: 0.2,
  moodAgreement: 0.8,
};
const letters = (count: number) => new TextEncoder().encode('abcdefghij klmnop'.repeat(count / 17));

/** half of them for the happy end */
const votes = (count: number): Vote[] =>
  Array.from({ length: count }, (_, i) =>
    plainVote(i, {
      prompt: 'the fox was in the forest .',
      a: 'it was happy and sang .',
      b: 'it was sad and cried .',
      choice: i % 2 === 0 ? 'a' : 'b',
    }),
  );

/** what a student said of 32 pairs, no two of them the same */
const choices = (student: number): ClassChoice[] =>
  Array.from({ length: 32 }, (_, i) => CLASS_CHOICES[(student * (i + 1)) % CLASS_CHOICES.length]!);

/** of eight models, of which each wins now and then */
const duel = (i: number): RatedDuel => ({
  first: i % 8,
  second: (i + 1 + (i % 7)) % 8,
  choice: (['a', 'b', 'tie', 'bothBad'] as const)[(i * 7) % 4]!,
  lengths: [10 + (i % 5), 10 + (i % 3)],
});

/** these of a tiny model are done in one piece: what is cancelled is what has not begun */
const IN_ONE_PIECE: readonly CallKind[] = ['reward/score', 'shelf/export'];

/** Cancels at the first news, or soon after the beginning; @returns how it ended */
async function cancelled<K extends CallKind>(lab: Loopback, kind: K, params: Calls[K]['params']): Promise<unknown> {
  const controller = new AbortController();
  const following: Following = { signal: controller.signal, onProgress: () => controller.abort() };
  const call = lab.client.call(kind, params, following);
  if (IN_ONE_PIECE.includes(kind)) controller.abort();
  setImmediate(() => controller.abort());
  return call.then(
    () => 'done',
    (error: unknown) => error,
  );
}

describe('a cancelled call', () => {
  let lab: Loopback;
  let policyId: string;
  /** the shipped model as its file, and a run that has not begun as its snapshot */
  let file: Uint8Array;
  let snapshot: Uint8Array;
  const rewardSpec = (count: number): RunSpec => {
    const config = { ...presetConfig('tiny').reward, ruleLabels: 0 };
    return { kind: 'reward', seed: 1, config, baseId: policyId, opinions: votes(count), vetoed: [], useRule: false };
  };
  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    policyId = (await lab.client.call('shelf/shipped', { preset: 'tiny' })).checkpointId;
    // the network stays from then on
    await lab.client.call('compare/pairs', { policyId, count: 1, seed: 1, sampling: SAMPLING });
    await lab.client.call('run/create', { runId: 'judge', spec: rewardSpec(20) });
    file = (await lab.client.call('shelf/export', { checkpointId: policyId })).bytes;
    snapshot = await lab.client.call('run/snapshot', { runId: 'judge' });
  }, SLOW);

  const texts = Array.from({ length: 5000 }, () => ({
    prompt: 'the fox was in the forest .',
    completions: ['it sang .'],
  }));
  const long: { [K in CallKind]?: () => Calls[K]['params'] } = {
    'corpus/stories': () => ({ config: { ...STORIES, stories: 60_000 }, seed: 9 }),
    'corpus/text': () => ({
      bytes: letters(17 * 200_000),
      config: { tokenizer: 'bpe', vocabSize: 400, heldOutShare: 0.1, textWindow: 0 },
      contextLength: 16,
      seed: 1,
    }),
    'compare/pairs': () => ({ policyId, count: 400, seed: 1, sampling: SAMPLING }),
    'compare/simulate': () => ({
      policyId,
      rater: { name: 'happy' },
      count: 400,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    }),
    'compare/candidates': () => ({ policyId, count: 200, size: 4, seed: 1, sampling: SAMPLING }),
    'compare/rank': () => ({
      policyId,
      rater: { name: 'happy' },
      count: 200,
      size: 4,
      noise: 0,
      seed: 1,
      sampling: SAMPLING,
    }),
    'finetune/demonstrations': () => ({
      baseId: policyId,
      wish: { happy: true, polite: true, short: true, animal: 'fox' },
      count: 5000,
      seed: 1,
    }),
    'texts/check': () => ({ baseId: policyId, texts }),
    'inspect/complete': () => ({
      checkpointIds: [policyId],
      prompts: texts.slice(0, 400).map(({ prompt }) => prompt),
      sampling: SAMPLING,
      seed: 1,
    }),
    'inspect/attention': () => ({ checkpointId: policyId, text: 'the fox was in the forest .' }),
    'inspect/next': () => ({ checkpointId: policyId, text: 'the fox was in the forest .', sampling: SAMPLING }),
    'reward/score': () => ({ checkpointId: 'live:judge', text: 'the fox was in the forest . it sang .' }),
    'taste/infer': () => ({ opinions: votes(2000), vetoed: [], policyId, seed: 1 }),
    'engine/probe': () => ({}),
    'shelf/export': () => ({ checkpointId: policyId }),
    'shelf/import': () => ({ bytes: file, name: 'tiny.safetensors' }),
    'shelf/duplicate': () => ({ checkpointId: policyId, copyId: 'copy', name: 'Copy' }),
    'run/create': () => ({ runId: 'new', spec: rewardSpec(2000) }),
    'run/restore': () => ({ runId: 'judge', snapshot }),
    'class/agreement': () => ({ pairs: 32, choices: Array.from({ length: 1000 }, (_, i) => choices(i)), seed: 1 }),
    'arena/rate': () => ({
      models: 8,
      duels: Array.from({ length: LIMITS.duels }, (_, i) => duel(i)),
      options: { ties: 'davidson', bothBadTies: true, lengthHeldEqual: true, prior: null, k: 32, shuffle: 0, seed: 1 },
    }),
    'measure/policy': () => ({
      policyId,
      referenceId: policyId,
      rewardId: null,
      rater: null,
      temperature: 1,
      seed: 1,
      texts: 256,
    }),
  };

  it.each(Object.keys(long) as (keyof typeof long)[])(
    'ends with its own error and leaves the thread as it was: %s',
    async (kind) => {
      const before = await lab.client.call('corpus/samples', { count: 2, seed: 3 });
      const shelf = await lab.client.call('shelf/list', {});
      const { tensors } = await lab.client.call('engine/memory', {});
      const ended = await cancelled(lab, kind, long[kind]!() as never);
      expect(ended).toBeInstanceOf(LabError);
      expect(ended).toMatchObject({ code: 'work/cancelled' });
      expect(await lab.client.call('corpus/samples', { count: 2, seed: 3 })).toEqual(before);
      expect(await lab.client.call('shelf/list', {})).toEqual(shelf);
      expect((await lab.client.call('engine/memory', {})).tensors).toBeLessThanOrEqual(tensors);
      await expect(lab.client.call('run/pause', { runId: 'new' })).rejects.toMatchObject({ code: 'run/missingInput' });
      expect((await lab.client.call('run/pause', { runId: 'judge' })).step).toBe(0);
    },
    SLOW,
  );

  it('has no effect on others, nor once it is answered', async () => {
    const controller = new AbortController();
    const asked = lab.client.call('corpus/samples', { count: 1, seed: 1 }, { signal: controller.signal });
    const other = lab.client.call('compare/pairs', { policyId, count: 2, seed: 1, sampling: SAMPLING });
    await asked;
    controller.abort();
    expect(await other).toHaveLength(2);
    await expect(
      lab.client.call('corpus/samples', { count: 1, seed: 1 }, { signal: controller.signal }),
    ).rejects.toMatchObject({
      code: 'work/cancelled',
    });
  });

  it('tells how far it is until then', async () => {
    const told: Progress[] = [];
    const params = { policyId, rater: { name: 'happy' } as const, count: 40, noise: 0, seed: 1, sampling: SAMPLING };
    await lab.client.call('compare/simulate', params, { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ done: 40, total: 40, label: 'writing and judging pairs' });
  });

  it('is not waited for where a network does not answer', async () => {
    const { surroundings } = lab.session;
    const { fetchShipped } = surroundings;
    surroundings.fetchShipped = () => new Promise(() => {});
    const before = await lab.client.call('corpus/samples', { count: 2, seed: 3 });
    expect(await cancelled(lab, 'shelf/shipped', { preset: 'small' })).toMatchObject({ code: 'work/cancelled' });
    surroundings.fetchShipped = fetchShipped;
    expect(await lab.client.call('corpus/samples', { count: 2, seed: 3 })).toEqual(before);
  });
});
