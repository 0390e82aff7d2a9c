import type { Vote } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { attempt, type Context, derivedSeed } from '../context';
import { parseVotes, votesToJsonl } from '../jsonl';
import { writerId } from '../selectors';
import type { VotesSlice } from '../state';

const LARGEST_FILE = 50 * 1024 * 1024;
const MOST_SIMULATED = 5000;

/** Puts votes on disk, then on the page. */
export async function addVotes(context: Context, votes: readonly Vote[]): Promise<void> {
  await context.vault.putVotes(votes);
  context.patch('taste', { outdated: true });
  context.patch('votes', { votes: [...context.get().votes.votes, ...votes] });
}

type BulkVotes = Pick<VotesSlice, 'simulate' | 'exportFile' | 'importFile' | 'keepGoodLines' | 'cancelImport' | 'clear'>;

/** Votes that come and go many at a time. */
export function bulkVotes(context: Context): BulkVotes {
  const patch = (fields: Partial<VotesSlice>) => context.patch('votes', fields);
  const slice = () => context.get().votes;

  /** votes from elsewhere must not take the id of one that is here */
  const addForeign = (votes: readonly Vote[]) => {
    const known = new Set(slice().votes.map(({ voteId }) => voteId));
    return addVotes(
      context,
      votes.map((vote) => (known.has(vote.voteId) ? { ...vote, voteId: context.newId('vote') } : vote)),
    );
  };

  const addImported = async (votes: readonly Vote[]) => {
    await addForeign(votes);
    patch({ pendingImport: null });
    context.get().notices.clear('file/votes');
    context.get().notices.toast(`${votes.length} imported votes, counted apart from yours.`);
  };

  const askRater = (count: number): Promise<Vote[]> => {
    const { config } = context.get();
    const policyId = writerId(context.get());
    if (policyId === null) throw new LabError('run/missingInput', NO_WRITER);
    const { rater, noise, votes } = slice();
    const seed = derivedSeed(config.value.seed, 'simulate', votes.length);
    const size = Math.min(MOST_SIMULATED, Math.max(1, Math.floor(count)));
    return context.call('compare/simulate', { policyId, rater, count: size, noise, seed, sampling: config.value.sampling });
  };

  return {
    async simulate(count) {
      if (slice().simulating) return;
      patch({ simulating: true, error: null });
      const body = async () => {
        await context.settled();
        const votes = await askRater(count);
        await addForeign(votes.map((vote) => ({ ...vote, at: context.now() })));
        context.get().notices.toast(`${votes.length} simulated votes, counted apart from yours.`);
      };
      const error = await attempt(context, body, [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }]);
      patch({ simulating: false, error });
    },

    exportFile: () => context.saveFile('votes.jsonl', votesToJsonl(slice().votes), 'application/jsonl'),

    async importFile(bytes, name) {
      const error = await attempt(context, async () => {
        await context.settled();
        const { votes, badLines } = parseVotes(decodeText(bytes, name), () => context.newId('vote'));
        if (badLines.length === 0 && votes.length > 0) return addImported(votes);
        patch({ pendingImport: votes.length > 0 ? { name, votes, badLines } : null });
        throw new LabError('file/votes', describeBadLines(name, badLines, votes.length));
      });
      const pending = error?.code === 'file/votes' && slice().pendingImport !== null;
      if (pending && error) context.get().notices.report(error, importActions(slice().pendingImport?.votes.length ?? 0));
      patch({ error });
    },

    async keepGoodLines() {
      const { pendingImport } = slice();
      if (pendingImport) await addImported(pendingImport.votes);
    },

    cancelImport() {
      patch({ pendingImport: null, error: null });
      context.get().notices.clear('file/votes');
    },

    async clear(source) {
      const gone = slice().votes.filter((vote) => source === undefined || vote.source === source);
      await context.vault.removeVotes(gone.map(({ voteId }) => voteId));
      patch({ votes: slice().votes.filter((vote) => !gone.includes(vote)) });
      context.patch('taste', { outdated: true, result: null });
    },
  };
}

export const NO_WRITER = 'There is no model to write texts yet: train one, or start with the trained model.';

function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > LARGEST_FILE) throw new LabError('file/votes', `${name} is over 50 MB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LabError('file/votes', `${name} is not UTF-8 text.`);
  }
}

function describeBadLines(name: string, badLines: { line: number; reason: string }[], good: number): string {
  if (badLines.length === 0) return `${name} holds no votes.`;
  const named = badLines.slice(0, 5).map(({ line, reason }) => `line ${line} (${reason})`);
  const rest = badLines.length > named.length ? ` and ${badLines.length - named.length} more` : '';
  return `${name}: ${named.join(', ')}${rest}. ${describeGoodLines(good)}`;
}

function describeGoodLines(good: number): string {
  if (good === 0) return 'No line is good.';
  return good === 1 ? '1 line is good. Keep it?' : `${good} lines are good. Keep them?`;
}

const importActions = (good: number) => [
  { kind: 'keepGoodLines', label: good === 1 ? 'Keep 1 good line' : `Keep ${good} good lines` } as const,
  { kind: 'cancelImport', label: 'Keep none' } as const,
];
