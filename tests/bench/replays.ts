/**
 * What recorded plans alone do in a stretch of work: writing their numbers, encoding and submitting, without tf.js
 * beside them.
 */
import type { Account } from '../../src/core/kernels/gpu/account';
import { Gpu } from '../../src/core/kernels/gpu/device';
import { GpuPlan } from '../../src/core/kernels/gpu/plan';

export interface Replay {
  /** milliseconds of JavaScript */
  ms: number;
  dispatches: number;
  /** made while a plan was run; a recorded plan needs none */
  buffers: number;
  bindGroups: number;
}

type Method = (...args: unknown[]) => unknown;

/** @param prototype and the methods in which a plan is run; @returns puts the methods back */
function watch(prototype: object, names: readonly string[], around: (work: () => unknown) => unknown): () => void {
  const methods = prototype as Record<string, Method>;
  const originals = names.map((name) => [name, methods[name] as Method] as const);
  for (const [name, original] of originals)
    methods[name] = function (this: unknown, ...args: unknown[]) {
      return around(() => original.apply(this, args));
    };
  return () => {
    for (const [name, original] of originals) methods[name] = original;
  };
}

export async function replaysIn(work: () => Promise<void>, account: Account): Promise<Replay> {
  const total: Replay = { ms: 0, dispatches: 0, buffers: 0, bindGroups: 0 };
  const around = (part: () => unknown): unknown => {
    const [before, began] = [account.reading, performance.now()];
    const result = part();
    total.ms += performance.now() - began;
    const after = account.reading;
    for (const name of ['dispatches', 'buffers', 'bindGroups'] as const) total[name] += after[name] - before[name];
    return result;
  };
  const restore = [watch(GpuPlan.prototype, ['encode', 'setSteps'], around), watch(Gpu.prototype, ['submit'], around)];
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return total;
}
