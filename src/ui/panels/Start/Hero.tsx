import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { asSentence } from '../../../contract/errors';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { resumeNow } from '../../../store/page/resumeNow';
import { howFar } from '../../../store/page/tab';
import { roundNumber } from '../../../store/rounds/rounds';
import type { ResumeInfo } from '../../../store/state';
import { corpusWords } from '../../../store/text/corpusWords';
import { Button } from '../../primitives/Button';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import styles from './Start.module.css';
import { PRESET_WORDS, shippedFor } from './words';

const RUN_WORDS = {
  pretrain: 'pretraining',
  finetune: 'fine-tuning',
  reward: 'the reward model',
  ppo: 'PPO',
  dpo: 'DPO',
  bestOf: 'Best of N',
} as const;

/** "17 votes, 2 models, PPO at 12 of 40" */
export function resumeWords({ votes, rankings, checkpoints, runs }: ResumeInfo): string {
  const parts = [
    votes > 0 && countOf(votes, 'vote'),
    rankings > 0 && countOf(rankings, 'ranking'),
    checkpoints > 0 && countOf(checkpoints, 'model'),
    ...runs.map(
      ({ kind, step, totalSteps }) => `${RUN_WORDS[kind]} at ${formatInteger(step)} of ${formatInteger(totalSteps)}`,
    ),
  ];
  return parts.filter(Boolean).join(', ');
}

const savedWords = (savedAt: number): string =>
  new Date(savedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

function Resume({ resume }: { resume: ResumeInfo }) {
  const go = useLab((state) => state.view.go);
  const round = useLab(roundNumber);
  return (
    <div className={styles.resume}>
      <Button kind="primary" className={styles.big} onClick={() => go(resume.stage)}>
        Resume
      </Button>
      <p>
        {resumeWords(resume)}
        {round > 1 && `, round ${round}`}
        <span className={styles.quiet}> · saved {savedWords(resume.savedAt)}</span>
      </p>
    </div>
  );
}

/** Where the button leads comes while the engine starts; what did not come is fetched again there. */
function useNextStage(): void {
  useEffect(() => {
    import('../Compare/Compare').catch(() => undefined);
  }, []);
}

/** What the lab is, in two sentences, and the way in. */
export function Hero() {
  useNextStage();
  const resume = useLab(resumeNow);
  const restoring = useLab(({ session }) => howFar(session.tab) !== 'ready');
  const { busy, error, startTrained } = useLab(
    useShallow(({ shelf }) => ({ busy: shelf.busy, error: shelf.error, startTrained: shelf.startTrained })),
  );
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  const preset = useLab((state) => state.config.value.preset);
  const go = useLab((state) => state.view.go);
  const shipped = shippedFor(preset);
  return (
    <div className={styles.hero}>
      <p className={styles.claim}>Teach a tiny language model your taste.</p>
      <p className={styles.lead}>
        A small transformer writes short {ownText ? 'texts' : 'stories'}. You choose between two of them, again and
        again; a reward model learns what you like, and PPO bends the writer towards it. All of it is computed now, in
        this tab.
      </p>
      {resume && <Resume resume={resume} />}
      <div className={styles.actions}>
        <Button
          kind={resume ? 'plain' : 'primary'}
          className={styles.big}
          disabled={busy !== null}
          onClick={() => void startTrained(shipped)}
        >
          {busy === 'loading' ? 'Loading the model…' : 'Start with the trained model'}
        </Button>
        <Button className={styles.big} onClick={() => go('data')}>
          Train from scratch
        </Button>
        <span className={styles.quiet}>
          {restoring
            ? 'Looking for earlier work in this browser…'
            : `${PRESET_WORDS[shipped].name}, trained on our own stories: a few seconds to your first vote.`}
        </span>
      </div>
      {error && (
        <Say tone="bad" lead="The model could not be loaded.">
          {asSentence(error.message)} You can still train one from scratch.
        </Say>
      )}
    </div>
  );
}
