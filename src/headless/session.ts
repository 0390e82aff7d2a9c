/** The session of the page's computing thread, in this process: the same drivers, kernels and numbers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { kernelFiles } from '../../build/kernels';
import type { Course, Event, Handlers } from '../contract/protocol';
import { startKernels } from '../core/kernels/wasm/player';
import { createHandlers } from '../worker/handlers';
import { Session } from '../worker/session';
import { wasmPath } from './engine';

const SHIPPED = join(import.meta.dirname, '../../public');

/** nobody cancels what a command waits for */
const UNCANCELLED: Course = { breathe: setImmediateDone, tell: () => {}, orCancelled: (waited) => waited };
async function setImmediateDone(): Promise<void> {
  await setImmediate();
}

export interface Headless {
  session: Session;
  call<K extends keyof Handlers>(kind: K, params: Parameters<Handlers[K]>[0]): ReturnType<Handlers[K]>;
}

/** @param hear is told what the page would be told */
export function openSession(hear: (event: Event) => void): Headless {
  const session = new Session({
    emit: (event, data) => hear({ event, data } as Event),
    now: () => performance.now(),
    today: () => 0, // the same settings make the same file on any day
    breathe: setImmediateDone,
    fetchShipped: async (path) => Uint8Array.from(await readFile(join(SHIPPED, path))),
    fetchFiles: async () => undefined,
    wasmFiles: { wasmPath },
    kernels: async () => startKernels(await kernelFiles(), null),
    crossOriginIsolated: false,
  });
  const handlers = createHandlers(session);
  return {
    session,
    call: <K extends keyof Handlers>(kind: K, params: Parameters<Handlers[K]>[0]) =>
      handlers[kind](params as never, UNCANCELLED) as ReturnType<Handlers[K]>,
  };
}
