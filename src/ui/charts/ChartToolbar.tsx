import { Checkbox } from '../primitives/Checkbox';
import { Slider } from '../primitives/Slider';
import styles from './Chart.module.css';

interface ChartToolbarProps {
  smoothing: number;
  onSmoothing: (smoothing: number) => void;
  logAxis: boolean;
  onLogAxis: (logAxis: boolean) => void;
  onCsv?: () => void;
}

/** How all charts of a stage are looked at: one toolbar for all of them. */
export function ChartToolbar({ smoothing, onSmoothing, logAxis, onLogAxis, onCsv }: ChartToolbarProps) {
  return (
    <fieldset className={styles.toolbar} aria-label="Charts">
      <Slider label="Smoothing" value={smoothing} onChange={onSmoothing} min={0} max={0.99} step={0.01} />
      <Checkbox label="Log axis" checked={logAxis} onChange={onLogAxis} />
      {onCsv && (
        <button type="button" className={styles.save} onClick={onCsv}>
          Save all points as CSV
        </button>
      )}
    </fieldset>
  );
}
