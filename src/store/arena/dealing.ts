/** The visitor's own duels: a pair is written, shown, voted on, and the next one is written meanwhile. */
import type { Duel } from '../../contract/arena';
import { LIMITS } from '../../contract/limits';
import { ranksOfChoice, type VoteChoice } from '../../contract/preferences';
import { coin, derivedSeed, latest, toReport } from '../context';
import type { Lab } from '../lab';
import type { ArenaGame, Patch, ShownDuel } from './gameState';
import { FULL, namesOf } from './many';
import { isSamePairing, leastMet, type Pairing, pairingsOf, ringOf } from './ring';

/** A key that is still held from the last one must not decide this one. */
const GUARD_MS = 300;

/** the last one by hand */
export const lastOwn = (duels: readonly Duel[]): Duel | undefined => duels.findLast(({ source }) => source === 'human');

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

/** Begins to write a pair. */
function begin(lab: Lab, turn: number, pairing: Pairing): Coming {
  const coming: Coming = { turn, pairing, written: null, work: write(lab, turn, pairing) };
  coming.work.then(
    (written) => {
      coming.written = written;
    },
    () => undefined, // who deals it hears of it
  );
  return coming;
}

const duelsOf = (lab: Lab): readonly Duel[] => lab.getState().arena.duels;
const pairingsIn = (lab: Lab): Pairing[] => pairingsOf(ringOf(lab.getState()));

/** Deals pairs in turn; while one is read, the next is written. */
function dealer(lab: Lab, get: () => ArenaGame, patch: Patch) {
  const newest = latest();
  /** turns that went by without a duel in this tab: the pairs of a reload come again */
  let skipped = 0;
  let ahead: Coming | null = null;

  const nextPairing = (turn: number, met: Parameters<typeof leastMet>[1]): Pairing | null => {
    const { wanted } = get();
    const pairings = pairingsIn(lab);
    if (wanted && pairings.some((one) => isSamePairing(one, wanted))) return wanted;
    return leastMet(pairings, met, lab.getState().config.value.seed, turn);
  };

  return {
    skipTurn: () => {
      skipped++;
    },

    /** what is being written, or was written last */
    coming: (): Pairing | null => ahead?.pairing ?? null,

    /** puts a pair on the screen; only the last one that was asked for comes there */
    async deal(): Promise<void> {
      const isNewest = newest();
      const turn = duelsOf(lab).length + skipped;
      const pairing = nextPairing(turn, duelsOf(lab));
      const isHere = pairing && ahead?.turn === turn && isSamePairing(ahead.pairing, pairing);
      ahead = pairing && (isHere ? ahead : begin(lab, turn, pairing));
      if (!ahead?.written) patch({ shown: null, loading: ahead !== null, error: null });
      if (!ahead) return;
      try {
        const written = ahead.written ?? (await ahead.work);
        if (!isNewest()) return;
        patch({ shown: { ...written, shownAt: lab.now() }, loading: false, error: null });
        const after = nextPairing(turn + 1, [...duelsOf(lab), written.pair]);
        ahead = after && begin(lab, turn + 1, after);
      } catch (error) {
        if (isNewest()) patch({ loading: false, error: toReport(error).message });
      }
    },
  };
}

type Dealing = Pick<ArenaGame, 'open' | 'vote' | 'skip' | 'undo' | 'askFor'>;

export function dealing(lab: Lab, get: () => ArenaGame, patch: Patch): Dealing {
  const { deal, skipTurn, coming } = dealer(lab, get, patch);
  let storing = false;
  const whileStoring = async (work: () => Promise<void>) => {
    storing = true;
    await work().finally(() => {
      storing = false;
    });
  };

  return {
    async open() {
      const { shown, loading } = get();
      const pairings = pairingsIn(lab);
      const isIn = (one: Pairing | null) => one !== null && pairings.some((pairing) => isSamePairing(pairing, one));
      if (isIn(shown && [shown.pair.policyId, shown.pair.againstId]) || (loading && isIn(coming()))) return;
      await deal();
    },

    async vote(choice) {
      const { shown } = get();
      if (!shown || storing || lab.now() - shown.shownAt < GUARD_MS) return;
      if (duelsOf(lab).length >= LIMITS.duels) return patch({ error: FULL });
      const duel = duelFrom(lab, shown, choice);
      await whileStoring(() => lab.getState().arena.add([duel], namesOf(lab, [duel])));
      patch({ last: { duel, takenBack: false } });
      await deal();
    },

    async skip() {
      if (storing || get().loading) return;
      skipTurn();
      patch({ last: null });
      await deal();
    },

    async undo() {
      const duel = lastOwn(duelsOf(lab));
      if (!duel || storing) return;
      await whileStoring(() => lab.getState().arena.remove([duel.rankingId]));
      skipTurn(); // the turn of this pair is over
      patch({ last: { duel, takenBack: true } });
    },

    async askFor(wanted) {
      patch({ wanted });
      skipTurn();
      await deal();
    },
  };
}
