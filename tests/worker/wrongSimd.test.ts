/** A browser that takes modules with 128-bit instructions and computes something else with them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { ExecutorError } from '../../src/core/kernels/plan/player';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { startBackend, tf, trustsSimd, type WasmFile } from '../../src/core/tf';
import { Engine } from '../../src/worker/engine';
import { WASM_PATH } from '../helpers/backend';

const SIMD = 'tfjs-backend-wasm-simd.wasm';
const PLAIN = 'tfjs-backend-wasm.wasm';
const WORDS = /128-bit instructions of WebAssembly do not compute here what they should, so tf\.js does without/;
/** f32x4.mul and f32x4.add, as they stand in a module */
const [MULTIPLY, ADD] = [Buffer.from([0xfd, 0xe6, 0x01]), Buffer.from([0xfd, 0xe4, 0x01])];

/** the file with a sum in the place of every product of four numbers */
function mistaken(file: Buffer): Buffer {
  const wrong = Buffer.from(file);
  for (let at = wrong.indexOf(MULTIPLY); at >= 0; at = wrong.indexOf(MULTIPLY, at)) ADD.copy(wrong, at);
  return wrong;
}

/** addresses by which tf.js finds them */
const paths: Record<WasmFile, string> = { [PLAIN]: '', [SIMD]: '', 'tfjs-backend-wasm-threaded-simd.wasm': '' };
let asked: WasmFile[] = [];
/** what the browser makes of the file with 128-bit instructions */
let simdFile: (file: Buffer) => Buffer = (file) => file;
const wasmFiles = {
  wasmPath: paths,
  async fetchWasm(name: WasmFile) {
    asked.push(name);
    const file = await readFile(join(WASM_PATH, name));
    const taken = name === SIMD ? simdFile(file) : file;
    paths[name] = `data:application/wasm;base64,${taken.toString('base64')}`;
  },
};
/** every start of a test is one of a page that was just opened */
function forget(): void {
  asked = [];
  tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory);
}

/** loss and gradient of a small model on tf.js */
async function numbers(): Promise<number[]> {
  const model = { ...presetConfig('tiny').model, width: 24, heads: 2, contextLength: 16, vocabSize: 29 };
  const network = createNetwork(model, { language: true, scalar: false }, Random.fromSeed(3), 'policy');
  const optimizer = network.createOptimizer(presetConfig('tiny').pretrain.optimizer);
  const random = Random.fromSeed(5);
  const ids = Int32Array.from({ length: 9 * 13 }, () => random.integer(model.vocabSize));
  const batch = { tokens: tf.tensor2d(ids, [9, 13], 'int32'), leftPad: null };
  const { loss, gradNorm } = optimizer.minimize(
    () => ({ loss: tf.neg<tf.Scalar>(tf.mean(network.logprobs(batch, 1, 1).logprobs)) }),
    1e-2,
  );
  const found = [...(await loss.data()), ...(await gradNorm.data())];
  for (const owned of [optimizer, network, batch.tokens, loss, gradNorm]) owned.dispose();
  return found;
}

const engine = (kernels: () => Promise<unknown>): Engine =>
  new Engine({ wasmFiles, kernels, crossOriginIsolated: true, now: () => 0, onLost: () => {}, onGpuError: () => {} });

describe('WebAssembly whose 128-bit instructions are wrong', () => {
  let right: number[];
  beforeAll(async () => {
    await startBackend('wasm', wasmFiles);
    expect([asked, trustsSimd()]).toEqual([[SIMD], true]);
    right = await numbers();
  });
  beforeEach(() => {
    forget();
    simdFile = (file) => file;
  });
  const expectRight = async () =>
    (await numbers()).forEach((value, i) => {
      expect(Math.abs(value - right[i]!)).toBeLessThan(1e-4 * Math.abs(right[i]!));
    });

  it('computes with what tf.js has without them, where the kernels found them wrong', async () => {
    const started = await engine(() => Promise.reject(new ExecutorError('wrong'))).start('wasm');
    expect(started).toMatchObject({ backend: 'wasm', executor: 'portable', threads: null });
    expect(started.reason).toMatch(WORDS);
    expect([asked, trustsSimd()]).toEqual([[SIMD, PLAIN], false]);
    await expectRight();
  });

  it('is found wrong by tf.js itself, and then no kernels are asked for', async () => {
    simdFile = mistaken;
    let kernels = 0;
    const started = await engine(async () => kernels++).start('wasm', 'portable');
    expect(started.reason).toMatch(WORDS);
    expect([asked, trustsSimd(), kernels]).toEqual([[SIMD, PLAIN], false, 0]);
    await expectRight();
  });

  it('is left where all of it is wrong, and that is said', async () => {
    simdFile = mistaken;
    const fetchWasm = async (name: WasmFile) => {
      await wasmFiles.fetchWasm(SIMD);
      paths[name] = paths[SIMD];
    };
    const files = { ...wasmFiles, fetchWasm };
    await expect(startBackend('wasm', files)).rejects.toMatchObject({
      code: 'engine/backend',
      message: 'no wasm: it does not compute here what it should',
    });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined); // tf.js tells of each kernel that it has twice
    const next = await startBackend('auto', files);
    warn.mockRestore();
    expect(next.backend).not.toBe('wasm');
    expect(next.reason).toMatch(/no wasm: it does not compute here what it should/);
  });

  it('goes unnoticed by nobody: the kernels that are wrong are not used, those that are missing are no mistake', async () => {
    const started = await engine(() => Promise.reject(new Error('no memory can be shared here'))).start('wasm');
    expect([asked, trustsSimd()]).toEqual([[SIMD], true]);
    expect(started.reason).not.toMatch(WORDS);
  });
});
