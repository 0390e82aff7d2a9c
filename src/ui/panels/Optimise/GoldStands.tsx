import { useLab } from '../../../store/lab';
import { raterInUse } from '../../../store/opinions/raterInUse';
import { glued } from '../../primitives/glued';
import { standingWords } from '../goldWords';
import { useGoldStanding } from '../useGoldStanding';
import styles from './GoldRater.module.css';

/** Under the chart in which gold is drawn: whether the chosen rater votes as the visitor does. */
export function GoldStands() {
  const gold = useGoldStanding(useLab(raterInUse));
  const words = standingWords(gold, 'This rater');
  if (words === null) return null;
  const share = gold.agree === null || gold.of === 0 ? undefined : gold.agree / gold.of;
  return (
    <p className={styles.stands} data-metric="gold/agreement" data-value={share} data-standing={gold.standing}>
      {glued(words)}
    </p>
  );
}
