/** Ours and jax-js on one thread of one page, in turn; both have helping threads where the page is isolated. */
import { defaultDevice, init } from '@jax-js/jax';
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { HelperNews } from '../../../../src/contract/protocol';
import fastAlone from '../../../../src/core/kernels/assembly/fastPlayer.ts?url';
import fastTogether from '../../../../src/core/kernels/assembly/fastTogether.ts?url';
import alone from '../../../../src/core/kernels/assembly/player.ts?url';
import together from '../../../../src/core/kernels/assembly/together.ts?url';
import { currentKernels, startKernels } from '../../../../src/core/kernels/wasm/player';
import { startBackend } from '../../../../src/core/tf';
import { Helpers, threadsHere } from '../../../../src/worker/threads';
import { products } from '../../products';
import { S, trainingStep } from '../../work';
import { CHECKED_STEPS, stepTask } from '../stepTask';
import { jaxStep } from './jaxStep';
import { loopOn } from './loop';
import type { PageAnswer, PageQuestion, Side } from './questions';

const WASM_FILES = {
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
};

const helpers = new Helpers((wish) => self.postMessage(wish));
const bytesOf = async (address: string): Promise<ArrayBuffer> => (await fetch(address)).arrayBuffer();

let steps: Partial<Record<Side, () => Promise<unknown>>> = {};
let disposeOurs = (): void => {};

/** @returns what says whether both do the same work */
async function start(backend: 'wasm' | 'webgpu', loop: string): Promise<PageAnswer> {
  disposeOurs();
  const { adapter } = await startBackend(backend, { wasmPath: WASM_FILES });
  if (backend === 'wasm')
    await startKernels(
      {
        player: await bytesOf(alone),
        together: await bytesOf(together),
        fastPlayer: await bytesOf(fastAlone),
        fastTogether: await bytesOf(fastTogether),
      },
      threadsHere(helpers, () => performance.now()),
    );
  if (!(await init(backend)).includes(backend)) return { error: `jax-js has no ${backend} here` };
  defaultDevice(backend);
  const ours = trainingStep(S, 'fused');
  disposeOurs = () => ours.dispose();
  const jaxjs = jaxStep(await stepTask(ours));
  const first = async (step: () => Promise<number>): Promise<number[]> => {
    const losses: number[] = [];
    for (let taken = 0; taken < CHECKED_STEPS; taken++) losses.push(await step());
    return losses;
  };
  const checks = { ours: await first(ours.step), theirs: await first(jaxjs) };
  steps = { ours: ours.step, jaxjs };
  const player = currentKernels();
  if (player) {
    const bytes = Uint8Array.from(atob(loop), (sign) => sign.charCodeAt(0));
    steps = { ...steps, loop: await loopOn(player.threads, bytes), products: products(player).run };
  }
  return { ...checks, threads: currentKernels()?.threads ?? 1, executor: ours.network.executor, adapter };
}

async function run(side: Side): Promise<PageAnswer> {
  const began = performance.now();
  await steps[side]!();
  return { ms: performance.now() - began };
}

self.addEventListener('message', async ({ data }: MessageEvent<PageQuestion | HelperNews>) => {
  if ('helper' in data) return helpers.hear(data);
  const answer = 'start' in data ? start(data.start, data.loop) : run(data.run);
  self.postMessage(await answer.catch((error: Error): PageAnswer => ({ error: error.message })));
});
