/** What the presenter can be told, by its keys, its buttons, and from the window of its notes. */
import type { KeyMap } from '../../primitives/useKeys';

export const ACTS = [
  'forward',
  'back',
  'first',
  'last',
  'black',
  'white',
  'freeze',
  'point',
  'notes',
  'run',
  'recorded',
  'preferA',
  'preferB',
  'whole',
  'leave',
] as const;
export type Act = (typeof ACTS)[number];

export const BY_KEY: KeyMap<'Presenter', Act> = {
  PageDown: 'forward',
  ArrowRight: 'forward',
  ArrowDown: 'forward',
  Enter: 'forward',
  PageUp: 'back',
  ArrowLeft: 'back',
  ArrowUp: 'back',
  Home: 'first',
  End: 'last',
  b: 'black',
  '.': 'black',
  w: 'white',
  ',': 'white',
  f: 'freeze',
  o: 'point',
  n: 'notes',
  Space: 'run',
  r: 'recorded',
  '1': 'preferA',
  '2': 'preferB',
  F5: 'whole',
  Escape: 'leave',
};

/** What moves the pointer while it is shown, in the steps of a pointer. */
export const MOVES: KeyMap<'Presenter', readonly [x: number, y: number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};
