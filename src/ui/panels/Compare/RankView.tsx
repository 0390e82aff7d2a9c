import { useEffect, useMemo, useState } from 'react';
import { groupsIn } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { type Arrangement, comparisonsIn } from '../../../store/opinions/arrangement';
import { outlivesWindow } from '../../../store/page/ready';
import { Button } from '../../primitives/Button';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { StoryText } from '../../primitives/StoryText';
import { useRootMark } from '../../primitives/useRootMark';
import { WorkProgress } from '../WorkProgress';
import { NoTexts } from './NoTexts';
import pair from './PairView.module.css';
import { RankList } from './RankList';
import styles from './RankView.module.css';
import { letterOf, worthSentence } from './rankWords';
import { TaskSwitch } from './TaskSwitch';
import { type RankActions, useRankKeys } from './useRankKeys';

/**
 * One prompt and K completions to be put in order, ties allowed; nothing here tells which model wrote them, or what
 * anything thinks of them.
 */
export function RankView({ verbatim }: { verbatim: boolean }) {
  const { shown, arrangement, loading, error, arrange, rank, skip, undo, prepare } = useLab((state) => state.groups);
  const size = useLab((state) => state.config.value.compare.rankingSize);
  useEffect(() => void prepare(), [prepare]);
  useRootMark('voting');
  const opinions = useLab((state) => state.opinions.all);
  const stored = useLab(outlivesWindow);
  const [asksStrength, setAsksStrength] = useState(false);
  const [said, setSaid] = useState({ about: '', words: '' });
  const count = useMemo(() => groupsIn(opinions).filter(({ source }) => source === 'human').length, [opinions]);
  const acts: RankActs = { save: () => void rank(), skip: () => void skip(), undo: () => void undo() };
  const ready = shown !== null && arrangement !== null;
  const asked = asksStrength || arrangement?.strengths.some((strength) => strength > 0) === true;
  return (
    <div className={styles.view} aria-busy={loading}>
      <div className={pair.prompt}>
        <div className={pair.ask}>
          <p className={pair.eyebrow}>Put these in order, the best first</p>
          <TaskSwitch />
        </div>
        {ready && <StoryText text={shown.set.prompt} verbatim={verbatim} className={pair.text} />}
        {!ready && <WorkProgress over kind="groups" label="Writing the next group" />}
      </div>
      {error && !shown ? (
        <div className={styles.trouble}>
          <NoTexts what="group" error={error} />
          <Button onClick={() => void prepare()}>Try again</Button>
        </div>
      ) : ready ? (
        <RankList
          key={size}
          completions={shown.set.completions}
          verbatim={verbatim}
          arrangement={arrangement}
          asksStrength={asked}
          onArrange={arrange}
          say={(words) => setSaid({ about: shown.set.setId, words })}
          {...acts}
        />
      ) : (
        <Waiting size={size} undo={acts.undo} />
      )}
      <div className={styles.foot}>
        <p className={styles.worth}>
          {ready && worthSentence(arrangement, shown.set.completions.length)} <Worth />
        </p>
        <div className={styles.actions}>
          <Answers {...acts} arrangement={ready ? arrangement : null} canUndo={count > 0} />
          <Checkbox label="Say how strongly" checked={asked} onChange={setAsksStrength} disabled={!ready} />
          <p className={styles.note}>{stored ? 'Stored when you save it.' : 'Kept until this window closes.'}</p>
        </div>
      </div>
      <p className="visually-hidden" role="status">
        {!ready && loading && 'The next group is being written.'}
        {ready &&
          (said.about === shown.set.setId ? said.words : announced(count + 1, shown.set.prompt, shown.set.completions))}
      </p>
    </div>
  );
}

type RankActs = Pick<RankActions, 'save' | 'skip' | 'undo'>;

interface AnswersProps extends RankActs {
  /** null while there is nothing to rank */
  arrangement: Arrangement | null;
  canUndo: boolean;
}

function Answers({ arrangement, canUndo, save, skip, undo }: AnswersProps) {
  return (
    <>
      <Button
        className={styles.save}
        keyCap="R"
        disabled={arrangement === null || comparisonsIn(arrangement) === 0}
        onClick={save}
      >
        Save ranking
      </Button>
      <Button keyCap="S" disabled={arrangement === null} onClick={skip}>
        Skip
      </Button>
      <Button keyCap="U" aria-keyshortcuts="U Control+Z Meta+Z" disabled={!canUndo} onClick={undo}>
        Undo
      </Button>
    </>
  );
}

const announced = (number: number, prompt: string, completions: readonly string[]): string =>
  `Group ${number}. ${prompt} ${completions.map((text, i) => `${letterOf(i)}: ${text}`).join(' ')} All tie so far.`;

const nothing = () => {};

/** Where the rows will stand; what was ranked last can still be taken back. */
function Waiting({ size, undo }: { size: number; undo: () => void }) {
  useRankKeys({
    step: nothing,
    move: nothing,
    moveTo: nothing,
    tie: nothing,
    letGo: nothing,
    save: nothing,
    skip: nothing,
    undo,
  });
  return (
    <div className={styles.list} aria-hidden="true">
      {Array.from({ length: size }, (_, i) => (
        <div key={letterOf(i)} className={styles.blank}>
          <i />
        </div>
      ))}
    </div>
  );
}

function Worth() {
  return (
    <Explain title="What a ranking is worth" formula="ranking">
      <p>
        Ranking K texts in order gives K(K−1)/2 comparisons for reading one prompt: 6 for 4 texts, 36 for 9. They share
        their texts, so they are learned as one element of a batch and averaged first, and they stay on one side of the
        held-out split.
      </p>
      <p>
        Only what you move is said: texts that tie are not compared. How strongly you prefer one place to the next
        becomes a margin of the reward model's loss; DPO does not use it.
      </p>
    </Explain>
  );
}
