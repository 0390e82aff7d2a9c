import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { LabState } from './state';

/** The store of one page. Tests make several, over one storage, to play a reload. */
export interface Lab extends StoreApi<LabState> {
  /** stops listening; the client is left to its owner */
  dispose(): void;
}

/** `<LabContext value={lab}>` around the app, with a real store or a test's. */
export const LabContext = createContext<Lab | null>(null);

export function useLabStore(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab needs <LabContext value={lab}> around it');
  return lab;
}

/** Select the smallest thing: `useLab((s) => s.engine.status)`; several fields go through `useShallow`. */
export function useLab<T>(selector: (state: LabState) => T): T {
  return useStore(useLabStore(), selector);
}
