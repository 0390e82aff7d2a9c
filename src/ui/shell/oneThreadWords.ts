import type { EngineInfo } from '../../contract/domain';

/** why WebAssembly computes with one thread; null where it has more, or has none of its own */
export function oneThreadWords({ threads, crossOriginIsolated }: EngineInfo, cores: number): string | null {
  if (threads !== 1) return null;
  if (!crossOriginIsolated)
    return 'One thread: the server sends no isolation headers, or the page is no https, so memory cannot be shared.';
  if (cores <= 1) return 'One thread: this machine has one core.';
  return 'One thread: further threads did not come up, or were no faster here.';
}
