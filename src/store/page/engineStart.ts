/**
 * The thread's engine: started with the page, and again, with a new thread that is given everything back, after a
 * crash.
 */
import type { ExecutorName } from '../../contract/config';
import { RUN_KINDS } from '../../contract/domain';
import type { Calls } from '../../contract/protocol';
import { type Context, toReport } from '../context';
import { bringBack, showCurves, showRuns, standStill } from '../persistence/restore';
import { NOTHING_STORED } from '../persistence/storage';

/** what the address asks for, and what was found on cards before */
function startParams(context: Context): Calls['engine/start']['params'] {
  const { backend, executor } = context.get().config.value;
  const swiftest = context.cards.read();
  return { backend, executor, ...(Object.keys(swiftest).length > 0 && { swiftest }) };
}

async function open(context: Context): Promise<void> {
  const info = await context.client().call('engine/start', startParams(context));
  context.patch('engine', { info, error: null });
}

function fail(context: Context, error: unknown): void {
  const report = toReport(error);
  context.patch('engine', { status: context.get().engine.status === 'crashed' ? 'crashed' : 'failed', error: report });
  context.get().notices.report(report, [{ kind: 'restart', label: 'Try again' }]);
}

export async function startEngine(context: Context): Promise<void> {
  try {
    await open(context);
    context.patch('engine', { status: 'ready' });
    void context.get().config.refreshEstimate();
  } catch (error) {
    fail(context, error);
  }
}

export async function restartEngine(context: Context): Promise<void> {
  context.reconnect();
  try {
    const stored = await context.vault.read((storage) => storage.load(), NOTHING_STORED);
    showRuns(context, stored.runs);
    await showCurves(context, stored.runs);
    await open(context);
    await bringBack(context, stored);
    if (context.get().engine.status !== 'restarting') return; // it died again
    context.patch('engine', { status: 'ready' }); // not before: what is asked of it stands on its models
    context.get().notices.clear('engine/crashed');
    context.get().notices.toast('The computing thread runs again.');
  } catch (error) {
    fail(context, error);
  } finally {
    standStill(context);
  }
}

/** not to be cancelled: a part of the runs would be left on an engine that is gone */
export async function moveEngine(context: Context, executor: ExecutorName | 'auto'): Promise<void> {
  const { config, runs } = context.get();
  const { backend } = config.value;
  const running = RUN_KINDS.filter((kind) => runs[kind].state?.status === 'running');
  config.setEngine(backend, executor);
  context.patch('engine', { moving: true });
  try {
    context.patch('engine', { info: await context.call('engine/start', startParams(context)), probe: null });
    await Promise.all(running.map((kind) => context.get().runs.play(kind)));
  } catch (error) {
    context.get().notices.report(toReport(error));
  }
  context.patch('engine', { moving: false });
}
