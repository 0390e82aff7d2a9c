import type { LabClient } from '../../client/client';
import { LabError } from '../../contract/errors';
import type { Context } from '../context';
import { listen } from '../runs/runEvents';
import type { LabState } from '../state';

/** resolves when the engine has started, or has failed to: then the thread itself says so */
async function engineReady({ get, onChange }: Context): Promise<void> {
  const isWaiting = ({ engine }: LabState) => engine.status === 'starting' || engine.status === 'restarting';
  if (get().engine.status === 'starting') await get().engine.start();
  if (!isWaiting(get())) return;
  await new Promise<void>((resolve) => {
    const stop = onChange(() => {
      if (isWaiting(get())) return;
      stop();
      resolve();
    });
  });
}

/**
 * The thread that computes, and how it is asked.
 * @param connect makes a new one after a crash; without it a crash is the end
 */
export function threadOf(
  context: () => Context,
  first: LabClient,
  connect: (() => LabClient) | undefined,
): Pick<Context, 'client' | 'reconnect' | 'call'> {
  let thread = first;
  return {
    client: () => thread,
    reconnect() {
      thread.dispose();
      if (!connect) return;
      thread = connect();
      listen(context(), thread);
    },
    async call(kind, params, following) {
      await context().settled();
      await engineReady(context());
      const { status, error } = context().get().engine;
      if (status === 'failed' && error?.code) throw new LabError(error.code, error.message);
      return thread.call(kind, params, following);
    },
  };
}
