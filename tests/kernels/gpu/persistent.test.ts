import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/contract/config';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { flatLayout, flatten, rangeOf } from '../../../src/core/model/fused/flatWeights';
import { initialWeights, parameterList } from '../../../src/core/model/layout';
import { PortableNetwork } from '../../../src/core/model/portableNetwork';
import { Random } from '../../../src/core/tensor/random';
import { startBackend, tf } from '../../../src/core/tf';
import { persistentWriter } from '../../bench/rows/persistent';
import { expectClose, type Numbers, runKernel, unwritten } from './runKernel';

const CONFIG: ModelConfig = {
  vocabSize: 11,
  contextLength: 12,
  layers: 2,
  heads: 2,
  width: 16,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const HEADS = { language: true, scalar: false };
const [BATCH, FIRST, COUNT, PAD_ID, EOS_ID] = [3, 4, 6, 0, 5];
const TOTAL = FIRST + COUNT;
const PROMPTS = [
  [1, 2, 3, 4],
  [0, 0, 5, 6],
  [0, 9, 8, 10],
];
const LEFT_PAD = [0, 2, 1];

/** larger than they begin, so that distributions are far from even */
function weightsOf() {
  const weights = initialWeights(CONFIG, HEADS, Random.fromSeed(3));
  for (const { data } of Object.values(weights))
    for (let i = 0; i < data.length; i++) data[i] = data[i]! * 5 + 0.01 * Math.sin(i);
  return weights;
}

describe('the persistent writer', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  /** what it leaves after each of these stretches of columns in turn */
  async function write(stretches: number[], step: Record<string, number>): Promise<Record<string, Numbers>> {
    const layout = flatLayout(parameterList(CONFIG, HEADS));
    const launch = persistentWriter({ ...CONFIG, offsetOf: (name) => rangeOf(layout, name).offset });
    let buffers: Record<string, Numbers> = {
      weights: flatten(layout, weightsOf()),
      cache: unwritten(CONFIG.layers * BATCH * TOTAL * 3 * CONFIG.width),
      logits: unwritten(BATCH * CONFIG.vocabSize),
      tokens: Int32Array.from(PROMPTS.flatMap((prompt) => [...prompt, ...new Array(COUNT).fill(PAD_ID)])),
      leftPad: Int32Array.from(LEFT_PAD),
      alive: new Uint32Array(BATCH).fill(1),
      mask: unwritten(BATCH * COUNT),
      logprobs: unwritten(BATCH * COUNT),
    };
    let column = 0;
    for (const columns of stretches) {
      const shape = { batch: BATCH, total: TOTAL, first: FIRST, count: COUNT, columns };
      buffers = await runKernel(gpu, { launch, buffers, shape, step: { ...step, column } });
      column += columns;
    }
    return buffers;
  }

  it.each([
    { sampling: { temperature: 0, topK: 0, topP: 1 }, stretches: [TOTAL] },
    { sampling: { temperature: 1, topK: 0, topP: 1 }, stretches: [5, 1, 4] },
    { sampling: { temperature: 0.8, topK: 6, topP: 0.9 }, stretches: [TOTAL] },
  ])(
    'writes what the portable executor writes: $sampling in stretches of $stretches',
    async ({ sampling, stretches }) => {
      const random = Random.fromSeed(8);
      const { key, counter } = random.state;
      const written = await write(stretches, { ...sampling, eosId: EOS_ID, padId: PAD_ID, seed: key, counter });
      await tf.setBackend('cpu');
      const portable = new PortableNetwork('twin', CONFIG, HEADS, weightsOf());
      const prompts = {
        tokens: tf.tensor2d(PROMPTS, [BATCH, FIRST], 'int32'),
        leftPad: tf.tensor1d(LEFT_PAD, 'int32'),
      };
      const options = { sampling, completionLength: COUNT, eosId: EOS_ID, padId: PAD_ID };
      const rollout = portable.generate(prompts, options, random);
      expect([...written.tokens!]).toEqual([...rollout.batch.tokens.dataSync()]);
      expect([...written.mask!]).toContain(0);
      expect([...written.mask!]).toEqual([...rollout.completionMask.dataSync()]);
      expectClose(written.logprobs!, rollout.logprobs.dataSync(), 1e-4, 'logprobs');
      portable.dispose();
      await tf.setBackend('webgpu');
    },
  );

  it('names a model that is too wide for one workgroup', () => {
    const wide = { ...CONFIG, width: 512, offsetOf: () => 0 };
    expect(() => persistentWriter(wide)).toThrow('a model of width 512 and 2 heads does not fit into one workgroup');
  });
});
