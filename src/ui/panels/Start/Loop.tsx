import { levelsOf, RULE_FROM } from '../../../contract/enough';
import { useLab } from '../../../store/lab';
import { mayHaveRule } from '../../../store/opinions/evidence';
import type { Stage } from '../../../store/state';
import type { Tone } from '../../theme/tone';
import { toneColor } from '../../theme/tone';
import styles from './Start.module.css';

interface Step {
  stage: Stage;
  tone: Tone;
  title: string;
  text: string | ((hasRule: boolean) => string);
}

/** what votes bring, and how many */
export function chooseSentence(hasRule: boolean): string {
  const rule = hasRule ? `From ${RULE_FROM} votes on the lab says what you seem to like; ` : 'About ';
  return `Two texts, one key. ${rule}${levelsOf(hasRule).start}${hasRule ? '' : ' votes'} are a good start.`;
}

const STEPS: readonly Step[] = [
  {
    stage: 'pretrain',
    tone: 'policy',
    title: 'It learns to write',
    text: 'Next-token prediction, with the loss and the attention on screen.',
  },
  {
    stage: 'finetune',
    tone: 'chosen',
    title: 'You show it how',
    text: 'Optional: a few dozen demonstrations, and it takes the manner over.',
  },
  {
    stage: 'compare',
    tone: 'rejected',
    title: 'You choose',
    text: chooseSentence,
  },
  {
    stage: 'reward',
    tone: 'reward',
    title: 'Your taste becomes a number',
    text: 'A reward model that scores any sentence as you type.',
  },
  {
    stage: 'optimise',
    tone: 'gold',
    title: 'PPO chases the number',
    text: 'So do DPO and best of N. Loosen the leash and watch it cheat.',
  },
];

/** The loop in five cards, in the colours that the roles keep on every stage. */
export function Loop() {
  const go = useLab((state) => state.view.go);
  const hasRule = useLab(mayHaveRule);
  return (
    <ol className={styles.loop} aria-label="The loop">
      {STEPS.map(({ stage, tone, title, text }, index) => (
        <li key={stage} className={styles.step} style={{ borderTopColor: toneColor(tone) }}>
          <button type="button" className={styles.stepLink} onClick={() => go(stage)}>
            <span className={styles.number} aria-hidden="true">
              {index + 1}
            </span>
            {title}
          </button>
          <span className={styles.stepText}>{typeof text === 'string' ? text : text(hasRule)}</span>
        </li>
      ))}
    </ol>
  );
}
