/** A short measured training step: how fast is this machine? */
import { presetConfig } from '../contract/config';
import type { ProbeResult } from '../contract/domain';
import { minOf } from '../contract/many';
import type { Course } from '../contract/protocol';
import { crossEntropy } from '../core/losses/crossEntropy';
import { createNetwork } from '../core/model/createNetwork';
import { Random } from '../core/tensor/random';
import { tf } from '../core/tf';
import { stepFlops, suggestPreset } from './estimate';

const ROWS = 16;
/** about one story */
const COLUMNS = 32;
const VOCABULARY = 256;
/** the first steps compile kernels and fill caches */
const WARM_UP = 2;
const TIMED = 3;
/** a machine that has not finished by then is slow, and that is all there is to know */
const PATIENCE_MS = 2000;

export interface Measured {
  result: ProbeResult;
  flopsPerSecond: number;
}

/** Trains a Tiny model on noise for a few steps and forgets it. */
export async function probe(now: () => number, { breathe, tell }: Pick<Course, 'breathe' | 'tell'>): Promise<Measured> {
  const { model, pretrain } = presetConfig('tiny');
  const shape = { ...model, vocabSize: VOCABULARY };
  const random = Random.fromSeed(1);
  const network = createNetwork(shape, { language: true, scalar: false }, random, 'probe');
  const optimizer = network.createOptimizer(pretrain.optimizer);
  const ids = Int32Array.from({ length: ROWS * COLUMNS }, () => random.integer(VOCABULARY));
  const tokens = tf.tensor2d(ids, [ROWS, COLUMNS], 'int32');
  const step = async () => {
    const { loss, gradNorm } = optimizer.minimize(
      () => ({
        loss: crossEntropy(network.logprobs({ tokens, leftPad: null }, 1, 1).logprobs, tf.ones([ROWS, COLUMNS - 1])),
      }),
      1e-3,
    );
    await loss.data();
    tf.dispose([loss, gradNorm]);
  };
  /** of each step, in order; at least one */
  const times: number[] = [];
  const began = now();
  try {
    while (times.length < WARM_UP + TIMED && (times.length === 0 || now() - began < PATIENCE_MS)) {
      const started = now();
      await step();
      times.push(now() - started);
      tell({ done: times.length, total: WARM_UP + TIMED, label: 'training steps' });
      await breathe();
    }
    const stepMs = Math.max(0.01, minOf(times.slice(Math.min(WARM_UP, times.length - 1))));
    const tokensPerSecond = (1000 * ROWS * COLUMNS) / stepMs;
    const flopsPerSecond = (1000 * stepFlops(shape, ROWS, COLUMNS)) / stepMs;
    return { result: { stepMs, tokensPerSecond, suggested: suggestPreset(tokensPerSecond) }, flopsPerSecond };
  } finally {
    tokens.dispose();
    optimizer.dispose();
    network.dispose();
  }
}
