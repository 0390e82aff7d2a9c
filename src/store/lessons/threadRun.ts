import type { LabClient } from '../../client/client';
import type { LiveKnobs } from '../../contract/config';
import type { CheckpointInfo, RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { BeforeAfter, MetricPoint, RewardReview } from '../../contract/observations';
import type { RunState } from '../../contract/protocol';

/** What the owner of a run wants to hear of it. */
export interface Ears {
  points?(points: readonly MetricPoint[]): void;
  rows?(rows: BeforeAfter[]): void;
  review?(review: RewardReview): void;
  state?(state: RunState): void;
  saved?(info: CheckpointInfo): void;
}

/** A run that no stage shows: whoever made it drives it, listens to it and gives it back. */
export interface ThreadRun {
  readonly runId: string;
  readonly totalSteps: number;
  /**
   * Resolves when so many steps are finished, when it is over, or when somebody paused it.
   * @throws LabError when a number became infinite or the thread died
   */
  playUntil(step: number): Promise<RunState>;
  /** resolves when the step in hand is finished */
  pause(): Promise<void>;
  adjust(knobs: LiveKnobs): Promise<void>;
  snapshot(): Promise<Uint8Array>;
  /** frees it; nothing is heard of it any more. Never rejects: a run of a thread that died is gone already */
  dispose(): Promise<void>;
}

/** @param from what it is made of, or a snapshot to go on from */
export async function threadRun(
  client: LabClient,
  runId: string,
  from: { spec: RunSpec } | Uint8Array,
  ears: Ears,
): Promise<ThreadRun> {
  const deafen = listen(client, runId, ears);
  const build = () =>
    from instanceof Uint8Array
      ? client.call('run/restore', { runId, snapshot: from })
      : client.call('run/create', { runId, spec: from.spec });
  const { totalSteps } = await build().catch((error) => {
    deafen();
    throw error;
  });
  return {
    runId,
    totalSteps,
    playUntil: (step) => playUntil(client, runId, step),
    async pause() {
      await client.call('run/pause', { runId });
    },
    async adjust(knobs) {
      await client.call('run/adjust', { runId, knobs });
    },
    snapshot: () => client.call('run/snapshot', { runId }),
    async dispose() {
      await client.call('run/dispose', { runId }).catch(() => undefined);
      deafen();
    },
  };
}

/** @returns what stops listening */
function listen(client: LabClient, wanted: string, ears: Ears): () => void {
  const stops = [
    client.on('run/metrics', ({ runId, points }) => runId === wanted && ears.points?.(points)),
    client.on('run/beforeAfter', ({ runId, rows }) => runId === wanted && ears.rows?.(rows)),
    client.on('run/review', ({ runId, review }) => runId === wanted && ears.review?.(review)),
    client.on('run/state', (state) => state.runId === wanted && ears.state?.(state)),
    client.on('shelf/saved', ({ runId, info }) => runId === wanted && ears.saved?.(info)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function playUntil(client: LabClient, runId: string, until: number): Promise<RunState> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      for (const stop of stops) stop();
      settle();
    };
    const stops = [
      client.on('run/state', (state) => {
        const rests = state.status === 'paused' || state.status === 'done'; // of a failure the reason comes right after
        if (state.runId === runId && rests) end(() => resolve(state));
      }),
      client.on('run/failed', ({ runId: id, error }) => {
        if (id === runId)
          end(() => reject(error.code ? new LabError(error.code, error.message) : new Error(error.message)));
      }),
      client.onCrash(() => end(() => reject(new LabError('engine/crashed', 'The computing thread stopped.')))),
    ];
    client.call('run/play', { runId, until }).then(
      (state) => {
        if (state.status !== 'running') end(() => resolve(state));
      },
      (error) => end(() => reject(error)),
    );
  });
}
