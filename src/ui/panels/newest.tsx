import { createContext, type ReactNode, useContext } from 'react';
import type { MetricPoint } from '../../contract/observations';

const Newest = createContext<readonly MetricPoint[]>([]);

interface NewestPointsProps {
  history: readonly MetricPoint[];
  children: ReactNode;
}

/**
 * A card's drawing waits for its turn (`usePaced`); the numbers inside do not: they are those of the step that the page
 * names.
 */
export function NewestPoints({ history, children }: NewestPointsProps) {
  return <Newest value={history}>{children}</Newest>;
}

/** @returns the run's points up to now, however old those are that the card around draws */
export const useNewest = (): readonly MetricPoint[] => useContext(Newest);
