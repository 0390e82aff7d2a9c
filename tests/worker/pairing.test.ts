import { describe, expect, it, vi } from 'vitest';
import type { Random } from '../../src/core/tensor/random';
import { candidatePairs, type Writer } from '../../src/worker/pairing';
import { candidateSets } from '../../src/worker/ranking';

/** a model that knows its text by heart: only to a rare prompt does it write what chance makes of it */
vi.mock('../../src/worker/writing', () => ({
  write: async (_network: unknown, _corpus: unknown, prompts: readonly string[], _sampling: unknown, random: Random) =>
    prompts.map((prompt) => ({ prompt, completion: prompt === 'rare' ? `by chance ${random.next()}` : 'by heart' })),
}));

const SAMPLING = { temperature: 0.7, topK: 0, topP: 1 };
const noWait = async () => {};

const writer = (rare: number): Writer =>
  ({
    policyId: 'p',
    network: {},
    corpus: {
      tokenizer: { eosId: 1 },
      prompts: (random: Random, count: number) =>
        Array.from({ length: count }, () => (random.next() < rare ? 'rare' : 'common')),
    },
  }) as unknown as Writer;

describe('pairs of a model that says almost always the same', () => {
  it('are found where one prompt in ten leaves something to chance', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const pairs = await candidatePairs(writer(0.1), 1, seed, SAMPLING, noWait);
      expect(pairs).toHaveLength(1);
      expect(pairs[0]?.prompt).toBe('rare');
      expect(pairs[0]?.completions[0]).not.toBe(pairs[0]?.completions[1]);
    }
  });

  it('are never more than were asked for', async () => {
    expect(await candidatePairs(writer(0.3), 2, 1, SAMPLING, noWait)).toHaveLength(2);
  });

  it('are refused by what is the matter, with what helps, where it always says the same', async () => {
    const nothing = { code: 'run/sameTexts' };
    await expect(candidatePairs(writer(0), 1, 1, SAMPLING, noWait)).rejects.toMatchObject(nothing);
    await expect(candidateSets(writer(0), 1, 4, 1, SAMPLING, noWait)).rejects.toMatchObject(nothing);
  });
});
