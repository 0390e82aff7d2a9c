import type { Vote, VoteChoice } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { attempt, type Context, derivedSeed } from '../context';
import { parseVotes, votesToJsonl } from '../jsonl';
import { BATCH, dealPair, isRepeatTurn, pairOf, pickRepeat } from '../pairs';
import type { ShownPair, VotesSlice } from '../state';

/** A key that is still held from the last pair must not vote on this one. */
const GUARD_MS = 300;
/** Fewer waiting pairs than this and more are written. */
const LOW = 4;
const SAID: Record<VoteChoice, string> = {
  a: 'A is better: stored.',
  b: 'B is better: stored.',
  tie: 'A tie: stored.',
  bothBad: 'Both bad: stored.',
};
const LARGEST_FILE = 50 * 1024 * 1024;

export function votesSlice(context: Context): VotesSlice {
  const patch = (fields: Partial<VotesSlice>) => context.patch('votes', fields);
  const slice = () => context.get().votes;
  let filling: Promise<void> | null = null;
  let storing = false;

  /** adds a batch of pairs of the current base model; pairs whose sides are equal cannot be judged */
  const draw = async () => {
    const { shelf, config } = context.get();
    const policyId = shelf.slots.baseId;
    if (policyId === null)
      throw new LabError('run/missingInput', 'There is no model to write texts yet: train one, or start with the trained model.');
    const { drawn } = slice();
    const seed = derivedSeed(config.value.seed, 'pairs', Math.floor(drawn / BATCH));
    const pairs = await context.call('compare/pairs', { policyId, count: BATCH, seed, sampling: config.value.sampling });
    if (context.get().shelf.slots.baseId !== policyId) return;
    const fresh = pairs.slice(drawn % BATCH).filter(({ first, second }) => first !== second);
    patch({ queue: [...slice().queue, ...fresh], drawn: drawn - (drawn % BATCH) + BATCH });
  };

  const fill = (): Promise<void> => {
    filling ??= (async () => {
      for (let tries = 0; slice().queue.length < LOW && tries < 4; tries++) await draw();
    })().finally(() => {
      filling = null;
    });
    return filling;
  };

  const show = (shown: ShownPair | null) => patch({ shown, loading: false });

  const deal = (): boolean => {
    const { votes, queue, turn } = slice();
    const { seed } = context.get().config.value;
    const repeat = isRepeatTurn(seed, turn) ? pickRepeat(votes, seed, turn) : null;
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
    policyId: shown.pair.policyId,
    seconds: (context.now() - shown.shownAt) / 1000,
    at: context.now(),
  });

  const add = async (votes: readonly Vote[]) => {
    await context.vault.putVotes(votes);
    context.patch('taste', { outdated: true });
    patch({ votes: [...slice().votes, ...votes] });
  };

  const addImported = async (votes: readonly Vote[]) => {
    const known = new Set(slice().votes.map(({ voteId }) => voteId));
    await add(votes.map((vote) => (known.has(vote.voteId) ? { ...vote, voteId: context.newId('vote') } : vote)));
    patch({ pendingImport: null });
    context.get().notices.clear('file/votes');
    context.get().notices.toast(`${votes.length} imported votes, counted apart from yours.`);
  };

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
    error: null,

    async prepare() {
      await context.settled();
      if (slice().shown === null && !slice().loading) await advance();
    },

    async vote(choice) {
      const { shown } = slice();
      if (!shown || storing || context.now() - shown.shownAt < GUARD_MS) return;
      storing = true;
      try {
        await add([toVote(shown, choice)]);
      } finally {
        storing = false;
      }
      context.get().notices.toast(SAID[choice], { kind: 'undo', label: 'Undo' });
      await advance();
    },

    async skip() {
      if (slice().shown === null || storing) return;
      await advance();
    },

    async undo() {
      const { votes, shown, queue } = slice();
      const last = votes.findLast((vote) => vote.source === 'human');
      if (!last || storing) return;
      storing = true;
      await context.vault.removeVotes([last.voteId]);
      storing = false;
      if (shown && shown.repeatOf === null) patch({ queue: [shown.pair, ...queue] });
      patch({ votes: slice().votes.filter((vote) => vote !== last) });
      context.patch('taste', { outdated: true });
      show({ pair: pairOf(last), a: last.a, b: last.b, swapped: last.swapped, repeatOf: last.repeatOf, shownAt: context.now() });
    },

    setRater: (rater) => patch({ rater }),
    setNoise: (noise) => patch({ noise: Math.min(0.5, Math.max(0, noise)) }),

    async simulate(count) {
      if (slice().simulating) return;
      patch({ simulating: true, error: null });
      const error = await attempt(context, async () => {
        await context.settled();
        const { shelf, config } = context.get();
        const { baseId: policyId } = shelf.slots;
        if (policyId === null)
          throw new LabError('run/missingInput', 'There is no model to write texts yet: train one, or start with the trained model.');
        const seed = derivedSeed(config.value.seed, 'simulate', slice().votes.length);
        const { rater, noise } = slice();
        const size = Math.min(5000, Math.max(1, Math.floor(count)));
        const votes = await context.call('compare/simulate', {
          policyId,
          rater,
          count: size,
          noise,
          seed,
          sampling: config.value.sampling,
        });
        const known = new Set(slice().votes.map(({ voteId }) => voteId));
        await add(votes.map((vote) => (known.has(vote.voteId) ? { ...vote, voteId: context.newId('vote') } : vote)));
        context.get().notices.toast(`${votes.length} simulated votes, counted apart from yours.`);
      }, [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }]);
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

function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > LARGEST_FILE) throw new LabError('file/votes', `${name} is over 50 MB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LabError('text/notUtf8', `${name} cannot be read as text.`);
  }
}

function describeBadLines(name: string, badLines: { line: number; reason: string }[], good: number): string {
  if (badLines.length === 0) return `${name} holds no votes.`;
  const named = badLines.slice(0, 5).map(({ line, reason }) => `line ${line} (${reason})`);
  const rest = badLines.length > named.length ? ` and ${badLines.length - named.length} more` : '';
  return `${name}: ${named.join(', ')}${rest}. ${good === 0 ? 'No line is good.' : `${good} lines are good. Keep them?`}`;
}

const importActions = (good: number) => [
  { kind: 'keepGoodLines', label: `Keep ${good} good lines` } as const,
  { kind: 'cancelImport', label: 'Keep none' } as const,
];
