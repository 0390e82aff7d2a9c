/** What GPT-2 small takes, counted on the recordings: 124 million weights are not there. */
import { describe, expect, it } from 'vitest';
import type { LoraConfig } from '../../../../src/contract/settings/lora';
import { tuningOf } from '../../../../src/core/model/adapters/tuning';
import type { CausalNetwork, Heads } from '../../../../src/core/model/causalNetwork';
import { cardLacks } from '../../../../src/core/model/executor';
import { FusedNetwork } from '../../../../src/core/model/fused/fusedNetwork';
import { headRowsOf } from '../../../../src/core/model/fused/headRows';
import { MOST_ARENAS } from '../../../../src/core/model/fused/planShelf';
import { parameterCount } from '../../../../src/core/model/layout';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { CountingPlayer, countingEngine } from '../../../helpers/countingPlayer';
import { GPT_2_SMALL as GPT_2 } from '../../../helpers/gpt2Small';

const LANGUAGE: Heads = { language: true, scalar: false };
const SCALAR: Heads = { language: false, scalar: true };
const LORA: LoraConfig = { loraRank: 8, loraAlpha: 16, loraStable: false, loraTargets: 'both', frozenLayers: 0 };
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, maxGradNorm: 1 };
const [ROWS, PROMPT, LENGTH] = [8, 24, 64];

const tokens = (rows: number, length: number) => ({
  tokens: tf.zeros<tf.Rank.R2>([rows, length], 'int32'),
  leftPad: null,
});

function trunkOn(player: CountingPlayer, writesAsItReads: boolean): FusedNetwork {
  return new FusedNetwork(countingEngine(player, GPT_2, writesAsItReads), 'trunk', GPT_2, LANGUAGE, null);
}
const onTrunk = (trunk: CausalNetwork, name: string, heads: Heads): CausalNetwork =>
  trunk.tuned(name, heads, tuningOf(LORA, trunk.parameters, GPT_2), Random.fromSeed(1));

/** a rollout, what the four roles say of it, and a step of policy and value model */
function ppoIteration(trunk: CausalNetwork): void {
  const policy = onTrunk(trunk, 'policy', LANGUAGE);
  const [reference, reward] = [trunk.clone('reference'), onTrunk(trunk, 'rewardModel', SCALAR)];
  const value = onTrunk(trunk, 'valueModel', SCALAR);
  const sampling = { temperature: 1, topK: 0, topP: 1 };
  const options = { sampling, completionLength: LENGTH - PROMPT, eosId: null, padId: 0 };
  const { batch, completionMask } = policy.generate(tokens(ROWS, PROMPT), options, Random.fromSeed(2));
  reference.logprobs(batch, PROMPT, 1);
  reward.scores(batch, PROMPT, completionMask, 'last');
  value.values(batch, PROMPT);
  const [ofPolicy, ofValue] = [policy, value].map((network) => network.createOptimizer(ADAM));
  ofPolicy!.minimize(() => ({ loss: tf.mean(policy.logprobs(batch, PROMPT, 1).logprobs) }), 1e-4);
  ofValue!.minimize(() => ({ loss: tf.mean(value.values(batch, PROMPT)) }), 1e-4);
}

describe('GPT-2 small', () => {
  withBackend('cpu');

  it('has the 124 million weights of the paper', () => {
    expect(parameterCount(GPT_2)).toBe(124_439_808);
  });

  it.each([true, false])(
    'takes less than 1.5 GB for all four roles on 8 × 64 tokens (noted while writing: %s)',
    (noted) => {
      const player = new CountingPlayer();
      const trunk = trunkOn(player, noted);
      expect(player.bytes).toBeGreaterThan(4 * 124_439_808); // counted at all
      ppoIteration(trunk);
      expect(player.peak).toBeLessThan(1.5e9);
    },
  );

  it('is left to the portable executor, in words, where a card cannot hold or read its weights', () => {
    const limits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 };
    expect(cardLacks(limits, GPT_2)).toBeNull();
    expect(cardLacks({ ...limits, maxBufferSize: 2 ** 28 }, GPT_2)).toBe(
      'its weights take 475 MB in one buffer, this card gives 256 MB',
    );
    expect(cardLacks({ ...limits, maxStorageBufferBindingSize: 2 ** 27 }, GPT_2)).toMatch(/148 MB.*128 MB/);
  });

  it('never has the logits of a batch of texts, nor of a long one, forward or backward', () => {
    const player = new CountingPlayer();
    const policy = onTrunk(trunkOn(player, true), 'policy', LANGUAGE);
    const optimizer = policy.createOptimizer(ADAM);
    for (const [rows, length] of [
      [ROWS, LENGTH],
      [1, 1024],
    ] as const) {
      optimizer.minimize(() => ({ loss: tf.mean(policy.logprobs(tokens(rows, length), 1, 1).logprobs) }), 1e-4);
      expect(player.largest).toBeLessThan((4 * rows * (length - 1) * 50_257) / 3);
    }
  });

  it('writes a token with at most 100 dispatches', () => {
    const player = new CountingPlayer();
    const trunk = trunkOn(player, true);
    const options = { sampling: { temperature: 1, topK: 0, topP: 1 }, eosId: null, padId: 0 };
    const write = (completionLength: number): number => {
      const before = player.dispatches;
      trunk.generate(tokens(1, PROMPT), { ...options, completionLength }, Random.fromSeed(2));
      return player.dispatches - before;
    };
    const [few, more] = [write(2), write(12)];
    expect((more - few) / 10).toBeGreaterThan(12 * 5); // counted at all
    expect((more - few) / 10).toBeLessThanOrEqual(100);
  });

  it('keeps the arenas of so many shapes of text as fit beside it, and always the last', () => {
    const player = new CountingPlayer();
    const trunk = trunkOn(player, true);
    const before = player.bytes;
    for (let length = 200; length < 1024; length += 100) trunk.logprobs(tokens(4, length), 1, 1);
    const last = player.bytes - before;
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(MOST_ARENAS + 2 ** 28);
  });
});

describe('rows of a language head', () => {
  it('are all read at once where their logits are few', () => {
    expect(headRowsOf(64 * 48, 512)).toEqual([{ begin: 0, rows: 64 * 48 }]);
  });

  it('are parts that begin where every card can bind them, and are together all of them', () => {
    for (const rows of [504, 1023, 167]) {
      const parts = headRowsOf(rows, 50_257);
      expect(parts.every(({ begin }) => begin % 64 === 0)).toBe(true);
      expect(parts.map(({ begin }) => begin)).toEqual(parts.map((_, i) => i * parts[0]!.rows));
      expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows);
    }
  });
});
