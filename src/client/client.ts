import type { CallKind, Calls, EventKind, Events } from '../contract/protocol';

/** The page's view of the computing thread: a real worker, or a scripted one in tests. The page cannot tell them apart. */
export interface LabClient {
  /** @throws LabError when the visitor can do something about it, otherwise Error */
  call<K extends CallKind>(kind: K, params: Calls[K]['params']): Promise<Calls[K]['result']>;
  /** @returns a function that stops listening */
  on<K extends EventKind>(event: K, listener: (data: Events[K]) => void): () => void;
  /** told when the thread itself dies; every pending call is rejected with engine/crashed */
  onCrash(listener: () => void): () => void;
  dispose(): void;
}
