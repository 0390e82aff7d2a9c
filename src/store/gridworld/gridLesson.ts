/**
 * The lesson on the grid: which world, which part of it, what was solved, walked and learned. A store of its own, which
 * comes with its page, so that the first screen does not carry it; it outlives the page while the lab does.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type Cell,
  GRID_LEARNING,
  GRID_PRESETS,
  type GridGradient,
  type GridLearning,
  type GridMethod,
  type GridPoint,
  type GridPolicy,
  type GridPreset,
  type GridProgress,
  type GridSample,
  type GridSolution,
  type GridWalk,
  type GridWorld,
} from '../../contract/gridworld';
import { inTurn, latest } from '../context';
import type { TeachingSlice } from '../state';
import { type Brush, painted } from './edit';

export const GRID_PARTS = ['cells', 'walk', 'return', 'values', 'sweeps', 'learning', 'language'] as const;
export type GridPart = (typeof GRID_PARTS)[number];
export type PolicyName = GridPolicy['kind'];

/** What a policy has learned so far. */
export interface GridRun extends GridProgress {
  /** decisions of the update whose ratios went out of the band most often, as far as they were kept */
  widest: { point: GridPoint; samples: GridSample[] };
}

export interface GridLessonState {
  part: GridPart;
  /** the world it was made from; an edited one keeps it */
  preset: GridPreset;
  world: GridWorld;
  cursor: Cell;
  /** a cell that the pointer is on: it is told of instead of the cursor's */
  pointed: Cell | null;
  /** cells of the row that the pointer is on, beside the grid */
  lit: readonly Cell[];
  editing: boolean;
  /** why nothing was put there */
  refused: string | null;
  /** of `world`, or of the one before while the thread computes; null while none fits the layout */
  solution: GridSolution | null;
  /** sweeps that are shown */
  swept: number;
  sweeping: boolean;
  policy: PolicyName;
  walkSeed: number;
  /** dice of what learns */
  seed: number;
  walk: GridWalk | null;
  learning: GridLearning;
  /** PPO: the same steps once more without the clip, beside it */
  withTwin: boolean;
  run: GridRun | null;
  twin: GridRun | null;
  training: boolean;
  gradient: GridGradient | null;
  /** what the thread could not do */
  trouble: string | null;

  show(part: GridPart): void;
  choosePreset(preset: GridPreset): void;
  /** slip, γ, or a whole grid: what was learned on another one goes */
  changeWorld(fields: Partial<GridWorld>): void;
  moveTo(cell: Cell): void;
  point(cell: Cell | null): void;
  light(cells: readonly Cell[]): void;
  setEditing(editing: boolean): void;
  paint(brush: Brush): void;
  sweepTo(count: number): void;
  /** sweeps on by itself until nothing changes */
  playSweeps(): void;
  pauseSweeps(): void;
  choosePolicy(policy: PolicyName): void;
  walkAgain(): void;
  chooseMethod(method: GridMethod): void;
  /** another way to learn begins anew */
  changeLearning(fields: Partial<GridLearning>): void;
  setTwin(withTwin: boolean): void;
  /** the same again with other dice */
  nextSeed(): void;
  train(): Promise<void>;
  pause(): void;
  step(): Promise<void>;
  reset(): void;
  measureGradient(): Promise<void>;
}
export type GridLesson = StoreApi<GridLessonState>;

/** what a class sees of a run that takes a second: so many updates, then a pause */
const UPDATES_AT_ONCE = 2;
const PACE_MS = 70;
const SWEEP_MS = 350;
export const GRADIENT_WALKS = 500;
/** with it the policy without the clip falls for the near of the two fishes; on other seeds it may come through */
const FIRST_SEED = 3;

type Ask = TeachingSlice['ask'];
type Later = (task: () => void, ms: number) => void;

/** what is told of */
export const shownCell = ({ pointed, cursor }: Pick<GridLessonState, 'pointed' | 'cursor'>): Cell => pointed ?? cursor;

const NOTHING_POINTED = { pointed: null, lit: [] } as const;

/** sweeps that change something */
export const sweepsOf = (solution: GridSolution | null): number => Math.max(0, (solution?.sweeps.length ?? 0) - 1);

const startCell = ({ layout }: GridWorld): Cell => {
  const row = layout.findIndex((line) => line.includes('S'));
  return { row, column: layout[row]!.indexOf('S') };
};
export const updatesOf = ({ method }: GridLearning): number => GRID_LEARNING[method].updates;
const learningOf = (method: GridMethod): GridLearning => {
  const { updates: _, ...learning } = GRID_LEARNING[method];
  return learning;
};

function joined(run: GridRun | null, next: GridProgress): GridRun {
  const last = { point: next.points.at(-1)!, samples: next.samples };
  const widest = run && run.widest.point.outside >= last.point.outside ? run.widest : last;
  return { ...next, points: [...(run?.points ?? []), ...next.points], widest };
}

/** What a fresh world has of its own: nothing that was computed. */
const fresh = (preset: GridPreset) => ({
  preset,
  world: GRID_PRESETS[preset] as GridWorld,
  cursor: startCell(GRID_PRESETS[preset]),
  refused: null,
});
const NOTHING_LEARNED = { run: null, twin: null, training: false, gradient: null } as const;

/**
 * @param ask the thread
 * @param later a timer that tests replace
 */
export function createGridLesson(ask: Ask, later: Later = (task, ms) => void setTimeout(task, ms)): GridLesson {
  const [newestSolution, newestWalk] = [latest(), latest()];
  /** counts worlds and ways to learn: an answer about an earlier one is not wanted any more */
  let era = 0;
  /** counts presses of Train and Pause: a timer of an earlier one does nothing */
  let lap = 0;
  let sweepLap = 0;
  const turn = inTurn();

  return createStore<GridLessonState>()((set, get) => {
    const say = (error: unknown) => set({ trouble: error instanceof Error ? error.message : String(error) });

    const solve = async () => {
      const isNewest = newestSolution();
      try {
        const solution = await ask('grid/solve', { world: get().world });
        if (isNewest()) set({ solution, swept: Math.min(get().swept, sweepsOf(solution)), trouble: null });
      } catch (error) {
        if (isNewest()) say(error);
      }
    };
    const walk = async () => {
      const isNewest = newestWalk();
      const { world, walkSeed, policy, run } = get();
      const asked: GridPolicy =
        policy !== 'learned'
          ? { kind: policy }
          : run
            ? { kind: policy, logits: run.learner.logits }
            : { kind: 'uniform' };
      try {
        const taken = await ask('grid/walk', { world, policy: asked, seed: walkSeed });
        if (isNewest()) set({ walk: taken });
      } catch (error) {
        if (isNewest()) say(error);
      }
    };
    const become = (fields: Partial<GridLessonState>) => {
      era++;
      lap++;
      sweepLap++;
      const sameLayout = (fields.world ?? get().world).layout === get().world.layout;
      set({
        ...NOTHING_LEARNED,
        ...NOTHING_POINTED,
        sweeping: false,
        ...(get().policy === 'learned' && { policy: 'uniform' as const }),
        ...(!sameLayout && { solution: null, walk: null, swept: 0 }),
        ...fields,
      });
      void solve();
      void walk();
    };
    const restart = (fields: Partial<GridLessonState>) => {
      era++;
      lap++;
      set({ ...NOTHING_LEARNED, ...fields });
      if (get().policy === 'learned') get().choosePolicy('uniform');
    };
    /** what was pressed is about the world that was there */
    const learn = (updates: number, mine = era): Promise<boolean> => turn(() => learnNow(updates, mine));
    const learnNow = async (updates: number, mine: number): Promise<boolean> => {
      if (mine !== era) return false;
      const { world, learning, run, twin, withTwin, seed } = get();
      const goOn = (one: GridRun | null, clipRange: number | null) =>
        ask('grid/learn', {
          world,
          learning: { ...learning, clipRange },
          learner: one?.learner ?? null,
          seed,
          updates,
        }).then((next) => joined(one, next));
      try {
        const [mineNext, twinNext] = await Promise.all([
          goOn(run, learning.clipRange),
          withTwin && learning.method === 'ppo' ? goOn(twin, null) : null,
        ]);
        if (mine !== era) return false;
        set({ run: mineNext, twin: twinNext, trouble: null });
        if (get().policy === 'learned') void walk();
        return true;
      } catch (error) {
        if (mine === era) say(error);
        return false;
      }
    };
    const left = () => updatesOf(get().learning) - (get().run?.learner.update ?? 0);
    const trainOn = async (mine: number): Promise<void> => {
      const went = await learn(Math.min(UPDATES_AT_ONCE, left()));
      if (mine !== lap) return;
      if (went && left() > 0) later(() => void (mine === lap && trainOn(mine)), PACE_MS);
      else set({ training: false });
    };
    const sweepOn = (mine: number) => {
      const { swept, solution } = get();
      if (mine !== sweepLap || !solution) return;
      if (swept < sweepsOf(solution)) set({ swept: swept + 1 });
      if (get().swept < sweepsOf(solution)) later(() => sweepOn(mine), SWEEP_MS);
      else set({ sweeping: false });
    };
    const begin = () => {
      void solve();
      void walk();
    };
    queueMicrotask(begin);

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

      show: (part) => set({ part, ...NOTHING_POINTED }),
      choosePreset: (preset) => become(fresh(preset)),
      changeWorld: (fields) => become({ world: { ...get().world, ...fields }, refused: null }),
      moveTo: (cursor) => set({ cursor, refused: null }),
      point: (pointed) => set({ pointed }),
      light: (lit) => set({ lit }),
      setEditing: (editing) => set({ editing, refused: null }),
      paint(brush) {
        const { world, cursor } = get();
        const next = painted(world, cursor, brush);
        if (typeof next === 'string') set({ refused: next });
        else become({ world: next, refused: null });
      },
      sweepTo(count) {
        sweepLap++;
        set({ swept: Math.min(sweepsOf(get().solution), Math.max(0, count)), sweeping: false });
      },
      playSweeps() {
        const { swept, solution } = get();
        set({ sweeping: true, ...(swept >= sweepsOf(solution) && { swept: 0 }) });
        const mine = ++sweepLap;
        later(() => sweepOn(mine), SWEEP_MS);
      },
      pauseSweeps() {
        sweepLap++;
        set({ sweeping: false });
      },
      choosePolicy(policy) {
        set({ policy });
        void walk();
      },
      walkAgain() {
        set({ walkSeed: get().walkSeed + 1 });
        void walk();
      },
      chooseMethod: (method) => restart({ learning: learningOf(method) }),
      changeLearning: (fields) => restart({ learning: { ...get().learning, ...fields } }),
      setTwin: (withTwin) => restart({ withTwin }),
      nextSeed: () => restart({ seed: get().seed + 1 }),
      async train() {
        if (get().training) return;
        if (left() <= 0) restart({});
        set({ training: true });
        await trainOn(++lap);
      },
      pause() {
        lap++;
        set({ training: false });
      },
      async step() {
        if (get().training) return;
        if (left() <= 0) restart({});
        await learn(1);
      },
      reset: () => restart({}),
      async measureGradient() {
        const mine = era;
        const { world, run, seed } = get();
        try {
          const logits = run?.learner.logits ?? null;
          const gradient = await ask('grid/gradient', { world, logits, seed, walks: GRADIENT_WALKS });
          if (mine === era) set({ gradient });
        } catch (error) {
          if (mine === era) say(error);
        }
      },
    };
  });
}
