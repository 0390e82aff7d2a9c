import { useMemo } from 'react';
import type { RunKind } from '../../../contract/domain';
import { assessHealth } from '../../../store/health';
import { useLab } from '../../../store/lab';
import { usePaced } from '../../charts/usePaced';
import { useGoldOf } from '../useGoldStanding';
import { Diagnosis } from './Diagnosis';
import { ExplainHealth } from './ExplainHealth';
import styles from './Health.module.css';
import { HealthMeasures } from './HealthMeasures';
import { saidOf, type Verdict } from './verdict';

const ALL_WELL: Verdict = {
  tone: 'good',
  headline: 'Healthy.',
  text: 'Nothing in these numbers asks for a change.',
  knob: null,
};

type Told = Exclude<RunKind, 'reward' | 'bestOf'>;

/** @returns the worst that the rules say of a run; null while they say nothing */
function useComplaint(kind: Told): Verdict | null {
  const history = usePaced(useLab((lab) => lab.runs[kind].history));
  const { standing: gold } = useGoldOf(kind);
  return useMemo(() => {
    const [worst] = assessHealth({ points: history, rewardAccuracy: null, kind, gold });
    return worst ? saidOf(worst) : null;
  }, [history, kind, gold]);
}

/** Beside a verdict about something else: what is wrong, and nothing when all is well. */
export function Complaint({ kind }: { kind: Told }) {
  const complaint = useComplaint(kind);
  return complaint && <Diagnosis {...complaint} />;
}

/** The health of a stage that has a verdict of its own: the measures, and what the rules say of them. */
export function RunHealth({ kind }: { kind: Told }) {
  const history = useLab((lab) => lab.runs[kind].history);
  const complaint = useComplaint(kind);
  return (
    <div className={`${styles.run} ${styles.wide}`}>
      <HealthMeasures kind={kind} history={history} />
      <p>
        <ExplainHealth kind={kind} />
      </p>
      {history.length > 0 && <Diagnosis {...(complaint ?? ALL_WELL)} />}
    </div>
  );
}
