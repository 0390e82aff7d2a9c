import type { Knob } from '../../../store/health';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Say } from '../../primitives/Say';
import styles from './Health.module.css';
import type { Verdict } from './verdict';

/** What is the matter, in plain words, and the way to the control that helps. */
export function Diagnosis({ tone, headline, text, knob }: Verdict) {
  return (
    <div className={styles.diagnosis}>
      <Say tone={tone} lead={headline}>
        {text}
      </Say>
      {knob && <KnobButton knob={knob} />}
    </div>
  );
}

/** Brings the visitor to the control or to the stage, and turns nothing. */
export function KnobButton({ knob }: { knob: Knob }) {
  const go = useLab((lab) => lab.view.go);
  const reach = useLab((lab) => lab.view.reach);
  return (
    <Button
      kind="link"
      className={styles.knob}
      onClick={() => ('stage' in knob ? go(knob.stage) : reach(knob.control))}
    >
      {knob.label} <span aria-hidden="true">→</span>
    </Button>
  );
}
