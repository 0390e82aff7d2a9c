import type { LabState } from '../state';

type Held = Pick<LabState, 'opinions' | 'demonstrations' | 'arena' | 'shelf' | 'lesson' | 'guide'>;

/** how many things are here that a visitor would miss */
export const heldIn = ({ opinions, demonstrations, arena, shelf, lesson, guide }: Held): number =>
  opinions.all.length +
  demonstrations.all.length +
  arena.duels.length +
  shelf.checkpoints.filter(({ shipped }) => !shipped).length +
  Object.keys(lesson.records).length +
  Object.values(guide.progress).flatMap(({ guesses }) => Object.keys(guesses)).length;

/**
 * whether a notebook should be saved: something is here that no notebook of this visit has, and nothing else keeps it
 */
export function isAtRisk(state: Held & Pick<LabState, 'notebook' | 'session'>): boolean {
  const { notebook, session } = state;
  const isSafe = session.storage === 'persistent' && !notebook.mayBeCleared;
  return !isSafe && session.storage !== 'opening' && heldIn(state) > 0 && heldIn(state) !== notebook.savedHeld;
}
