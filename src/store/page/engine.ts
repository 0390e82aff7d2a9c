import { attempt, type Context } from '../context';
import type { EngineSlice } from '../state';
import { moveEngine, restartEngine, startEngine } from './engineStart';
import { longWork } from './longWork';
import { saveTrace } from './trace';

const STARTING = {
  status: 'starting',
  info: null,
  probe: null,
  probing: false,
  declined: false,
  moving: false,
  compiling: null,
  memory: null,
  time: null,
  error: null,
} satisfies Partial<EngineSlice>;

export function engineSlice(context: Context): EngineSlice {
  const patch = (fields: Partial<EngineSlice>) => context.patch('engine', fields);
  let starting: Promise<void> | null = null;
  let restarting: Promise<void> | null = null;

  return {
    ...STARTING,

    start() {
      starting ??= startEngine(context);
      return starting;
    },

    restart() {
      patch({ status: 'restarting', probing: false, error: null });
      restarting ??= context
        .settle(() => restartEngine(context))
        .finally(() => {
          restarting = null;
        });
      return restarting;
    },

    async measure() {
      if (context.get().engine.probing) return;
      patch({ probing: true, declined: false });
      const error = await attempt(context, async () => {
        patch({ probe: await longWork(context, 'probe', ({ context: { call } }) => call('engine/probe', {})) });
        await context.get().config.refreshEstimate();
      });
      patch({ probing: false, declined: error?.code === 'work/cancelled' });
    },

    async changeExecutor(executor) {
      const { status, moving } = context.get().engine;
      if (status === 'ready' && !moving) await moveEngine(context, executor);
    },

    async setFast(fast) {
      await attempt(context, async () => patch({ info: await context.call('engine/fast', { fast }) }));
    },

    // only figures in a corner: a crash is told elsewhere
    refreshMemory: async () => patch({ memory: await context.call('engine/memory', {}).catch(() => null) }),
    refreshTime: async () => patch({ time: await context.call('engine/time', {}).catch(() => null) }),

    async saveTrace() {
      await attempt(context, () => saveTrace(context));
    },
  };
}
