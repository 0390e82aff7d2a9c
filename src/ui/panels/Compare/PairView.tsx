import type { ReactNode } from 'react';
import { useLab } from '../../../store/lab';
import { outlivesWindow } from '../../../store/page/ready';
import { Button } from '../../primitives/Button';
import { useRootMark } from '../../primitives/useRootMark';
import { useIsShown } from '../LessonView';
import { WorkProgress } from '../WorkProgress';
import type { VoteAction } from './actions';
import { type PairTextsProps, PromptText, Sides } from './PairTexts';
import styles from './PairView.module.css';
import { TaskSwitch } from './TaskSwitch';

interface PairViewProps extends PairTextsProps {
  canUndo: boolean;
  /** counts up with every pair, so that it can be announced */
  number: number;
  act: (action: VoteAction) => void;
  /** beside the question */
  beside?: ReactNode;
  /** below the answers */
  note?: ReactNode;
  /** why nothing can be answered yet, in a sentence */
  held?: string | null;
}

/**
 * One prompt, two completions of the same size and face, and the answers. Nothing here tells which model wrote what, or
 * what anything thinks of it.
 */
export function PairView({
  shown,
  verbatim,
  canUndo,
  number,
  act,
  beside = <TaskSwitch />,
  note = <WhereStored />,
  held = null,
}: PairViewProps) {
  const waiting = shown === null;
  useRootMark('voting');
  return (
    <div className={styles.pair} aria-busy={waiting}>
      <div className={styles.prompt}>
        <div className={styles.ask}>
          <p className={styles.eyebrow} id="compare-question">
            Which continuation do you prefer?
          </p>
          {beside}
        </div>
        <PromptText shown={shown} verbatim={verbatim} />
        {waiting && <WorkProgress over kind="pairs" label="Writing the next pair" />}
      </div>
      <Sides shown={shown} verbatim={verbatim}>
        <Thumbs waiting={waiting || held !== null} act={act} />
      </Sides>
      <div className={styles.others}>
        <OtherAnswers waiting={waiting || held !== null} canUndo={canUndo && held === null} act={act} />
        <p className={styles.note}>{held ?? note}</p>
      </div>
      <p className="visually-hidden" role="status">
        {shown
          ? `Pair ${number}. ${shown.pair.prompt} Completion A: ${shown.a} Completion B: ${shown.b}`
          : 'The next pair is being written.'}
      </p>
    </div>
  );
}

function WhereStored() {
  const stored = useLab(outlivesWindow) ? 'Stored as you vote.' : 'Kept until this window closes.';
  return useIsShown('votes') ? `${stored} Which model wrote them is in the list of all votes.` : stored;
}

interface AnswersProps extends Pick<PairViewProps, 'act'> {
  waiting: boolean;
}

function Thumbs({ waiting, act }: AnswersProps) {
  const common = { className: styles.thumb, disabled: waiting };
  return (
    <div className={styles.thumbs}>
      <Button {...common} keyCap="1 ←" aria-keyshortcuts="1 ArrowLeft" onClick={() => act('a')}>
        A is better
      </Button>
      <Button {...common} keyCap="2 →" aria-keyshortcuts="2 ArrowRight" onClick={() => act('b')}>
        B is better
      </Button>
    </div>
  );
}

function OtherAnswers({ waiting, canUndo, act }: AnswersProps & Pick<PairViewProps, 'canUndo'>) {
  return (
    <>
      <Button keyCap="↑" aria-keyshortcuts="ArrowUp T" disabled={waiting} onClick={() => act('tie')}>
        Tie
      </Button>
      <Button keyCap="↓" aria-keyshortcuts="ArrowDown B" disabled={waiting} onClick={() => act('bothBad')}>
        Both bad
      </Button>
      <Button keyCap="S" aria-keyshortcuts="S" disabled={waiting} onClick={() => act('skip')}>
        Skip
      </Button>
      <Button keyCap="U" aria-keyshortcuts="U Control+Z Meta+Z" disabled={!canUndo} onClick={() => act('undo')}>
        Undo
      </Button>
    </>
  );
}
