import { useEffect, useMemo, useRef } from 'react';
import { RULE_FROM } from '../../../contract/enough';
import { type Ranking, votesIn } from '../../../contract/preferences';
import { lengthUnit } from '../../../contract/wordCount';
import { useLab } from '../../../store/lab';
import { opinionCounts } from '../../../store/opinions/counts';
import { habits } from '../../../store/opinions/habits';
import { hasAttributes } from '../../../store/opinions/raterInUse';
import { writerId } from '../../../store/rounds/rounds';
import type { OpinionCounts } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { Stage } from '../../primitives/Stage';
import { ComesBack, useComesBack } from '../ComesBack';
import { Shown, useHeld } from '../LessonView';
import { useVoteKeys, type VoteAction } from './actions';
import styles from './Compare.module.css';
import { HabitsCard } from './HabitsCard';
import { NoTexts } from './NoTexts';
import { PairView } from './PairView';
import { ProgressCard } from './ProgressCard';
import { RankView } from './RankView';
import { RoundCard } from './RoundCard';
import { RoundTable } from './RoundTable';
import { SimulatedRater } from './SimulatedRater';
import { TasteCard } from './TasteCard';
import { TasteReview } from './TasteReview';
import { VoteHistory } from './VoteHistory';

/** Two texts, one question, and everything that the answers say about the one who gives them. */
export function Compare() {
  const hasModel = useLab((state) => writerId(state) !== null);
  const simulating = useLab((state) => state.opinions.simulating);
  return (
    <Stage heading="Compare" busy={simulating} className={hasModel ? styles.stage : ''}>
      {hasModel ? <Voting /> : <NoModel />}
    </Stage>
  );
}

function NoModel() {
  const comesBack = useComesBack();
  const { startTrained, busy } = useLab((state) => state.shelf);
  const preset = useLab((state) => state.config.value.preset);
  const go = useLab((state) => state.view.go);
  if (comesBack)
    return (
      <Card>
        <ComesBack />
      </Card>
    );
  return (
    <Card>
      <EmptyState
        title="There is no model yet that could write two texts"
        action={
          <Button
            kind="primary"
            disabled={busy !== null}
            onClick={() => void startTrained(preset === 'medium' ? 'small' : preset)}
          >
            {busy === 'loading' ? 'Loading…' : 'Start with the trained model'}
          </Button>
        }
      >
        Take the one that comes with the page, or{' '}
        <Button kind="link" onClick={() => go('pretrain')}>
          pretrain your own
        </Button>{' '}
        and watch it learn to write.
      </EmptyState>
    </Card>
  );
}

/** A pair that wants a vote, or why there is none. */
function PairQuestion({ ownText, votes }: { ownText: boolean; votes: number }) {
  const { shown, error, prepare, vote, skip, undo } = useLab((state) => state.pairs);
  useEffect(() => void prepare(), [prepare]);
  const canUndo = votes > 0;
  const held = useHeld();
  const act = (action: VoteAction) => {
    if (action === 'undo') return void (canUndo && undo());
    if (shown) void (action === 'skip' ? skip() : vote(action));
  };
  useVoteKeys(act, held === null); // its numbers answer the question of a lesson meanwhile
  return error && !shown ? (
    <div className={styles.trouble}>
      <NoTexts what="pair" error={error} />
      <Button onClick={() => void prepare()}>Try again</Button>
    </div>
  ) : (
    <PairView shown={shown} verbatim={ownText} canUndo={canUndo} number={votes + 1} act={act} held={held} />
  );
}

interface SoFarProps {
  opinions: readonly Ranking[];
  counts: OpinionCounts;
  onReview: () => void;
  onList: () => void;
}

/** What the votes say until now, beside the question. */
function SoFar({ opinions, counts, onReview, onList }: SoFarProps) {
  const task = useLab((state) => state.config.value.compare.task);
  const summary = useLab((state) => state.corpus.summary);
  const unit = lengthUnit(summary);
  const go = useLab((state) => state.view.go);
  const ways = useMemo(() => habits(votesIn(opinions), unit), [opinions, unit]);
  const ownText = summary?.kind === 'text';
  const measured = useLab(hasAttributes);
  return (
    <aside className={styles.side} aria-label="Your votes so far">
      <Shown>
        <RoundCard />
      </Shown>
      <Shown part="progress">
        <ProgressCard counts={counts} onTrain={() => go('reward')} onList={onList} />
      </Shown>
      <Shown part="taste">
        <TasteCard opinions={opinions} usable={counts.usable} measured={measured} onReview={onReview} />
      </Shown>
      {ways && (
        <Shown>
          <HabitsCard habits={ways} votes={counts.human} />
        </Shown>
      )}
      <Shown part="rater">
        <SimulatedRater task={task} animals={summary?.animals ?? []} ownText={ownText} />
      </Shown>
    </aside>
  );
}

function Voting() {
  const opinions = useLab((state) => state.opinions.all);
  const task = useLab((state) => state.config.value.compare.task);
  const takeBack = useLab((state) => (task === 'pairs' ? state.pairs : state.groups).undo);
  const ownText = useLab((state) => state.corpus.summary?.kind === 'text');
  const taste = useLab((state) => state.taste.result);
  const review = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const counts = useMemo(() => opinionCounts(opinions), [opinions]);
  const measured = useLab(hasAttributes);
  const lookAt = (part: HTMLElement | null) => {
    part?.scrollIntoView({ block: part === review.current ? 'center' : 'start' });
    part?.focus({ preventScroll: true });
  };
  return (
    <>
      <div className={styles.hero} data-columns>
        <Shown part="pair">
          {task === 'pairs' ? <PairQuestion ownText={ownText} votes={counts.human} /> : <RankView verbatim={ownText} />}
        </Shown>
        <SoFar
          opinions={opinions}
          counts={counts}
          onReview={() => lookAt(review.current)}
          onList={() => lookAt(list.current)}
        />
      </div>
      {taste?.kind === 'rule' && measured && counts.usable >= RULE_FROM && (
        <Shown part="taste">
          <div className={styles.wide}>
            <TasteReview ref={review} rule={taste.rule} opinions={opinions} />
          </div>
        </Shown>
      )}
      <Shown>
        <div className={styles.wide}>
          <RoundTable />
        </div>
      </Shown>
      <Shown part="votes">
        <div ref={list} tabIndex={-1} className={styles.wide}>
          <VoteHistory
            opinions={opinions}
            counts={counts}
            verbatim={ownText}
            canUndo={(task === 'pairs' ? counts.human : counts.ranked.human.rankings) > 0}
            undo={() => void takeBack()}
          />
        </div>
      </Shown>
    </>
  );
}
