import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/contract/config';
import { type Account, accountOf } from '../../../src/core/kernels/gpu/account';
import type { Rollout } from '../../../src/core/model/causalNetwork';
import { fusedEngine, preferExecutor } from '../../../src/core/model/executor';
import type { Engine } from '../../../src/core/model/fused/engine';
import { FusedNetwork } from '../../../src/core/model/fused/fusedNetwork';
import { initialWeights } from '../../../src/core/model/layout';
import { Random } from '../../../src/core/tensor/random';
import { startBackend, tf } from '../../../src/core/tf';
import { RowNetwork } from '../../bench/rows/rolloutRows';

const CONFIG: ModelConfig = {
  vocabSize: 11,
  contextLength: 20,
  layers: 2,
  heads: 2,
  width: 16,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const HEADS = { language: true, scalar: false };
const [BATCH, PROMPT, COMPLETION] = [3, 11, 9];

describe('a rollout of whole rows', () => {
  let account: Account;
  beforeAll(async () => {
    const { device } = await startBackend('webgpu');
    account = accountOf(device as GPUDevice, () => 0);
    preferExecutor('fused');
  });
  afterAll(() => preferExecutor('auto'));

  /** texts, mask and dispatches of one rollout */
  async function write(writesRows: boolean, temperature: number) {
    const engine: Engine = { ...(fusedEngine(CONFIG) as Engine), poison: true };
    const weights = initialWeights(CONFIG, HEADS, Random.fromSeed(3));
    for (const { data } of Object.values(weights)) for (let i = 0; i < data.length; i++) data[i] = 5 * data[i]!;
    const model = new (writesRows ? RowNetwork : FusedNetwork)(engine, 'policy', CONFIG, HEADS, weights);
    const tokens = tf.tensor2d(
      Array.from({ length: BATCH * PROMPT }, (_, i) => (7 * i) % 10),
      [BATCH, PROMPT],
      'int32',
    );
    const leftPad = tf.tensor1d([0, 6, 2], 'int32');
    const options = {
      sampling: { temperature, topK: 0, topP: 0.95 },
      completionLength: COMPLETION,
      eosId: 5,
      padId: 0,
    };
    const before = account.reading.dispatches;
    const rollout: Rollout = model.generate({ tokens, leftPad }, options, Random.fromSeed(4));
    const dispatches = account.reading.dispatches - before;
    const written = {
      tokens: [...(await rollout.batch.tokens.data())],
      mask: [...(await rollout.completionMask.data())],
      dispatches,
    };
    tf.dispose([
      tokens,
      leftPad,
      rollout.batch.tokens,
      rollout.batch.leftPad!,
      rollout.completionMask,
      rollout.logprobs,
    ]);
    model.dispose();
    return written;
  }

  it.each([0, 1])('is the one of columns, at temperature %i, in far fewer dispatches', async (temperature) => {
    const [rows, columns] = [await write(true, temperature), await write(false, temperature)];
    expect(rows.tokens).toEqual(columns.tokens);
    expect(rows.mask).toEqual(columns.mask);
    expect(columns.dispatches - rows.dispatches).toBeGreaterThan(15 * COMPLETION);
  });
});
