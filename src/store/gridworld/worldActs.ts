/** What is done on the grid: worlds that are chosen and changed, walks and sweeps. */
import type { Cell, GridPolicy, GridPreset, GridWorld } from '../../contract/gridworld';
import type { inTurn, latest } from '../context';
import type { TeachingSlice } from '../state';
import { type Brush, painted } from './edit';
import {
  fresh,
  type GridLessonState,
  type GridPart,
  NOTHING_LEARNED,
  NOTHING_POINTED,
  type PolicyName,
  sweepsOf,
} from './gridState';

const SWEEP_MS = 350;

type Ask = TeachingSlice['ask'];
export type Later = (task: () => void, ms: number) => void;

/** What the acts of a lesson share, and nobody shows. */
export interface Behind {
  ask: Ask;
  later: Later;
  get(): GridLessonState;
  set(fields: Partial<GridLessonState>): void;
  newestSolution: ReturnType<typeof latest>;
  newestWalk: ReturnType<typeof latest>;
  /** counts worlds and ways to learn: an answer about an earlier one is not wanted any more */
  era: number;
  /** counts presses of Train and Pause: a timer of an earlier one does nothing */
  lap: number;
  sweepLap: number;
  turn: ReturnType<typeof inTurn>;
}

export const say = ({ set }: Behind, error: unknown): void =>
  set({ trouble: error instanceof Error ? error.message : String(error) });

export async function solve(behind: Behind): Promise<void> {
  const { ask, get, set } = behind;
  const isNewest = behind.newestSolution();
  try {
    const solution = await ask('grid/solve', { world: get().world });
    if (isNewest()) set({ solution, swept: Math.min(get().swept, sweepsOf(solution)), trouble: null });
  } catch (error) {
    if (isNewest()) say(behind, error);
  }
}

/** before anything is learned the learned policy is the uniform one */
function walkerOf({ policy, run }: GridLessonState): GridPolicy {
  if (policy !== 'learned') return { kind: policy };
  return run ? { kind: policy, logits: run.learner.logits } : { kind: 'uniform' };
}

export async function walk(behind: Behind): Promise<void> {
  const { ask, get, set } = behind;
  const isNewest = behind.newestWalk();
  const { world, walkSeed } = get();
  try {
    const taken = await ask('grid/walk', { world, policy: walkerOf(get()), seed: walkSeed });
    if (isNewest()) set({ walk: taken });
  } catch (error) {
    if (isNewest()) say(behind, error);
  }
}

/** another world: what was computed of the one before goes, and what does not fit its layout at once */
function become(behind: Behind, fields: Partial<GridLessonState>): void {
  const { get, set } = behind;
  behind.era++;
  behind.lap++;
  behind.sweepLap++;
  const sameLayout = (fields.world ?? get().world).layout === get().world.layout;
  set({
    ...NOTHING_LEARNED,
    ...NOTHING_POINTED,
    sweeping: false,
    ...(get().policy === 'learned' && { policy: 'uniform' as const }),
    ...(!sameLayout && { solution: null, walk: null, swept: 0 }),
    ...fields,
  });
  void solve(behind);
  void walk(behind);
}

function sweepOn(behind: Behind, mine: number): void {
  const { get, set, later } = behind;
  const { swept, solution } = get();
  if (mine !== behind.sweepLap || !solution) return;
  if (swept < sweepsOf(solution)) set({ swept: swept + 1 });
  if (get().swept < sweepsOf(solution)) later(() => sweepOn(behind, mine), SWEEP_MS);
  else set({ sweeping: false });
}

/** Which part, which world, which cell. */
export function worldActs(behind: Behind) {
  const { get, set } = behind;
  return {
    show: (part: GridPart) => set({ part, ...NOTHING_POINTED }),
    choosePreset: (preset: GridPreset) => become(behind, fresh(preset)),
    changeWorld: (fields: Partial<GridWorld>) =>
      become(behind, { world: { ...get().world, ...fields }, refused: null }),
    moveTo: (cursor: Cell) => set({ cursor, refused: null }),
    point: (pointed: Cell | null) => set({ pointed }),
    light: (lit: readonly Cell[]) => set({ lit }),
    setEditing: (editing: boolean) => set({ editing, refused: null }),
    paint(brush: Brush) {
      const { world, cursor } = get();
      const next = painted(world, cursor, brush);
      if (typeof next === 'string') set({ refused: next });
      else become(behind, { world: next, refused: null });
    },
  };
}

/** What is walked and swept. */
export function walkActs(behind: Behind) {
  const { get, set, later } = behind;
  return {
    sweepTo(count: number) {
      behind.sweepLap++;
      set({ swept: Math.min(sweepsOf(get().solution), Math.max(0, count)), sweeping: false });
    },
    playSweeps() {
      const { swept, solution } = get();
      set({ sweeping: true, ...(swept >= sweepsOf(solution) && { swept: 0 }) });
      const mine = ++behind.sweepLap;
      later(() => sweepOn(behind, mine), SWEEP_MS);
    },
    pauseSweeps() {
      behind.sweepLap++;
      set({ sweeping: false });
    },
    choosePolicy(policy: PolicyName) {
      set({ policy });
      void walk(behind);
    },
    walkAgain() {
      set({ walkSeed: get().walkSeed + 1 });
      void walk(behind);
    },
  };
}
