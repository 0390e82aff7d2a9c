/** The terms of an introduction, in the order in which they build on each other. */
import type { ReactNode } from 'react';

export const TERMS = {
  state: 'State',
  action: 'Action',
  policy: 'Policy π(a | s)',
  transition: 'Transition',
  trajectory: 'Trajectory',
  reward: 'Reward',
  return: 'Return',
  value: 'Value V',
  advantage: 'Advantage',
  update: 'Update',
} as const;
export type Term = keyof typeof TERMS;

/** What each term is in one of the two worlds, told of that world's own numbers. */
export type Column<World> = Readonly<Record<Term, (world: World) => ReactNode>>;
