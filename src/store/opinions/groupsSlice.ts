import { LabError } from '../../contract/errors';
import { type CandidateSet, groupsIn, type Ranking } from '../../contract/preferences';
import type { Context } from '../context';
import { newestId } from '../rounds/rounds';
import type { GroupsSlice, NoticeAction, ShownGroup } from '../state';
import { type Arrangement, allTied, arrangementOf, comparisonsIn, ranksOf } from './arrangement';
import { comparisonWords, pairsIn } from './counts';
import { type Deck, dealer } from './dealer';
import { NO_WRITER } from './room';

const UNDO: NoticeAction = { kind: 'undoRanking', label: 'Take it back' };

/** no group, none waiting */
export const NO_GROUPS: Pick<GroupsSlice, 'shown' | 'arrangement' | 'queue' | 'loading' | 'error'> = {
  shown: null,
  arrangement: null,
  queue: [],
  loading: false,
  error: null,
};

const onScreen = (set: CandidateSet, arrangement: Arrangement, now: number): Partial<GroupsSlice> => ({
  shown: { set, shownAt: now },
  arrangement,
  loading: false,
  error: null,
});

function groupsDeck(context: Context): Deck {
  const patch = (fields: Partial<GroupsSlice>) => context.patch('groups', fields);
  const slice = () => context.get().groups;
  const size = () => context.get().config.value.compare.rankingSize;
  return {
    name: 'groups',
    opinions: 'rankings',
    batch: 4,
    low: 2,
    slice,
    patch,
    key: () => `${newestId(context.get())} ${size()}`,
    write(call, batch) {
      const policyId = newestId(context.get());
      if (policyId === null) throw new LabError('run/missingInput', NO_WRITER);
      return call('compare/candidates', { policyId, size: size(), ...batch });
    },
    deal() {
      const [next, ...queue] = slice().queue;
      if (!next) return false;
      patch({ queue, ...onScreen(next, allTied(next.completions.length), context.now()) });
      return true;
    },
    wait: () => patch({ shown: null, arrangement: null, loading: true }),
    forget() {},
  };
}

function rankingOn({ set, shownAt }: ShownGroup, arrangement: Arrangement, { newId, now, today }: Context): Ranking {
  const { prompt, completions, policyId, round } = set;
  const said = arrangement.strengths.some((strength) => strength > 0);
  return {
    rankingId: newId('ranking'),
    prompt,
    completions,
    ranks: ranksOf(arrangement),
    strengths: said ? [...arrangement.strengths] : null,
    source: 'human',
    rater: null,
    policyId,
    ...(round !== undefined && { round }),
    seconds: (now() - shownAt) / 1000,
    at: today(),
  };
}

export function groupsSlice(context: Context): GroupsSlice {
  const patch = (fields: Partial<GroupsSlice>) => context.patch('groups', fields);
  const slice = () => context.get().groups;
  const dealing = dealer(context, groupsDeck(context));

  return {
    ...NO_GROUPS,
    drawn: 0,

    prepare: dealing.prepare,

    arrange: (arrangement) => patch({ arrangement }),

    async rank() {
      const { shown, arrangement } = slice();
      if (!shown || !arrangement || comparisonsIn(arrangement) === 0) return;
      const ranking = rankingOn(shown, arrangement, context);
      const told = (kept: string) => ({ text: `Ranking ${kept}: ${comparisonWords(pairsIn(ranking))}.`, action: UNDO });
      await dealing.decide(ranking, told);
    },

    skip: dealing.skip,

    async undo() {
      const last = groupsIn(context.get().opinions.all).findLast(({ source }) => source === 'human');
      if (!last || !(await dealing.takeBack(last))) return;
      const { shown, queue } = slice(); // groups may have come meanwhile
      const { rankingId, prompt, completions, policyId, round, ranks, strengths } = last;
      const set = { setId: rankingId, prompt, completions, policyId, ...(round !== undefined && { round }) };
      patch({
        ...(shown && { queue: [shown.set, ...queue] }),
        ...onScreen(set, arrangementOf(ranks, strengths), context.now()),
      });
    },
  };
}
