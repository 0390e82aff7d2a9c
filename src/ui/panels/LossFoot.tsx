import type { MetricId } from '../../contract/metrics';
import { Button } from '../primitives/Button';
import styles from './LossFoot.module.css';
import { Numbers } from './Numbers';
import type { useLatestValues } from './useChartView';

interface LossFootProps {
  ids: readonly MetricId[];
  values: ReturnType<typeof useLatestValues>;
  names: Partial<Record<MetricId, string>>;
  /** whether the other charts are open */
  more: boolean;
  onMore: () => void;
}

/** Below the curve of a loss: the latest numbers, and the way to the other charts. */
export function LossFoot({ ids, values, names, more, onMore }: LossFootProps) {
  return (
    <div className={styles.foot}>
      <Numbers ids={ids} values={values} label="Latest numbers" names={names} across />
      <Button kind="link" aria-expanded={more} onClick={onMore}>
        {more ? 'Fewer charts' : 'More charts'}
      </Button>
    </div>
  );
}
