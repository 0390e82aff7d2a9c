import { useLab } from '../../../store/lab';
import { TASTE_FROM } from '../../../store/selectors';
import type { Stage } from '../../../store/state';
import type { Tone } from '../../theme/tone';
import { toneColor } from '../../theme/tone';
import { ENOUGH_VOTES } from '../Compare/progress';
import styles from './Start.module.css';

const STEPS: readonly { stage: Stage; tone: Tone; title: string; text: string }[] = [
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
    text: `Two texts, one key. From ${TASTE_FROM} votes on the lab says what you seem to like; ${ENOUGH_VOTES} are a good start.`,
  },
  { stage: 'reward', tone: 'reward', title: 'Your taste becomes a number', text: 'A reward model that scores any sentence as you type.' },
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
          <span className={styles.stepText}>{text}</span>
        </li>
      ))}
    </ol>
  );
}
