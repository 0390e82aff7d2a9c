/**
 * The grid that the lesson `Grid world` walks on, as plain data: a cat, what it wants, what it fears, walls, and how
 * sure its steps are. What follows from it (transitions, values, policies) is computed by the thread, in core/gridworld.
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
