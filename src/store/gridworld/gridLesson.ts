/**
 * The lesson on the grid as a store of its own, which comes with its page, so that the first screen does not carry it;
 * it outlives the page while the lab does.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { inTurn, latest } from '../context';
import { onePerLab } from '../onePerLab';
import type { TeachingSlice } from '../state';
import { fresh, type GridLessonState, learningOf, NOTHING_LEARNED, NOTHING_POINTED } from './gridState';
import { learningActs } from './learningActs';
import { type Behind, type Later, solve, walk, walkActs, worldActs } from './worldActs';

export type GridLesson = StoreApi<GridLessonState>;

/** with it the policy without the clip falls for the near of the two fishes; on other seeds it may come through */
const FIRST_SEED = 3;

/**
 * @param ask the thread
 * @param later a timer that tests replace
 */
export function createGridLesson(
  ask: TeachingSlice['ask'],
  later: Later = (task, ms) => void setTimeout(task, ms),
): GridLesson {
  return createStore<GridLessonState>()((set, get) => {
    const counts = { era: 0, lap: 0, sweepLap: 0 };
    const order = { newestSolution: latest(), newestWalk: latest(), turn: inTurn() };
    const behind: Behind = { ask, later, get, set, ...order, ...counts };
    queueMicrotask(() => {
      void solve(behind);
      void walk(behind);
    });
    return {
      part: 'cells',
      ...fresh('twoFishes'),
      ...NOTHING_POINTED,
      editing: false,
      solution: null,
      swept: 0,
      sweeping: false,
      policy: 'uniform',
      walkSeed: 1,
      seed: FIRST_SEED,
      walk: null,
      learning: learningOf('ppo'),
      withTwin: true,
      ...NOTHING_LEARNED,
      trouble: null,
      ...worldActs(behind),
      ...walkActs(behind),
      ...learningActs(behind),
    };
  });
}

/** one a lab, so that a walk to Optimise and back finds the grid as it was */
/** the one of this lab */
export const gridLessonOf = onePerLab((lab) => createGridLesson(lab.getState().teaching.ask));
