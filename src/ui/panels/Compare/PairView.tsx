import type { ReactNode } from 'react';
import { useLab } from '../../../store/lab';
import { outlivesWindow } from '../../../store/page/ready';
import type { ShownPair } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { StoryText } from '../../primitives/StoryText';
import { WorkProgress } from '../WorkProgress';
import type { VoteAction } from './actions';
import styles from './PairView.module.css';
import { TaskSwitch } from './TaskSwitch';

interface PairViewProps {
  /** null while the next pair is being written */
  shown: (Pick<ShownPair, 'a' | 'b'> & { pair: Pick<ShownPair['pair'], 'prompt'> }) | null;
  /** the visitor's own text, whose spaces and capitals are its own */
  verbatim: boolean;
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
 * From here on the larger of two texts does not fit its card at presenter size; both are then set smaller, so that
 * neither looks favoured.
 */
const LONG_CHARS = 70;

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
  const long = shown !== null && Math.max(shown.a.length, shown.b.length) > LONG_CHARS;
  return (
    <div className={styles.pair} aria-busy={waiting}>
      <div className={styles.prompt}>
        <div className={styles.ask}>
          <p className={styles.eyebrow} id="compare-question">
            Which continuation do you prefer?
          </p>
          {beside}
        </div>
        {shown ? <StoryText text={shown.pair.prompt} verbatim={verbatim} className={styles.text} /> : <Blank short />}
        {waiting && <WorkProgress over kind="pairs" label="Writing the next pair" />}
      </div>
      <div className={`${styles.sides} ${long ? styles.long : ''}`}>
        <Side name="A" text={shown?.a} verbatim={verbatim} />
        <Side name="B" text={shown?.b} verbatim={verbatim} />
        <Thumbs waiting={waiting || held !== null} act={act} />
      </div>
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
  const stored = useLab(outlivesWindow);
  return `${stored ? 'Stored as you vote.' : 'Kept until this window closes.'} Which model wrote them is in the list of all votes.`;
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

function Side({ name, text, verbatim }: { name: 'A' | 'B'; text: string | undefined; verbatim: boolean }) {
  return (
    <article className={styles.side} aria-label={`Completion ${name}`}>
      <h2 className={styles.eyebrow}>Completion {name}</h2>
      {text === undefined ? <Blank /> : <StoryText text={text} verbatim={verbatim} className={styles.text} />}
    </article>
  );
}

/** Where a text will stand. */
function Blank({ short = false }: { short?: boolean }) {
  return (
    <span className={styles.blank} aria-hidden="true">
      {!short && <i />}
      <i className={styles.end} />
    </span>
  );
}
