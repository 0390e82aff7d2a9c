/** What the lesson on the grid knows: which world, which part of it, what was solved, walked and learned. */
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
import type { Brush } from './edit';

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

export const GRADIENT_WALKS = 500;

/** what is told of */
export const shownCell = ({ pointed, cursor }: Pick<GridLessonState, 'pointed' | 'cursor'>): Cell => pointed ?? cursor;

export const NOTHING_POINTED = { pointed: null, lit: [] } as const;

/** sweeps that change something */
export const sweepsOf = (solution: GridSolution | null): number => Math.max(0, (solution?.sweeps.length ?? 0) - 1);

const startCell = ({ layout }: GridWorld): Cell => {
  const row = layout.findIndex((line) => line.includes('S'));
  return { row, column: layout[row]!.indexOf('S') };
};
export const updatesOf = ({ method }: GridLearning): number => GRID_LEARNING[method].updates;
export const learningOf = (method: GridMethod): GridLearning => {
  const { updates: _, ...learning } = GRID_LEARNING[method];
  return learning;
};

/** What a fresh world has of its own: nothing that was computed. */
export const fresh = (preset: GridPreset) => ({
  preset,
  world: GRID_PRESETS[preset] as GridWorld,
  cursor: startCell(GRID_PRESETS[preset]),
  refused: null,
});
export const NOTHING_LEARNED = { run: null, twin: null, training: false, gradient: null } as const;
