/**
 * The page Arena: pairs are dealt, voted on and rated. It comes with its page, so it is no slice of the lab; what has to
 * outlive the tab, the duels, the lab keeps.
 */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { RatingOptions } from '../../contract/arena';
import { lengthUnit } from '../../contract/wordCount';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { whenForgotten } from '../page/whenForgotten';
import { dealing } from './dealing';
import type { ArenaGame, Patch } from './gameState';
import { onBoard, ratedDuels } from './rated';
import { taking } from './taking';

const FIRST_OPTIONS: Omit<RatingOptions, 'seed'> = {
  ties: 'half',
  bothBadTies: false,
  lengthHeldEqual: false,
  prior: null,
  k: 32,
  shuffle: 0,
};

const NOTHING_PLAYED = {
  shown: null,
  error: null,
  last: null,
  wanted: null,
  ratings: null,
  trouble: null,
  pending: null,
  outcome: null,
} as const;

function createGame(lab: Lab): StoreApi<ArenaGame> {
  const game = gameStore(lab);
  whenForgotten(lab, () => {
    game.getState().cancelSimulating();
    game.setState(NOTHING_PLAYED);
  });
  return game;
}

const gameStore = (lab: Lab): StoreApi<ArenaGame> =>
  createStore<ArenaGame>()((patch, get) => ({
    ...NOTHING_PLAYED,
    loading: false,
    options: { ...FIRST_OPTIONS, seed: lab.getState().config.value.seed },
    ...dealing(lab, get, patch),
    simulating: null,
    ...judging(lab, get, patch),
    ...taking(lab, get, patch),
  }));

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
      const asked = {
        models: models.length,
        duels: ratedDuels(state.arena.duels, models, lengthUnit(state.corpus.summary)),
        options: get().options,
      };
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

/** the one of this lab */
export const gameOf = onePerLab(createGame);

/** Select the smallest thing, as with `useLab`. */
export function useArena<T>(selector: (state: ArenaGame) => T): T {
  return useStore(gameOf(useLabStore()), selector);
}
