import { LabError } from '../../contract/errors';
import { countOf, plural } from '../../contract/numbers';
import { isVote, type Ranking, type Vote } from '../../contract/preferences';
import type { BadLine } from '../../formats/lines';
import { HERE, readOpinions } from '../../formats/opinions';
import { decodeLines } from '../../formats/text';
import { votesToJsonl } from '../../formats/votes';
import { attempt, type Context, derivedSeed } from '../context';
import { inSteps } from '../page/inSteps';
import { type Course, longWork } from '../page/longWork';
import { pairWriters, roundStamp, writerId } from '../rounds/rounds';
import type { VotesSlice } from '../state';
import { exportLines, JSON_LINES } from './exportLines';
import { rankingWords, voteWords } from './opinions';
import { fitting, hasPlace, tellLimits } from './room';
import { checkTexts } from './textCheck';

const MOST_SIMULATED = 5000;

/** Puts votes on disk, then on the page. */
export async function addVotes(context: Context, votes: readonly Vote[]): Promise<void> {
  await context.vault.putVotes(votes);
  context.patch('taste', { outdated: true });
  context.patch('votes', { votes: [...context.get().votes.votes, ...votes] });
}

interface Opinions {
  votes: Vote[];
  rankings: Ranking[];
}
const goodLines = ({ votes, rankings }: Opinions): number => votes.length + rankings.length;

type BulkVotes = Pick<VotesSlice, 'simulate' | 'exportFile' | 'importFile' | 'keepGoodLines' | 'cancelImport' | 'clear'>;

/** Votes that come and go many at a time. */
export function bulkVotes(context: Context): BulkVotes {
  const patch = (fields: Partial<VotesSlice>) => context.patch('votes', fields);
  const slice = () => context.get().votes;

  const addForeign = (votes: readonly Vote[]) => {
    const known = slice().votes.map(({ voteId }) => voteId);
    return addVotes(
      context,
      withOwnVoteIds(fitting(context, 'votes', votes), known, () => context.newId('vote')),
    );
  };

  const addForeignRankings = (rankings: readonly Ranking[]) => {
    const { rankings: here, addRankings } = context.get().examples;
    const known = here.map(({ rankingId }) => rankingId);
    const rename = (ranking: Ranking): Ranking => ({ ...ranking, rankingId: context.newId('ranking') });
    const taken = fitting(context, 'rankings', rankings);
    return addRankings(withOwnIds(taken, known, ({ rankingId }) => rankingId, rename));
  };

  const addImported = async (found: Opinions) => {
    tellLimits(context, { votes: found.votes.length, rankings: found.rankings.length });
    const votes = fitting(context, 'votes', found.votes);
    const rankings = fitting(context, 'rankings', found.rankings);
    await longWork(context, 'voteFile', async ({ commit }) => {
      commit('storing'); // in one transaction: all of them are on disk, or none is
      if (votes.length > 0) await addForeign(votes);
      if (rankings.length > 0) await addForeignRankings(rankings);
    });
    patch({ pendingImport: null });
    context.get().notices.clear('file/votes');
    const parts = [votes.length > 0 && voteWords(votes.length), rankings.length > 0 && rankingWords(rankings.length)];
    if (votes.length + rankings.length === 0) return;
    context.get().notices.toast(`${parts.filter(Boolean).join(' and ')} imported, counted apart from yours.`);
  };

  /** for each, what keeps the model from learning from it; nothing while there is no model to ask */
  const check = async (opinions: readonly (Vote | Ranking)[], { context }: Course): Promise<(string | null)[]> => {
    const baseId = writerId(context.get());
    if (baseId === null) return opinions.map(() => null);
    const texts = opinions.map((one) => ({ prompt: one.prompt, completions: isVote(one) ? [one.a, one.b] : one.completions }));
    return checkTexts(context, baseId, texts, true);
  };

  /** what can be learned from in a file, and what parser and model find wrong with the rest, by line */
  const read = async (text: string, course: Course): Promise<Opinions & { badLines: BadLine[] }> => {
    const here = { votes: slice().votes, rankings: context.get().examples.rankings };
    const {
      good: opinions,
      lines,
      badLines,
    } = await inSteps(
      readOpinions(text, () => context.newId('vote'), here),
      course,
    );
    const verdicts = await check(opinions, course);
    const unfit = verdicts.flatMap((reason, i) => (reason === null ? [] : [{ line: lines[i] as number, reason }]));
    const good = opinions.filter((_, i) => verdicts[i] === null);
    return {
      votes: good.filter(isVote),
      rankings: good.filter((one): one is Ranking => !isVote(one)),
      badLines: [...badLines, ...unfit].sort((one, other) => one.line - other.line),
    };
  };

  const askRater = (count: number): Promise<Vote[]> => {
    const { config } = context.get();
    const writers = pairWriters(context.get());
    if (writers === null) throw new LabError('run/missingInput', NO_WRITER);
    const { rater, noise, votes } = slice();
    const seed = derivedSeed(config.value.seed, 'simulate', votes.length);
    const size = Math.min(MOST_SIMULATED, Math.max(1, Math.floor(count)));
    const asked = { ...writers, rater, count: size, noise, seed, sampling: config.value.sampling };
    return longWork(context, 'votes', ({ context: { call } }) => call('compare/simulate', asked));
  };

  /** one file after the other: what the first brought is here when the next is read */
  let importing = Promise.resolve();
  const importOne = async (bytes: Uint8Array, name: string) => {
    const error = await attempt(context, async () => {
      await context.settled();
      context.get().notices.clear('file/known');
      const found = await longWork(context, 'voteFile', (course) => read(decodeLines(bytes, 'file/votes', name), course));
      const good = goodLines(found);
      if (found.badLines.length === 0 && good > 0) return addImported(found);
      patch({ pendingImport: good > 0 ? { name, ...found } : null });
      if (good === 0 && isAllHere(found.badLines)) throw new LabError('file/known', `${name}: ${namedLines(found.badLines)}.`);
      throw new LabError('file/votes', describeBadLines(name, found.badLines, good));
    });
    const { pendingImport } = slice();
    if (error?.code === 'file/votes' && pendingImport) context.get().notices.report(error, importActions(goodLines(pendingImport)));
    patch({ error });
  };

  return {
    async simulate(count) {
      if (slice().simulating) return;
      patch({ simulating: true, error: null });
      const body = async () => {
        await context.settled();
        const stamp = roundStamp(context.get());
        if (!hasPlace(context, 'votes')) return;
        const asked = await askRater(count);
        tellLimits(context, { votes: asked.length });
        const votes = fitting(context, 'votes', asked);
        await addForeign(votes.map((vote) => ({ ...vote, ...stamp, at: context.today() })));
        context.get().notices.toast(`${countOf(votes.length, 'simulated vote')}, counted apart from yours.`);
      };
      const error = await attempt(context, body, [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }]);
      patch({ simulating: false, error });
    },

    exportFile: () => exportLines(context, { fileName: 'votes.jsonl', type: JSON_LINES }, slice().votes, votesToJsonl),

    importFile(bytes, name) {
      importing = importing.then(() => importOne(bytes, name));
      return importing;
    },

    async keepGoodLines() {
      const { pendingImport } = slice();
      patch({ pendingImport: null }); // a second press finds nothing to add again
      if (pendingImport) await addImported(pendingImport);
    },

    cancelImport() {
      patch({ pendingImport: null, error: null });
      context.get().notices.clear('file/votes');
    },

    clear: (source) =>
      longWork(context, 'clearVotes', async ({ commit }) => {
        commit('deleting'); // in one transaction
        const gone = new Set(slice().votes.filter((vote) => source === undefined || vote.source === source));
        await context.vault.removeVotes([...gone].map(({ voteId }) => voteId));
        patch({ votes: slice().votes.filter((vote) => !gone.has(vote)) });
        const { rankings, removeRankings } = context.get().examples;
        await removeRankings(rankings.filter((one) => source === undefined || one.source === source).map(({ rankingId }) => rankingId));
        context.patch('taste', { outdated: true, result: null });
      }),
  };
}

/** what comes from elsewhere must not take the id of one that is here, nor of another that comes with it */
function withOwnIds<T>(items: readonly T[], known: readonly string[], idOf: (item: T) => string, rename: (item: T) => T): T[] {
  const taken = new Set(known);
  return items.map((item) => {
    const own = taken.has(idOf(item)) ? rename(item) : item;
    taken.add(idOf(own));
    return own;
  });
}

/** a hidden repeat goes on naming the vote that it repeats, also where that one got another id */
function withOwnVoteIds(votes: readonly Vote[], known: readonly string[], newId: () => string): Vote[] {
  const renamed = new Map<string, string>();
  const rename = (vote: Vote): Vote => {
    const voteId = newId();
    renamed.set(vote.voteId, voteId);
    return { ...vote, voteId };
  };
  const own = withOwnIds(votes, known, ({ voteId }) => voteId, rename);
  return own.map((vote) => (vote.repeatOf === null ? vote : { ...vote, repeatOf: renamed.get(vote.repeatOf) ?? vote.repeatOf }));
}

export const NO_WRITER = 'There is no model to write texts yet: train one, or start with the trained model.';

const isAllHere = (badLines: readonly BadLine[]): boolean => badLines.length > 0 && badLines.every(({ reason }) => reason.endsWith(HERE));

function describeBadLines(name: string, badLines: readonly BadLine[], good: number): string {
  return badLines.length === 0 ? `${name} holds no votes.` : `${name}: ${namedLines(badLines)}. ${describeGoodLines(good)}`;
}

function namedLines(badLines: readonly BadLine[]): string {
  const named = badLines.slice(0, 5).map(({ line, reason }) => `line ${line} (${reason})`);
  const rest = badLines.length > named.length ? ` and ${badLines.length - named.length} more` : '';
  return `${named.join(', ')}${rest}`;
}

function describeGoodLines(good: number): string {
  if (good === 0) return 'No line is good.';
  return `${countOf(good, 'line is', 'lines are')} good. Keep ${plural(good, 'it', 'them')}?`;
}

const importActions = (good: number) => [
  { kind: 'keepGoodLines', label: `Keep ${countOf(good, 'good line')}` } as const,
  { kind: 'cancelImport', label: 'Keep none' } as const,
];
