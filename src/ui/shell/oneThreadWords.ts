import type { EngineInfo } from '../../contract/domain';

/** why WebAssembly computes with one thread; null where it has more, or has none of its own */
export function oneThreadWords(
  { threads, threadsUp, crossOriginIsolated }: Pick<EngineInfo, 'threads' | 'threadsUp' | 'crossOriginIsolated'>,
  cores: number,
): string | null {
  if (threads !== 1) return null;
  if (!crossOriginIsolated)
    return 'One thread: the server sends no isolation headers, or the page is no https, so memory cannot be shared.';
  if (cores <= 1) return 'One thread: this machine has one core.';
  return threadsUp === 1
    ? 'One thread: no other came up in time, though this machine has several cores.'
    : `One thread: ${threadsUp} were no faster when that was last measured; it is measured again before each run.`;
}
