import { useShallow } from 'zustand/react/shallow';
import type { RunKind } from '../../contract/domain';
import { useLab } from '../../store/lab';
import { ChartToolbar } from '../charts/ChartToolbar';

/** Smoothing, log axis and CSV for all charts of a stage. */
export function ChartControls({ kind }: { kind: RunKind }) {
  const view = useLab(
    useShallow(({ view: { smoothing, logAxis, setSmoothing, setLogAxis } }) => ({
      smoothing,
      logAxis,
      setSmoothing,
      setLogAxis,
    })),
  );
  const exportCsv = useLab((state) => state.runs.exportCsv);
  const measured = useLab((state) => state.runs[kind].history.length > 0);
  return (
    <ChartToolbar
      smoothing={view.smoothing}
      onSmoothing={view.setSmoothing}
      logAxis={view.logAxis}
      onLogAxis={view.setLogAxis}
      {...(measured && { onCsv: () => exportCsv(kind) })}
    />
  );
}
