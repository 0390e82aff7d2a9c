import { RUN_KINDS } from '../../contract/domain';
import { attempt, type Context, toReport } from '../context';
import { bringBack, showCurves, showRuns, standStill } from '../persistence/restore';
import { NOTHING_STORED } from '../persistence/storage';
import type { EngineSlice } from '../state';
import { longWork } from './longWork';

export function engineSlice(context: Context): EngineSlice {
  const patch = (fields: Partial<EngineSlice>) => context.patch('engine', fields);

  const open = async () => {
    const { backend, executor } = context.get().config.value;
    patch({ info: await context.client().call('engine/start', { backend, executor }), error: null });
  };
  const failed = (error: unknown) => {
    const report = toReport(error);
    patch({ status: context.get().engine.status === 'crashed' ? 'crashed' : 'failed', error: report });
    context.get().notices.report(report, [{ kind: 'restart', label: 'Try again' }]);
  };

  let starting: Promise<void> | null = null;
  let restarting: Promise<void> | null = null;

  const startAgain = async () => {
    context.reconnect();
    try {
      const stored = await context.vault.read((storage) => storage.load(), NOTHING_STORED);
      showRuns(context, stored.runs);
      await showCurves(context, stored.runs);
      await open();
      await bringBack(context, stored);
      if (context.get().engine.status !== 'restarting') return; // it died again
      patch({ status: 'ready' }); // not before: what is asked of it stands on its models
      context.get().notices.clear('engine/crashed');
      context.get().notices.toast('The computing thread runs again.');
    } catch (error) {
      failed(error);
    } finally {
      standStill(context);
    }
  };

  return {
    status: 'starting',
    info: null,
    probe: null,
    probing: false,
    declined: false,
    moving: false,
    compiling: null,
    memory: null,
    error: null,

    start() {
      starting ??= open()
        .then(() => {
          patch({ status: 'ready' });
          void context.get().config.refreshEstimate();
        })
        .catch(failed);
      return starting;
    },

    restart() {
      patch({ status: 'restarting', probing: false, error: null });
      restarting ??= context.settle(startAgain).finally(() => {
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
      const { config, engine, runs } = context.get();
      if (engine.status !== 'ready' || engine.moving) return;
      const running = RUN_KINDS.filter((kind) => runs[kind].state?.status === 'running');
      config.setEngine(config.value.backend, executor);
      patch({ moving: true }); // not to be cancelled: a part of the runs would be left on an engine that is gone
      try {
        patch({ info: await context.call('engine/start', { backend: config.value.backend, executor }), probe: null });
        await Promise.all(running.map((kind) => context.get().runs.play(kind)));
      } catch (error) {
        context.get().notices.report(toReport(error));
      }
      patch({ moving: false });
    },

    async refreshMemory() {
      try {
        patch({ memory: await context.call('engine/memory', {}) });
      } catch {
        patch({ memory: null }); // only a figure in a corner: a crash is told elsewhere
      }
    },
  };
}
