import { describe, expect, it } from 'vitest';
import { tuningOf } from '../../../../src/core/model/adapters/tuning';
import type { Heads } from '../../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../../src/core/model/createNetwork';
import { parameterList } from '../../../../src/core/model/layout';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { ALL_KINDS, GPT_2, itLearnsInPart, LORA } from './identities';

withBackend('wasm');

describe('a network that learns in part, on the portable executor', () => {
  itLearnsInPart(ALL_KINDS);

  it('keeps its trunk once in memory for all that were made from it', () => {
    const GPT = GPT_2[0][1];
    const base = createNetwork(GPT, { language: true, scalar: false }, Random.fromSeed(1), 'trunk');
    const before = tf.memory().numDataBuffers;
    const tuned = (heads: Heads) =>
      base.tuned('policy', heads, tuningOf(LORA, parameterList(GPT, heads), GPT), Random.fromSeed(3));
    const language = { language: true, scalar: false };
    const roles = [language, { language: true, scalar: true }, { language: false, scalar: true }].map(tuned);
    expect(tf.memory().numDataBuffers - before).toBe(3 * (2 * 4 * GPT.layers) + 2 * 2);
    for (const role of roles) role.dispose();
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});
