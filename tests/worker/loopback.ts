/** A whole lab in one process: the page's client and the thread's session at the two ends of a loopback. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Thread, WorkerClient } from '../../src/client/workerClient';
import type { Cancellation, Event, EventKind, Events, Message, Request } from '../../src/contract/protocol';
import { createHandlers } from '../../src/worker/handlers';
import { emitOn, type Line, serve } from '../../src/worker/serve';
import { Session, type Surroundings } from '../../src/worker/session';

export const WASM_PATH = `${join(process.cwd(), 'node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`;

/** when everything in these tests is made */
export const TODAY = Date.UTC(2026, 0, 2);

type Receive = (event: { data: Message }) => void;

export interface Loopback {
  client: WorkerClient;
  session: Session;
  /** every event so far */
  events: Event[];
  of<K extends EventKind>(kind: K): Events[K][];
  /** resolves with the first event, also an earlier one, that satisfies the condition */
  until<K extends EventKind>(kind: K, condition: (data: Events[K]) => boolean): Promise<Events[K]>;
}

/**
 * Everything that crosses is cloned, and what the thread gives away is gone at its end, as between real threads; what
 * the page gives away is copied here, so that tests can give it again.
 * @param kernels of WebAssembly; left out, tf.js computes there
 */
export function loopback({ kernels, storedOnce }: Pick<Surroundings, 'kernels' | 'storedOnce'> = {}): Loopback {
  const events: Event[] = [];
  const waiting = new Set<(event: Event) => void>();
  let receive: Receive = () => {};
  const line: Line = {
    postMessage: (message, transfer) => {
      const data = structuredClone(message, { transfer });
      if ('event' in data) {
        events.push(data);
        for (const look of waiting) look(data);
      }
      queueMicrotask(() => receive({ data }));
    },
  };
  const session = new Session({
    emit: emitOn(line),
    now: () => performance.now(),
    today: () => TODAY,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    fetchShipped: async (path) => new Uint8Array(readFileSync(join('public', path))),
    fetchFiles: async () => undefined,
    wasmFiles: { wasmPath: WASM_PATH },
    ...(kernels && { kernels }),
    ...(storedOnce !== undefined && { storedOnce }),
    crossOriginIsolated: true,
  });
  const answer = serve(line, createHandlers(session), session.surroundings.breathe);
  const thread: Thread = {
    postMessage: (request: Request | Cancellation) => void answer(structuredClone(request)),
    addEventListener: (type: string, listener: unknown) => {
      if (type === 'message') receive = listener as Receive;
    },
    terminate: () => {},
  };
  const of = <K extends EventKind>(kind: K) =>
    events.filter(({ event }) => event === kind).map(({ data }) => data) as Events[K][];
  return {
    client: new WorkerClient(thread),
    session,
    events,
    of,
    until: (kind, condition) =>
      new Promise((resolve) => {
        const found = of(kind).find(condition);
        if (found) return resolve(found);
        const look = ({ event, data }: Event) => {
          if (event !== kind || !condition(data as never)) return;
          waiting.delete(look);
          resolve(data as never);
        };
        waiting.add(look);
      }),
  };
}
