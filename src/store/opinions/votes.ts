import { LabError } from '../../contract/errors';
import type { Vote, VoteChoice } from '../../contract/preferences';
import { attempt, type Context, derivedSeed } from '../context';
import { longWork } from '../page/longWork';
import { outlivesWindow } from '../page/ready';
import { ofRound, pairsKey, pairWriters, roundNumber, roundStamp } from '../rounds/rounds';
import type { ShownPair, VotesSlice } from '../state';
import { addVotes, bulkVotes, NO_WRITER } from './bulkVotes';
import { BATCH, dealPair, isRepeatTurn, originOf, pairOf, pickRepeat } from './pairs';
import { areShort, hasPlace } from './room';

/** A key that is still held from the last pair must not vote on this one. */
const GUARD_MS = 300;
/** Fewer waiting pairs than this and more are written. */
const LOW = 4;
const SAID: Record<VoteChoice, string> = {
  a: 'A is better',
  b: 'B is better',
  tie: 'A tie',
  bothBad: 'Both bad',
};

/** Which side was whose, now that it cannot sway anyone. */
const revealed = ({ pair, swapped }: ShownPair): string =>
  pair.againstId === undefined ? '' : ` ${swapped ? 'B' : 'A'} was the newer model’s.`;

export function votesSlice(context: Context): VotesSlice {
  const patch = (fields: Partial<VotesSlice>) => context.patch('votes', fields);
  const slice = () => context.get().votes;
  let filling: Promise<void> | null = null;
  let storing = false;

  /** adds a batch of pairs of those who write now; pairs whose sides are equal cannot be judged */
  const draw = async (call: Context['call']) => {
    const state = context.get();
    const { config } = state;
    const writers = pairWriters(state);
    if (writers === null) throw new LabError('run/missingInput', NO_WRITER);
    const { drawn } = slice();
    const seed = derivedSeed(config.value.seed, 'pairs', Math.floor(drawn / BATCH));
    const pairs = await call('compare/pairs', { ...writers, count: BATCH, seed, sampling: config.value.sampling });
    if (pairsKey(context.get()) !== pairsKey(state)) return;
    const fresh = pairs.slice(drawn % BATCH).filter(({ prompt, first, second }) => first !== second && areShort([prompt, first, second]));
    const ofRound = fresh.map((pair) => ({ ...pair, ...roundStamp(state) }));
    patch({ queue: [...slice().queue, ...ofRound], drawn: drawn - (drawn % BATCH) + BATCH });
  };

  const fill = (): Promise<void> => {
    filling ??= longWork(context, 'pairs', async ({ context: { call } }) => {
      for (let tries = 0; slice().queue.length < LOW && tries < 4; tries++) await draw(call);
    }).finally(() => {
      filling = null;
    });
    return filling;
  };

  const show = (shown: ShownPair | null) => patch({ shown, loading: false });

  const deal = (): boolean => {
    const { votes, queue, turn } = slice();
    const { seed } = context.get().config.value;
    const mine = ofRound(votes, roundNumber(context.get()));
    const repeat = isRepeatTurn(seed, turn) ? pickRepeat(mine, seed, turn) : null;
    const next = repeat ? null : queue[0];
    if (!repeat && !next) return false;
    if (next) patch({ queue: queue.slice(1) });
    patch({ turn: turn + 1 });
    show(repeat ? { ...repeat, shownAt: context.now() } : dealPair(next as NonNullable<typeof next>, seed, turn, context.now()));
    return true;
  };

  /** the next pair at once when one is waiting; the queue is filled behind it */
  const advance = async () => {
    const dealt = deal();
    if (!dealt) patch({ shown: null, loading: true });
    if (slice().queue.length >= LOW) return;
    const error = await attempt(context, fill, [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }]);
    patch({ error, loading: false });
    if (slice().shown === null && slice().queue.length > 0) deal();
  };

  const toVote = (shown: ShownPair, choice: VoteChoice): Vote => ({
    voteId: context.newId('vote'),
    pairId: shown.pair.pairId,
    prompt: shown.pair.prompt,
    a: shown.a,
    b: shown.b,
    choice,
    source: 'human',
    rater: null,
    swapped: shown.swapped,
    repeatOf: shown.repeatOf,
    ...originOf(shown.pair),
    seconds: (context.now() - shown.shownAt) / 1000,
    at: context.today(),
    ...(slice().strength > 0 && (choice === 'a' || choice === 'b') && { strength: slice().strength }),
  });

  return {
    votes: [],
    shown: null,
    queue: [],
    turn: 0,
    drawn: 0,
    loading: false,
    simulating: false,
    rater: { name: 'happy' },
    noise: 0,
    pendingImport: null,
    strength: 0,
    error: null,

    async prepare() {
      await context.settled();
      if (slice().shown === null && !slice().loading) await advance();
    },

    async vote(choice) {
      const { shown } = slice();
      if (!shown || storing || context.now() - shown.shownAt < GUARD_MS) return;
      if (!hasPlace(context, 'votes')) return;
      storing = true;
      try {
        await addVotes(context, [toVote(shown, choice)]);
        patch({ strength: 0 });
      } finally {
        storing = false;
      }
      const kept = outlivesWindow(context.get()) ? 'stored' : 'kept until this window closes';
      context.get().notices.toast(`${SAID[choice]}: ${kept}.${revealed(shown)}`, { kind: 'undo', label: 'Take it back' });
      await advance();
    },

    async skip() {
      if (slice().shown === null || storing) return;
      patch({ strength: 0 });
      await advance();
    },

    async undo() {
      const last = slice().votes.findLast((vote) => vote.source === 'human');
      if (!last || storing) return;
      storing = true;
      await context.vault.removeVotes([last.voteId]);
      storing = false;
      const { shown, queue } = slice(); // pairs may have come meanwhile
      if (shown && shown.repeatOf === null) patch({ queue: [shown.pair, ...queue] });
      patch({ votes: slice().votes.filter((vote) => vote !== last), strength: last.strength ?? 0 });
      context.patch('taste', { outdated: true });
      show({ pair: pairOf(last), a: last.a, b: last.b, swapped: last.swapped, repeatOf: last.repeatOf, shownAt: context.now() });
    },

    setRater: (rater) => patch({ rater }),
    setStrength: (strength) => patch({ strength }),
    setNoise: (noise) => patch({ noise: Math.min(0.5, Math.max(0, noise)) }),
    ...bulkVotes(context),
  };
}
