import { LabError } from '../../contract/errors';
import { type VoteChoice, votesIn } from '../../contract/preferences';
import type { Context } from '../context';
import { ofRound, pairsKey, pairWriters, roundNumber } from '../rounds/rounds';
import type { NoticeAction, PairsSlice, ShownPair } from '../state';
import { type Deck, dealer } from './dealer';
import { dealPair, isRepeatTurn, pairOf, pickRepeat, voteOn } from './dealPairs';
import { NO_WRITER } from './room';

const SAID: Record<VoteChoice, string> = {
  a: 'A is better',
  b: 'B is better',
  tie: 'A tie',
  bothBad: 'Both bad',
};
const UNDO: NoticeAction = { kind: 'undo', label: 'Take it back' };

/** no pair, none waiting */
export const NO_PAIRS: Pick<PairsSlice, 'shown' | 'queue' | 'loading' | 'error'> = {
  shown: null,
  queue: [],
  loading: false,
  error: null,
};

/** Which side was whose, now that it cannot sway anyone. */
const revealed = ({ pair, swapped }: ShownPair): string =>
  pair.againstId === undefined ? '' : ` ${swapped ? 'B' : 'A'} was the newer model’s.`;

/** @returns what stands on the screen next: secretly an earlier pair, or the first of the queue; null without any */
function nextPair(context: Context): ShownPair | null {
  const { queue, turn } = context.get().pairs;
  const { seed } = context.get().config.value;
  const mine = ofRound(votesIn(context.get().opinions.all), roundNumber(context.get()));
  const repeat = isRepeatTurn(seed, turn) ? pickRepeat(mine, seed, turn) : null;
  if (repeat) return { ...repeat, shownAt: context.now() };
  return queue[0] ? dealPair(queue[0], seed, turn, context.now()) : null;
}

function pairsDeck(context: Context): Deck {
  const patch = (fields: Partial<PairsSlice>) => context.patch('pairs', fields);
  return {
    name: 'pairs',
    opinions: 'votes',
    batch: 8,
    low: 4,
    slice: () => context.get().pairs,
    patch,
    key: () => pairsKey(context.get()),
    write(call, batch) {
      const writers = pairWriters(context.get());
      if (writers === null) throw new LabError('run/missingInput', NO_WRITER);
      return call('compare/pairs', { ...writers, ...batch });
    },
    deal() {
      const { queue, turn } = context.get().pairs;
      const shown = nextPair(context);
      if (!shown) return false;
      patch({ shown, loading: false, turn: turn + 1, ...(shown.repeatOf === null && { queue: queue.slice(1) }) });
      return true;
    },
    wait: () => patch({ shown: null, loading: true }),
    forget: () => patch({ strength: 0 }),
  };
}

export function pairsSlice(context: Context): PairsSlice {
  const patch = (fields: Partial<PairsSlice>) => context.patch('pairs', fields);
  const slice = () => context.get().pairs;
  const dealing = dealer(context, pairsDeck(context));

  return {
    ...NO_PAIRS,
    turn: 0,
    drawn: 0,
    strength: 0,

    prepare: dealing.prepare,

    async vote(choice) {
      const { shown, strength } = slice();
      if (!shown) return;
      const told = (kept: string) => ({ text: `${SAID[choice]}: ${kept}.${revealed(shown)}`, action: UNDO });
      await dealing.decide(voteOn(shown, choice, strength, context), told);
    },

    skip: dealing.skip,

    async undo() {
      const last = votesIn(context.get().opinions.all).findLast(({ source }) => source === 'human');
      if (!last || !(await dealing.takeBack(last))) return;
      const { shown, queue } = slice(); // pairs may have come meanwhile
      const { completions, swapped, repeatOf, strengths } = last;
      patch({
        ...(shown && shown.repeatOf === null && { queue: [shown.pair, ...queue] }),
        strength: strengths?.[0] ?? 0,
        shown: { pair: pairOf(last), a: completions[0], b: completions[1], swapped, repeatOf, shownAt: context.now() },
        loading: false,
      });
    },

    setStrength: (strength) => patch({ strength }),
  };
}
