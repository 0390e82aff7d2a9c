/** The usual beginning of a test: a lab with stories, a model that writes, votes of somebody who likes it short. */
import type { RunState } from '../../src/contract/protocol';
import { type Loopback, loopback } from './loopback';
import { SAMPLING, STORIES } from './specs';

/** On WebAssembly, its stories made. */
export async function startedLab(options?: Parameters<typeof loopback>[0]): Promise<Loopback> {
  const lab = loopback(options);
  await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
  await lab.client.call('corpus/stories', { config: STORIES, seed: 1 });
  return lab;
}

/** Plays a run until it ends, well or not. */
export async function ended(lab: Loopback, runId: string): Promise<RunState> {
  await lab.client.call('run/play', { runId });
  return lab.until(
    'run/state',
    (state) => state.runId === runId && ['done', 'failed', 'stopped'].includes(state.status),
  );
}

/** Plays a run to its end. @returns its checkpoint */
export async function finish(lab: Loopback, runId: string): Promise<string> {
  const { status, checkpointId, message } = await ended(lab, runId);
  if (status !== 'done') throw new Error(`${runId} ${status}: ${message}`);
  return checkpointId as string;
}

export const votesForShorter = (lab: Loopback, policyId: string, count = 12) =>
  lab.client.call('compare/simulate', {
    policyId,
    rater: { name: 'short' },
    count,
    noise: 0,
    seed: 1,
    sampling: SAMPLING,
  });
