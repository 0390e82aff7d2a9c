import { lastOwn } from '../../../store/arena/dealing';
import { gameOf, useArena } from '../../../store/arena/game';
import { nameOf } from '../../../store/arena/rated';
import { pairingsOf, ringOf } from '../../../store/arena/ring';
import { useLab, useLabStore } from '../../../store/lab';
import { corpusWords } from '../../../store/text/corpusWords';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { Say } from '../../primitives/Say';
import { ComesBack, useComesBack } from '../ComesBack';
import { useVoteKeys, type VoteAction } from '../Compare/actions';
import { PairView } from '../Compare/PairView';
import styles from './Arena.module.css';
import { More } from './More';
import { BringShipped, Ring } from './Ring';
import { lastWords } from './words';

/** The question on the left: a pair whose writers nobody is told before the vote. */
export function DuelPane() {
  const canDuel = useLab((state) => pairingsOf(ringOf(state)).length > 0);
  return (
    <div className={styles.duel}>
      {canDuel ? <Question /> : <Nobody />}
      <Ring canDuel={canDuel} />
      <More canDuel={canDuel} />
    </div>
  );
}

function Question() {
  const game = gameOf(useLabStore()).getState();
  const shown = useArena((state) => state.shown);
  const error = useArena((state) => state.error);
  const duels = useLab((state) => state.arena.duels);
  const verbatim = useLab((state) => corpusWords(state.corpus.summary).ownText);
  const act = (action: VoteAction) => {
    if (action === 'undo') void game.undo();
    else void (action === 'skip' ? game.skip() : game.vote(action));
  };
  useVoteKeys(act);
  if (error !== null && !shown)
    return (
      <div className={styles.trouble}>
        <Say tone="warn" lead="No pair.">
          {error}
        </Say>
        <Button onClick={() => void game.skip()}>Try another pair</Button>
      </div>
    );
  return (
    <PairView
      shown={shown && { pair: shown.pair, a: shown.left, b: shown.right }}
      verbatim={verbatim}
      canUndo={lastOwn(duels) !== undefined}
      number={duels.length + 1}
      act={act}
      beside={null}
      note={<LastVote />}
    />
  );
}

/** Who wrote the last pair, told after the vote. */
function LastVote() {
  const last = useArena((state) => state.last);
  const lab = useLabStore();
  if (!last) return 'Sides are drawn by chance; who wrote what is told after the vote, never before.';
  const words = lastWords(last.duel, (id) => nameOf(lab.getState(), id));
  return (
    <span role="status">
      {last.takenBack ? (
        <>
          <b>Taken back: {words}</b> Who wrote it is known now, so it is not asked again.
        </>
      ) : (
        <>
          <b>Last vote: {words}</b> Sides are drawn by chance.
        </>
      )}
    </span>
  );
}

/** A duel needs two that write in the same tokens. */
function Nobody() {
  const ring = useLab((state) => ringOf(state).length);
  if (useComesBack())
    return (
      <Card>
        <ComesBack />
      </Card>
    );
  return (
    <Card>
      <EmptyState
        title={`A duel needs two. Put ${ring === 0 ? 'two' : 'another'} in the ring.`}
        action={<BringShipped />}
      >
        {ring > 1
          ? 'Those in the ring read different tokens, so no prompt is the same for two of them.'
          : 'Every model that you train enters by itself, each round’s policy too; the models that come with the page may be brought in.'}
      </EmptyState>
    </Card>
  );
}
