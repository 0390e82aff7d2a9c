/**
 * The page Arena: pairs are dealt, voted on and rated. It comes with its page, so it is no slice of the lab; what has to
 * outlive the tab, the duels, the lab keeps.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ArenaBoard, Duel, RatingOptions } from '../../contract/arena';
import { LIMITS } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { type CandidateSet, ranksOfChoice, type VoteChoice } from '../../contract/preferences';
import { duelsToJsonl } from '../../formats/duels';
import { coin, derivedSeed, latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { JSON_LINES } from '../opinions/exportLines';
import { type DuelFile, FULL, namesOf, readDuelFile, roomIn, simulateDuels } from './many';
import { nameOf, onBoard, ratedDuels } from './rated';
import { isSamePairing, leastMet, type Pairing, pairingsOf, ringOf } from './ring';

/** A pair of a duel, on the screen. */
export interface ShownDuel {
  pair: CandidateSet & { againstId: string };
  left: string;
  right: string;
  /** the left one is the second of the pair */
  swapped: boolean;
  /** by the page's clock */
  shownAt: number;
}

/** The board, and whose rows it has. */
export interface Ratings {
  models: string[];
  board: ArenaBoard;
}

export interface ArenaGame {
  /** null while a pair is written, or where none can be */
  shown: ShownDuel | null;
  /** a pair is being written */
  loading: boolean;
  /** why there is no pair, in words */
  error: string | null;
  /** the vote that was just given, whose writers may be told; or that it was taken back */
  last: { duel: Duel; takenBack: boolean } | null;
  /** the pair that was asked for, by hand; null deals whoever met least */
  wanted: Pairing | null;
  ratings: Ratings | null;
  /** why there are no ratings, in words */
  trouble: string | null;
  options: RatingOptions;
  /** how far a simulated rater is; null while none votes */
  simulating: { done: number; of: number } | null;
  /** a file with bad lines, until it is decided what becomes of the good ones */
  pending: DuelFile | null;
  /** what came of the last rater or file, in words */
  outcome: string | null;

  /** deals a pair, unless one of the ring's is shown or being written */
  open(): Promise<void>;
  /** rates what is here; the last board stays until the new one is done */
  rate(): Promise<void>;
  vote(choice: VoteChoice): Promise<void>;
  skip(): Promise<void>;
  /** the visitor's last duel, as if it had not been; who wrote it is known, so it is not asked again */
  undo(): Promise<void>;
  /** from the next pair on; null lets chance decide again */
  askFor(pairing: Pairing | null): Promise<void>;
  set(options: Partial<RatingOptions>): Promise<void>;
  /** so many votes of Compare's rater, spread over all pairs of the ring */
  simulate(count: number): Promise<void>;
  cancelSimulating(): void;
  save(): void;
  openFile(bytes: Uint8Array, name: string): Promise<void>;
  /** takes the good lines of the file, or none */
  decide(keep: boolean): Promise<void>;
  /** all duels, whoever voted them */
  clear(): Promise<void>;
}

/** A key that is still held from the last one must not decide this one. */
const GUARD_MS = 300;

const FIRST_OPTIONS: Omit<RatingOptions, 'seed'> = {
  ties: 'half',
  bothBadTies: false,
  lengthHeldEqual: false,
  k: 32,
  shuffle: 0,
};

/** the last one by hand */
export const lastOwn = (duels: readonly Duel[]): Duel | undefined => duels.findLast(({ source }) => source === 'human');

function createGame(lab: Lab): StoreApi<ArenaGame> {
  return createStore<ArenaGame>()((patch, get) => ({
    shown: null,
    loading: false,
    error: null,
    last: null,
    wanted: null,
    ratings: null,
    trouble: null,
    options: { ...FIRST_OPTIONS, seed: lab.getState().config.value.seed },
    ...dealing(lab, get, patch),
    simulating: null,
    pending: null,
    outcome: null,
    ...judging(lab, get, patch),
    ...taking(lab, get, patch),
  }));
}

type Patch = (fields: Partial<ArenaGame>) => void;

/** The duel that a choice between what is shown makes. */
function duelFrom(lab: Lab, { pair, left, right, swapped, shownAt }: ShownDuel, choice: VoteChoice): Duel {
  const { prompt, setId, policyId, againstId } = pair;
  return {
    rankingId: lab.newId('duel'),
    pairId: setId,
    prompt,
    completions: [left, right],
    ...ranksOfChoice(choice),
    strengths: null,
    source: 'human',
    rater: null,
    policyId,
    againstId,
    swapped,
    repeatOf: null,
    seconds: (lab.now() - shownAt) / 1000,
    at: lab.today(),
  };
}

/** A pair that is being written, or was. */
interface Coming {
  turn: number;
  pairing: Pairing;
  work: Promise<Written>;
  written: Written | null;
}
type Written = Omit<ShownDuel, 'shownAt'>;

/** The same seed and turn write the same pair, so a reload shows what it would have shown. */
async function write(lab: Lab, turn: number, [policyId, againstId]: Pairing): Promise<Written> {
  const { seed, sampling } = lab.getState().config.value;
  const asked = { policyId, againstId, count: 1, seed: derivedSeed(seed, 'arena', turn), sampling };
  const [pair] = await lab.call('compare/pairs', asked);
  const [first = '', second = ''] = pair!.completions;
  const swapped = coin(seed, 'arena sides', turn) < 0.5;
  return {
    pair: { ...pair!, againstId },
    left: swapped ? second : first,
    right: swapped ? first : second,
    swapped,
  };
}

function dealing(
  lab: Lab,
  get: () => ArenaGame,
  patch: Patch,
): Pick<ArenaGame, 'open' | 'vote' | 'skip' | 'undo' | 'askFor'> {
  const newest = latest();
  /** pairs that were put aside in this tab: those of a reload come again */
  let skipped = 0;
  let storing = false;
  /** the pair that comes next: while one is read, the other is written */
  let ahead: Coming | null = null;
  const duels = () => lab.getState().arena.duels;

  const nextPairing = (turn: number, met: Parameters<typeof leastMet>[1]): Pairing | null => {
    const { wanted } = get();
    const pairings = pairingsOf(ringOf(lab.getState()));
    if (wanted && pairings.some((one) => isSamePairing(one, wanted))) return wanted;
    return leastMet(pairings, met, lab.getState().config.value.seed, turn);
  };

  /** begins to write a pair */
  const begin = (turn: number, pairing: Pairing): Coming => {
    const coming: Coming = { turn, pairing, written: null, work: write(lab, turn, pairing) };
    coming.work.then(
      (written) => {
        coming.written = written;
      },
      () => undefined, // who deals it hears of it
    );
    return coming;
  };

  /** puts a pair on the screen, and has the next one written; only the last one that was asked for comes there */
  const deal = async () => {
    const isNewest = newest();
    const turn = duels().length + skipped;
    const pairing = nextPairing(turn, duels());
    const isHere = pairing && ahead?.turn === turn && isSamePairing(ahead.pairing, pairing);
    ahead = pairing && (isHere ? ahead : begin(turn, pairing));
    if (!ahead?.written) patch({ shown: null, loading: ahead !== null, error: null });
    if (!ahead) return;
    try {
      const written = ahead.written ?? (await ahead.work);
      if (!isNewest()) return;
      patch({ shown: { ...written, shownAt: lab.now() }, loading: false, error: null });
      const after = nextPairing(turn + 1, [...duels(), written.pair]);
      ahead = after && begin(turn + 1, after);
    } catch (error) {
      if (isNewest()) patch({ loading: false, error: toReport(error).message });
    }
  };

  const whileStoring = async (work: () => Promise<void>) => {
    storing = true;
    await work().finally(() => {
      storing = false;
    });
  };

  return {
    async open() {
      const { shown, loading } = get();
      const pairings = pairingsOf(ringOf(lab.getState()));
      const isIn = (one: Pairing | null) => one !== null && pairings.some((pairing) => isSamePairing(pairing, one));
      if (isIn(shown && [shown.pair.policyId, shown.pair.againstId]) || (loading && isIn(ahead?.pairing ?? null)))
        return;
      await deal();
    },

    async vote(choice) {
      const { shown } = get();
      if (!shown || storing || lab.now() - shown.shownAt < GUARD_MS) return;
      if (duels().length >= LIMITS.duels) return patch({ error: FULL });
      const duel = duelFrom(lab, shown, choice);
      await whileStoring(() => lab.getState().arena.add([duel], namesOf(lab, [duel])));
      patch({ last: { duel, takenBack: false } });
      await deal();
    },

    async skip() {
      if (storing || get().loading) return;
      skipped++;
      patch({ last: null });
      await deal();
    },

    async undo() {
      const duel = lastOwn(duels());
      if (!duel || storing) return;
      await whileStoring(() => lab.getState().arena.remove([duel.rankingId]));
      skipped++; // the turn of this pair is over
      patch({ last: { duel, takenBack: true } });
    },

    async askFor(wanted) {
      patch({ wanted });
      skipped++;
      await deal();
    },
  };
}

function judging(lab: Lab, get: () => ArenaGame, patch: Patch): Pick<ArenaGame, 'rate' | 'set'> {
  const newest = latest();
  let asking = new AbortController();
  const rate = async (): Promise<void> => {
    const isNewest = newest();
    asking.abort(); // of many duels the rating takes seconds, and nobody waits for that of the duels before
    asking = new AbortController();
    const { signal } = asking;
    const state = lab.getState();
    const models = onBoard(state);
    if (models.length === 0) return patch({ ratings: null, trouble: null });
    try {
      const asked = { models: models.length, duels: ratedDuels(state.arena.duels, models), options: get().options };
      const board = await lab.call('arena/rate', asked, { signal });
      if (isNewest()) patch({ ratings: { models, board }, trouble: null });
    } catch (error) {
      if (isNewest()) patch({ trouble: toReport(error).message });
    }
  };
  return {
    rate,

    async set(options) {
      patch({ options: { ...get().options, ...options } });
      await rate();
    },
  };
}

type Taking = Pick<ArenaGame, 'simulate' | 'cancelSimulating' | 'save' | 'openFile' | 'decide' | 'clear'>;

function taking(lab: Lab, get: () => ArenaGame, patch: Patch): Taking {
  let controller = new AbortController();
  const arena = () => lab.getState().arena;

  const take = async ({ found, name }: DuelFile) => {
    const room = roomIn(lab);
    const taken = found.slice(0, room);
    const names = Object.fromEntries(taken.flatMap((one) => Object.entries(one.names)));
    await arena().add(
      taken.map(({ duel }) => duel),
      names,
    );
    const rest = found.length > room ? ` ${FULL}` : '';
    patch({
      pending: null,
      outcome: `${countOf(taken.length, 'duel')} from ${name}, counted apart from yours.${rest}`,
    });
  };

  return {
    async simulate(count) {
      if (get().simulating) return;
      controller = new AbortController();
      patch({ simulating: { done: 0, of: count }, outcome: null });
      const tell = (done: number) => patch({ simulating: { done, of: count } });
      try {
        const duels = await simulateDuels(lab, count, tell, controller.signal);
        await arena().add(duels, namesOf(lab, duels));
        patch({ outcome: `${countOf(duels.length, 'simulated vote')}, counted apart from yours.` });
      } catch (error) {
        const { code, message } = toReport(error);
        patch({ outcome: code === 'work/cancelled' ? 'Cancelled: nothing was changed.' : message });
      }
      patch({ simulating: null });
    },

    cancelSimulating: () => controller.abort(),

    save: () =>
      lab.saveFile(
        'duels.jsonl',
        duelsToJsonl(arena().duels, (id) => nameOf(lab.getState(), id)),
        JSON_LINES,
      ),

    async openFile(bytes, name) {
      patch({ pending: null, outcome: null });
      try {
        const file = await readDuelFile(lab, bytes, name);
        if (file.complaint === null) await take(file);
        else if (file.found.length > 0) patch({ pending: file });
        else patch({ outcome: file.complaint });
      } catch (error) {
        patch({ outcome: toReport(error).message });
      }
    },

    async decide(keep) {
      const { pending } = get();
      patch({ pending: null }); // a second press finds nothing to add again
      if (pending && keep) await take(pending);
    },

    async clear() {
      await arena().remove(arena().duels.map(({ rankingId }) => rankingId));
      patch({ last: null, outcome: 'All duels are gone.' });
    },
  };
}

const made = new WeakMap<Lab, StoreApi<ArenaGame>>();

/** the one of this lab */
export function gameOf(lab: Lab): StoreApi<ArenaGame> {
  const found = made.get(lab) ?? createGame(lab);
  made.set(lab, found);
  return found;
}

/** Select the smallest thing, as with `useLab`. */
export function useArena<T>(selector: (state: ArenaGame) => T): T {
  return useStore(gameOf(useLabStore()), selector);
}
