/** Answers requests with handlers, one message each, and hands buffers over instead of copying them. */
import { LabError } from '../contract/errors';
import type { Cancellation, Course, Event, EventKind, Events, Handlers, Message, Request } from '../contract/protocol';
import { reportError } from './errors';

/** The thread's end of the line: `self` in a worker, one port of a channel in tests. */
export interface Line {
  postMessage(message: Message, transfer: ArrayBuffer[]): void;
}
export type Emit = <K extends EventKind>(event: K, data: Events[K]) => void;

/** the buffers under every typed array of a plain value, each once */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    for (const item of value) buffersOf(item, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) buffersOf(item, found);
  }
  return [...found];
}

/** @returns a function that tells the page something; typed arrays in `data` are given away */
export const emitOn =
  (line: Line): Emit =>
  (event, data) =>
    line.postMessage({ event, data } as Event, buffersOf(data));

/** @returns what the handler of request `id` is given; the signal is looked at between its slices */
const courseOf = (line: Line, id: number, breathe: () => Promise<void>, signal: AbortSignal): Course => ({
  async breathe() {
    await breathe();
    signal.throwIfAborted();
  },
  tell: (progress) => line.postMessage({ id, progress }, []),
  orCancelled: (waited) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      waited.then(resolve, reject);
    }),
});

/**
 * @param breathe lets waiting messages in
 * @returns the listener for incoming requests; it never throws and answers each exactly once
 */
export function serve(
  line: Line,
  handlers: Handlers,
  breathe: () => Promise<void>,
): (request: Request | Cancellation) => Promise<void> {
  const underway = new Map<number, AbortController>();
  return async (request) => {
    if ('cancel' in request)
      return underway.get(request.cancel)?.abort(new LabError('work/cancelled', 'The work ended before it was done.'));
    const { id, kind } = request;
    const controller = new AbortController();
    underway.set(id, controller);
    try {
      if (!Object.hasOwn(handlers, kind)) throw new Error(`there is no call ${String(kind)}`);
      const handler = handlers[kind] as (params: Request['params'], course: Course) => Promise<unknown>;
      const result = await handler(request.params, courseOf(line, id, breathe, controller.signal));
      line.postMessage({ id, ok: true, result }, buffersOf(result));
    } catch (error) {
      line.postMessage({ id, ok: false, error: reportError(error) }, []);
    } finally {
      underway.delete(id);
    }
  };
}
