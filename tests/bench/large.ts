/**
 * GPT-2 small on WebAssembly: 124 million weights, all of them 0, since what is computed does not matter to the clock.
 */
import { tuningOf } from '../../src/core/model/adapters/tuning';
import { fusedEngine, preferExecutor } from '../../src/core/model/executor';
import { FusedNetwork } from '../../src/core/model/fused/fusedNetwork';
import { Random } from '../../src/core/tensor/random';
import { tf } from '../../src/core/tf';
import { disposeRollout } from '../../src/core/train/experience';
import { GPT_2_SMALL as GPT_2 } from '../helpers/gpt2Small';
import { median } from './measure';
import { STEP } from './work';

const HEADS = { language: true, scalar: false };
const LORA = { loraRank: 8, loraAlpha: 16, loraStable: false, loraTargets: 'both', frozenLayers: 0 } as const;
const [PROMPT, COMPLETION] = [8, 32];
const [ROWS, COLUMNS] = [8, 64];
const RUNS = 3;

function network(): FusedNetwork {
  preferExecutor('fused');
  const engine = fusedEngine(GPT_2);
  if (!engine) throw new Error('the fused executor cannot run here');
  return new FusedNetwork(engine, 'policy', GPT_2, HEADS, null);
}

const tokens = (rows: number, columns: number) => ({
  tokens: tf.zeros<tf.Rank.R2>([rows, columns], 'int32'),
  leftPad: null,
});

/** @returns milliseconds, the median of a few after one that makes the plans */
async function lasts(work: () => Promise<void>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return median(times);
}

/** @returns tokens a second of one text, its prompt read among them */
export async function largeGeneration(): Promise<number> {
  const policy = network();
  const prompts = tokens(1, PROMPT);
  const sampling = { temperature: 0.7, topK: 0, topP: 0.9 };
  const options = { sampling, completionLength: COMPLETION, eosId: null, padId: 0 };
  const ms = await lasts(async () => {
    const written = policy.generate(prompts, options, Random.fromSeed(1));
    await written.logprobs.data();
    disposeRollout(written);
  });
  for (const owned of [policy, prompts.tokens]) owned.dispose();
  return (1000 * COMPLETION) / ms;
}

/** @returns milliseconds of a step of adapters of rank 8 on 8 texts of 64 tokens */
export async function largeAdapters(): Promise<number> {
  const trunk = network();
  const tuned = trunk.tuned('tuned', HEADS, tuningOf(LORA, trunk.parameters, GPT_2), Random.fromSeed(1));
  const optimizer = tuned.createOptimizer(STEP.optimizer);
  const batch = tokens(ROWS, COLUMNS);
  const objective = () => ({ loss: tf.neg<tf.Scalar>(tf.mean(tuned.logprobs(batch, 1, 1).logprobs)) });
  const ms = await lasts(async () => {
    const { loss, gradNorm } = optimizer.minimize(objective, STEP.learningRate);
    await loss.data();
    tf.dispose([loss, gradNorm]);
  });
  for (const owned of [optimizer, tuned, trunk, batch.tokens]) owned.dispose();
  return ms;
}
