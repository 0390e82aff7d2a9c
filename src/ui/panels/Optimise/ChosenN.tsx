import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import { useLab } from '../../../store/lab';

/** Enough to see what choosing does, and far from what a class waits for. */
const USUAL_N = 16;

interface Chosen {
  n: number;
  /** how many samples a prompt has, or will have */
  most: number;
  setN: (n: number) => void;
}

const Context = createContext<Chosen>({ n: USUAL_N, most: USUAL_N, setN: () => {} });

/** The N that slider, curves and samples speak of together. */
export function ChosenN({ children }: { children: ReactNode }) {
  const [wanted, setN] = useState(USUAL_N);
  const most = useLab(({ runs, config }) => runs.bestOf.bestOf?.result.points.length ?? config.value.bestOf.samples);
  const value = useMemo(() => ({ n: Math.min(wanted, most), most, setN }), [wanted, most]);
  return <Context value={value}>{children}</Context>;
}

export const useChosenN = (): Chosen => use(Context);
