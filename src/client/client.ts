import type { CallKind, Calls, EventKind, Events, Progress } from '../contract/protocol';

/** For a call that takes its time: how to end it, and whom to tell how far it is. */
export interface Following {
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/**
 * The page's view of the computing thread: a real worker, or a scripted one in tests. The page cannot tell them apart.
 */
export interface LabClient {
  /**
   * @throws LabError when the visitor can do something about it, otherwise Error; 'work/cancelled' after the signal,
   * unless it came too late
   */
  call<K extends CallKind>(kind: K, params: Calls[K]['params'], following?: Following): Promise<Calls[K]['result']>;
  /** @returns a function that stops listening */
  on<K extends EventKind>(event: K, listener: (data: Events[K]) => void): () => void;
  /** told when the thread itself dies; every pending call is rejected with engine/crashed */
  onCrash(listener: () => void): () => void;
  dispose(): void;
}
