/**
 * The grid that the lesson `Grid world` walks on, as plain data: a cat, what it wants, what it fears, walls, and how
 * sure its steps are. What follows from it (transitions, values, policies) is computed by the thread, in
 * core/gridworld.
 */

export interface GridWorld {
  /**
   * rows of equal length: `#` wall, `.` floor, `S` floor on which the cat begins; any other letter is an end, whose
   * reward `rewards` names
   */
  layout: readonly string[];
  /** paid once, on entering the end; nothing follows */
  rewards: Readonly<Record<string, number>>;
  /** paid for every step */
  stepReward: number;
  /** probability that a step does not go as meant */
  slip: number;
  /** a step that slips goes to one of the two sides, or nowhere */
  slipKind: 'sideways' | 'stay';
  /** cells by which the cat is pushed up after a step that began in this column; empty where no wind blows */
  wind: readonly number[];
  /** γ: what a reward one step later is worth */
  gamma: number;
}

/** what letters mean on the page; a layout may use others */
export const WALL = '#';
export const FLOOR = '.';
export const START = 'S';
export const FISH = 'F';
export const NEAR_FISH = 'f';
export const DOG = 'X';

/** a dog has its price in each, for whoever puts one there */
export const GRID_PRESETS = {
  cliff: {
    layout: ['.....', '.....', '.....', 'SXXXF'],
    rewards: { F: 1, X: -1 },
    stepReward: -0.02,
    slip: 0.1,
    slipKind: 'sideways',
    wind: [],
    gamma: 0.99,
  },
  twoFishes: {
    layout: ['f..#..', '.#...F', 'S.....', '...#..'],
    rewards: { f: 0.3, F: 1, X: -1 },
    stepReward: 0,
    slip: 0.2,
    slipKind: 'sideways',
    wind: [],
    gamma: 0.9,
  },
  windyCorridor: {
    layout: ['........', '..#...#.', 'S.....#F', '..#.....', '........'],
    rewards: { F: 0, X: -20 },
    stepReward: -1,
    slip: 0.2,
    slipKind: 'sideways',
    wind: [0, 0, 0, 1, 1, 1, 0, 0],
    gamma: 1,
  },
} as const satisfies Record<string, GridWorld>;
export type GridPreset = keyof typeof GRID_PRESETS;

export interface Cell {
  row: number;
  column: number;
}

/** As a chessboard names its squares, rows from the top: c4. */
export const cellName = ({ row, column }: Cell): string => `${String.fromCharCode(97 + column)}${row + 1}`;

export const signAt = ({ layout }: Pick<GridWorld, 'layout'>, { row, column }: Cell): string =>
  layout[row]?.[column] ?? WALL;

export const GRID_METHODS = ['reinforce', 'baseline', 'a2c', 'ppo'] as const;
export type GridMethod = (typeof GRID_METHODS)[number];

/** How a policy learns from walks. */
export interface GridLearning {
  method: GridMethod;
  /** how far one step goes up the gradient */
  stepSize: number;
  /** walks of one update */
  walks: number;
  /** steps after which a walk is cut */
  stepLimit: number;
  /** PPO: steps on the same walks */
  epochs: number;
  /** PPO: ε; null without the clip */
  clipRange: number | null;
  /** λ of the advantages of A2C and PPO */
  lam: number;
  /** REINFORCE: weighs step t by γ^t */
  byTime: boolean;
}

/** A policy that learns, as it stands: all that the next update needs besides the seed. */
export interface GridLearner {
  /** [S][A] */
  logits: number[][];
  /** [S] what the critic says */
  values: number[];
  /** updates so far */
  update: number;
}

/** One decision of the last walks. */
export interface GridSample {
  state: number;
  action: number;
  advantage: number;
  /** new ÷ old probability */
  ratio: number;
  /** the clip took its gradient */
  silenced: boolean;
}

/** what all four have in common; measured on the three presets, over ten seeds (tests/core/gridworld/learn.test.ts) */
const COMMON = { stepSize: 20, walks: 64, stepLimit: 100, epochs: 1, clipRange: null, lam: 0.95, byTime: false };
/** with how many updates each goes on to its end */
export const GRID_LEARNING: Readonly<Record<GridMethod, GridLearning & { updates: number }>> = {
  reinforce: { method: 'reinforce', ...COMMON, updates: 80 },
  baseline: { method: 'baseline', ...COMMON, updates: 80 },
  a2c: { method: 'a2c', ...COMMON, updates: 80 },
  ppo: { method: 'ppo', ...COMMON, epochs: 4, clipRange: 0.2, updates: 80 },
};

/** Where a step may lead. */
export interface Outcome {
  next: number;
  probability: number;
  reward: number;
}

/** One step of a walk. */
export interface GridStep {
  state: number;
  action: number;
  next: number;
  reward: number;
  /** π(a | s) */
  chosen: number;
  /** P(s′ | s, a) */
  landed: number;
}

/** A policy and what it is worth, exactly. */
export interface GridValues {
  /** [S][A]; of the best policy, even shares of the actions that are equally good */
  policy: number[][];
  /** [S] */
  values: number[];
  /** [S][A], none at ends */
  q: number[][];
}

/** All that can be known of a grid without a single walk. */
export interface GridSolution {
  /** [S] the cells that are no walls, row by row */
  cells: Cell[];
  start: number;
  isEnd: boolean[];
  /** [S][A] */
  outcomes: Outcome[][][];
  /** [S][A] where a step leads that does not slip */
  meant: number[][];
  /** states from which no end can be reached */
  cannotEnd: number[];
  /**
   * what value iteration gives after 0, 1, 2 … sweeps, until it changes by less than 0.0001, each with what one look
   * ahead makes of it; none where `best` is null
   */
  sweeps: GridValues[];
  /** null where γ is 1 and the cat can walk for ever: no value is finite */
  best: GridValues | null;
  uniform: GridValues | null;
}

/** Which policy walks. */
export type GridPolicy = { kind: 'uniform' | 'best' } | { kind: 'learned'; logits: number[][] };

export interface GridWalk {
  steps: GridStep[];
  /** the step limit ended it */
  cut: boolean;
  /** discounted rewards from each step on, without what a cut walk would still have got */
  returns: number[];
  logProbability: number;
}

export interface GridPoint {
  update: number;
  /** V(start) of the policy after it, exact */
  value: number;
  /** share of its decisions that the clip silenced in the last epoch */
  silenced: number;
  /** share whose ratio was outside 1 ± 0.2 */
  outside: number;
  /** mean steps of its walks */
  length: number;
}

export interface GridProgress {
  learner: GridLearner;
  points: GridPoint[];
  /** decisions of the last update, at most 200 */
  samples: GridSample[];
  learned: GridValues;
}

/** How the gradient that walks estimate stands to the exact one: cosines. */
export interface GridGradient {
  walks: number;
  /** weighed by γ^t */
  byTime: number;
  /** as REINFORCE is usually written */
  usual: number;
}
