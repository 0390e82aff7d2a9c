import { LabError } from '../../contract/errors';
import { ranksOfChoice, type Vote, type VoteChoice, votesIn } from '../../contract/preferences';
import type { Context } from '../context';
import { ofRound, pairsKey, pairWriters, roundNumber } from '../rounds/rounds';
import type { NoticeAction, PairsSlice, ShownPair } from '../state';
import { dealer } from './dealer';
import { dealPair, isRepeatTurn, originOf, pairOf, pickRepeat } from './dealPairs';
import { areShort, NO_WRITER } from './room';

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

export function pairsSlice(context: Context): PairsSlice {
  const patch = (fields: Partial<PairsSlice>) => context.patch('pairs', fields);
  const slice = () => context.get().pairs;
  const show = (shown: ShownPair) => patch({ shown, loading: false });

  const deal = (): boolean => {
    const { queue, turn } = slice();
    const { seed } = context.get().config.value;
    const mine = ofRound(votesIn(context.get().opinions.all), roundNumber(context.get()));
    const repeat = isRepeatTurn(seed, turn) ? pickRepeat(mine, seed, turn) : null;
    const [next] = queue;
    if (!repeat && !next) return false;
    if (!repeat) patch({ queue: queue.slice(1) });
    patch({ turn: turn + 1 });
    show(
      repeat
        ? { ...repeat, shownAt: context.now() }
        : dealPair(next as NonNullable<typeof next>, seed, turn, context.now()),
    );
    return true;
  };

  const dealing = dealer(context, {
    name: 'pairs',
    opinions: 'votes',
    batch: 8,
    low: 4,
    slice,
    patch,
    key: () => pairsKey(context.get()),
    write(call, batch) {
      const writers = pairWriters(context.get());
      if (writers === null) throw new LabError('run/missingInput', NO_WRITER);
      return call('compare/pairs', { ...writers, ...batch });
    },
    canBeJudged: ({ prompt, first, second }) => first !== second && areShort([prompt, first, second]),
    deal,
    wait: () => patch({ shown: null, loading: true }),
    forget: () => patch({ strength: 0 }),
  });

  const toVote = ({ pair, a, b, swapped, repeatOf, shownAt }: ShownPair, choice: VoteChoice): Vote => {
    const { strength } = slice();
    const decided = choice === 'a' || choice === 'b';
    return {
      rankingId: context.newId('vote'),
      pairId: pair.pairId,
      prompt: pair.prompt,
      completions: [a, b],
      ...ranksOfChoice(choice),
      source: 'human',
      rater: null,
      swapped,
      repeatOf,
      ...originOf(pair),
      seconds: (context.now() - shownAt) / 1000,
      at: context.today(),
      strengths: strength > 0 && decided ? [strength] : null,
    };
  };

  return {
    ...NO_PAIRS,
    turn: 0,
    drawn: 0,
    strength: 0,

    prepare: dealing.prepare,

    async vote(choice) {
      const { shown } = slice();
      if (!shown) return;
      const told = (kept: string) => ({ text: `${SAID[choice]}: ${kept}.${revealed(shown)}`, action: UNDO });
      await dealing.decide(toVote(shown, choice), told);
    },

    skip: dealing.skip,

    async undo() {
      const last = votesIn(context.get().opinions.all).findLast(({ source }) => source === 'human');
      if (!last || !(await dealing.takeBack(last))) return;
      const { shown, queue } = slice(); // pairs may have come meanwhile
      if (shown && shown.repeatOf === null) patch({ queue: [shown.pair, ...queue] });
      patch({ strength: last.strengths?.[0] ?? 0 });
      const { completions, swapped, repeatOf } = last;
      show({ pair: pairOf(last), a: completions[0], b: completions[1], swapped, repeatOf, shownAt: context.now() });
    },

    setStrength: (strength) => patch({ strength }),
  };
}
