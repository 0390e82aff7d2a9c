import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import type { CandidateSet, Ranking } from '../../contract/preferences';
import { rankingsToJsonl } from '../../formats/rankings';
import { attempt, type Context, derivedSeed } from '../context';
import { longWork } from '../page/longWork';
import { outlivesWindow } from '../page/ready';
import { newestId, roundStamp } from '../rounds/rounds';
import type { NoticeAction, RankingsSlice } from '../state';
import { allTied, arrangementOf, comparisonsIn, ranksOf } from './arrangement';
import { NO_WRITER } from './bulkVotes';
import { exportLines, JSON_LINES } from './exportLines';
import { comparisonWords, pairsIn } from './opinions';
import { areShort, fitting, hasPlace, tellLimits } from './room';

/** A key that is still held from the last group must not rank this one. */
const GUARD_MS = 300;
/** groups asked for at a time; batch number b is the same for the same seed and size, as with pairs */
const BATCH = 4;
/** Fewer waiting groups than this and more are written. */
const LOW = 2;
const MOST_SIMULATED = 500;
const OPEN_PRETRAIN: NoticeAction[] = [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }];

/** no group, none waiting */
export const NO_GROUPS: Pick<RankingsSlice, 'shown' | 'arrangement' | 'queue' | 'loading' | 'error'> = {
  shown: null,
  arrangement: null,
  queue: [],
  loading: false,
  error: null,
};

export function rankingsSlice(context: Context): RankingsSlice {
  const patch = (fields: Partial<RankingsSlice>) => context.patch('rankings', fields);
  const slice = () => context.get().rankings;
  const size = () => context.get().config.value.compare.rankingSize;
  let filling: Promise<void> | null = null;
  let storing = false;

  const writer = (): string => {
    const policyId = newestId(context.get());
    if (policyId === null) throw new LabError('run/missingInput', NO_WRITER);
    return policyId;
  };

  /** adds a batch of groups; of a model or a size that was changed meanwhile none are wanted */
  const draw = async (call: Context['call']) => {
    const [policyId, wanted, { drawn }] = [writer(), size(), slice()];
    const { seed, sampling } = context.get().config.value;
    const batch = { count: BATCH, size: wanted, seed: derivedSeed(seed, 'groups', Math.floor(drawn / BATCH)), sampling };
    const sets = await call('compare/candidates', { policyId, ...batch });
    if (newestId(context.get()) !== policyId || size() !== wanted) return;
    const sound = sets.slice(drawn % BATCH).filter(({ prompt, completions }) => areShort([prompt, ...completions]));
    const fresh = sound.map((set) => ({ ...set, ...roundStamp(context.get()) }));
    patch({ queue: [...slice().queue, ...fresh], drawn: drawn - (drawn % BATCH) + BATCH });
  };

  const fill = (): Promise<void> => {
    filling ??= longWork(context, 'groups', async ({ context: { call } }) => {
      for (let tries = 0; slice().queue.length < LOW && tries < 4; tries++) await draw(call);
    }).finally(() => {
      filling = null;
    });
    return filling;
  };

  const show = (set: CandidateSet, arrangement = allTied(set.completions.length)) =>
    patch({ shown: { set, shownAt: context.now() }, arrangement, loading: false, error: null });

  const deal = (): boolean => {
    const [next, ...queue] = slice().queue;
    if (!next) return false;
    patch({ queue });
    show(next);
    return true;
  };

  /** the next group at once when one is waiting; the queue is filled behind it */
  const advance = async () => {
    if (!deal()) patch({ shown: null, arrangement: null, loading: true });
    if (slice().queue.length >= LOW) return;
    const error = await attempt(context, fill, OPEN_PRETRAIN);
    patch({ error, loading: false });
    if (slice().shown === null) deal();
  };

  const toRanking = (): Ranking | null => {
    const { shown, arrangement } = slice();
    if (!shown || !arrangement || comparisonsIn(arrangement) === 0 || context.now() - shown.shownAt < GUARD_MS) return null;
    const { prompt, completions, policyId, round } = shown.set;
    const said = arrangement.strengths.some((strength) => strength > 0);
    return {
      rankingId: context.newId('ranking'),
      prompt,
      completions,
      ranks: ranksOf(arrangement),
      strengths: said ? [...arrangement.strengths] : null,
      source: 'human',
      rater: null,
      policyId,
      ...(round !== undefined && { round }),
      seconds: (context.now() - shown.shownAt) / 1000,
      at: context.today(),
    };
  };

  const simulated = async (count: number): Promise<Ranking[]> => {
    const { config, votes, examples } = context.get();
    const { rater, noise } = votes;
    const seed = derivedSeed(config.value.seed, 'simulate rankings', examples.rankings.length);
    const asked = { count: Math.min(MOST_SIMULATED, Math.max(1, Math.floor(count))), size: size(), noise, seed };
    const params = { policyId: writer(), rater, ...asked, sampling: config.value.sampling };
    return longWork(context, 'rankings', ({ context: { call } }) => call('compare/rank', params));
  };

  return {
    ...NO_GROUPS,
    drawn: 0,
    simulating: false,

    async prepare() {
      await context.settled();
      if (slice().shown === null && !slice().loading) await advance();
    },

    arrange: (arrangement) => patch({ arrangement }),

    async rank() {
      const ranking = storing ? null : toRanking();
      if (!ranking || !hasPlace(context, 'rankings')) return;
      storing = true;
      await context.get().examples.addRankings([ranking]);
      storing = false;
      const kept = outlivesWindow(context.get()) ? 'stored' : 'kept until this window closes';
      const undo: NoticeAction = { kind: 'undoRanking', label: 'Take it back' };
      context.get().notices.toast(`Ranking ${kept}: ${comparisonWords(pairsIn(ranking))}.`, undo);
      await advance();
    },

    async skip() {
      if (slice().shown !== null && !storing) await advance();
    },

    async undo() {
      const last = context.get().examples.rankings.findLast(({ source }) => source === 'human');
      if (!last || storing) return;
      storing = true;
      await context.get().examples.removeRankings([last.rankingId]);
      storing = false;
      const { shown, queue } = slice();
      if (shown) patch({ queue: [shown.set, ...queue] });
      const { rankingId, prompt, completions, policyId, round, ranks, strengths } = last;
      const ofRound = round === undefined ? {} : { round };
      show({ setId: rankingId, prompt, completions, policyId, ...ofRound }, arrangementOf(ranks, strengths));
    },

    async simulate(count) {
      if (slice().simulating) return;
      patch({ simulating: true, error: null });
      const error = await attempt(
        context,
        async () => {
          await context.settled();
          const stamp = roundStamp(context.get());
          if (!hasPlace(context, 'rankings')) return;
          const asked = await simulated(count);
          tellLimits(context, { rankings: asked.length });
          const rankings = fitting(context, 'rankings', asked).map((one) => ({
            ...one,
            ...stamp,
            rankingId: context.newId('ranking'),
            at: context.today(),
          }));
          await context.get().examples.addRankings(rankings);
          context.get().notices.toast(`${countOf(rankings.length, 'simulated ranking')}, counted apart from yours.`);
        },
        OPEN_PRETRAIN,
      );
      patch({ simulating: false, error });
    },

    exportFile: () =>
      exportLines(context, { fileName: 'rankings.jsonl', type: JSON_LINES }, context.get().examples.rankings, rankingsToJsonl),
  };
}
