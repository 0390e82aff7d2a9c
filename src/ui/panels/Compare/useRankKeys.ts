import { eachKey, useKeys } from '../../primitives/useKeys';

const RANKS = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9 } as const;

export interface RankActions {
  /** to the row above or below */
  step: (by: -1 | 1) => void;
  move: (by: -1 | 1) => void;
  moveTo: (rank: number) => void;
  tie: () => void;
  letGo: () => void;
  save: () => void;
  skip: () => void;
  undo: () => void;
}

/** The keys as they stand on the screen. Space on a row's own button picks it up; that is the button's. */
export const RANK_KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'choose a row'],
  ['Space, then ↑ ↓', 'move it'],
  ['Shift ↑ ↓', 'move at once'],
  ['1 – 9', 'put it at that place'],
  ['T', 'tie with the one above'],
];

/** Everything can be done by keys, with the focus anywhere but in a field or a dialog; a key held down acts once. */
export function useRankKeys({ step, move, moveTo, tie, letGo, save, skip, undo }: RankActions): void {
  useKeys<'Compare, rankings'>({
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    'Shift+ArrowUp': () => move(-1),
    'Shift+ArrowDown': () => move(1),
    ...eachKey(RANKS, moveTo),
    t: tie,
    '=': tie,
    Escape: letGo,
    r: save,
    s: skip,
    u: undo,
    '$mod+z': undo,
  });
}
