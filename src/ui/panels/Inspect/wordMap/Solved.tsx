import type { AnalogyFamily, AnalogyScore, WordMap } from '../../../../contract/inside';
import { countOf } from '../../../../contract/numbers';
import type { MetricPoint } from '../../../../contract/observations';
import { useLab } from '../../../../store/lab';
import { formatInteger, formatShare } from '../../../primitives/format';
import { ANALOGIES_CHART } from '../../Pretrain/pretrainCharts';
import { SmallCharts } from '../../SmallCharts';
import parts from '../parts.module.css';
import { chanceText, failureSentence, limitsSentence } from './sentences';
import styles from './WordsTab.module.css';

const FAMILY: Record<AnalogyFamily, string> = {
  gender: 'he and she',
  number: 'one and many',
  mood: 'joy and sorrow',
};

/** How many questions of the grammar the vectors answer, and one that they do not. */
export function Solved({ map, score }: { map: WordMap; score: AnalogyScore }) {
  const share = score.solved / score.of;
  return (
    <div className={parts.card}>
      <h3 className={styles.title}>
        Analogies solved{' '}
        <small>
          {formatInteger(score.solved)} of {formatInteger(score.of)}
          {map.step === null ? '' : `, ${countOf(map.step, 'step')}`}
        </small>
        <b className={styles.value}>{formatShare(share)}</b>
      </h3>
      <div className={styles.scale} aria-hidden="true">
        <span className={styles.filled} style={{ width: `${100 * share}%` }} />
        <span className={styles.chance} style={{ left: `${100 * score.chance}%` }} />
      </div>
      <p className={styles.note}>The line is chance: {chanceText(score.chance)}.</p>
      <ul className={styles.families} aria-label="Analogies by family">
        {score.families.map(({ family, solved, of }) => (
          <li key={family}>
            {FAMILY[family]}: {formatInteger(solved)} of {formatInteger(of)}
          </li>
        ))}
      </ul>
      <p className={styles.sentence}>{failureSentence(score, map)}</p>
      <p className={styles.note}>{limitsSentence(map)}</p>
      <Curve />
    </div>
  );
}

const CHARTS = [{ ...ANALOGIES_CHART, title: 'While pretraining' }];
const isMeasured = ({ values }: MetricPoint): boolean => values['eval/analogies'] !== undefined;

/** how the share came about in the last pretraining, where this page has seen one */
function Curve() {
  const { history, marks, state } = useLab((lab) => lab.runs.pretrain);
  if (state === null || history.filter(isMeasured).length < 2) return null;
  return <SmallCharts charts={CHARTS} history={history} marks={marks} totalSteps={state.totalSteps} noun="step" />;
}
