/** What a run says about its own costs, on the path it really takes. */
import { describe, expect, it } from 'vitest';
import type { MetricValues } from '../../src/contract/metrics';
import { tf } from '../../src/core/tf';
import { type Loopback, loopback } from '../worker/loopback';
import { pretrainSpec, STORIES } from '../worker/specs';

const SPEC = pretrainSpec({ steps: 6, evalEvery: 100, batchSize: 2 });

/** numbers of every step of a small pre-training */
async function train({ client, until, of }: Loopback): Promise<MetricValues[]> {
  await client.call('corpus/stories', { config: STORIES, seed: 1 });
  await client.call('run/create', { runId: 'run', spec: SPEC });
  await client.call('run/play', { runId: 'run' });
  await until('run/state', (state) => state.runId === 'run' && state.status === 'done');
  return of('run/metrics').flatMap(({ points }) => points.map(({ values }) => values));
}

describe('every step tells its costs', () => {
  it('on WebGPU: dispatches and JavaScript, now and then the time of the card', async () => {
    const lab = loopback();
    await lab.client.call('engine/start', { backend: 'webgpu', executor: 'fused' });
    const steps = await train(lab);
    expect(steps.length).toBe(SPEC.config.steps);
    for (const values of steps) expect(values['perf/jsMs']).toBeGreaterThan(0);
    const dispatches = steps.reduce((sum, values) => sum + values['perf/dispatches']!, 0);
    expect(dispatches).toBeGreaterThan(SPEC.config.steps * 25); // one layer: some 30 a step
    const clocked = steps.map((values) => values['perf/gpuMs']).filter((ms) => ms !== undefined);
    expect(clocked.length).toBeGreaterThan(0);
    expect(Math.min(...clocked)).toBeGreaterThan(0);
    const { bytes } = await lab.client.call('engine/memory', {});
    expect(bytes).toBeGreaterThan(4 * tf.memory().numBytes); // weights, moments and arenas are no tensors of tf.js
  });

  it('elsewhere nothing: there is no card to ask', async () => {
    const lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    for (const values of await train(lab))
      for (const id of ['perf/dispatches', 'perf/jsMs', 'perf/gpuMs'] as const) expect(values).not.toHaveProperty(id);
  });
});
