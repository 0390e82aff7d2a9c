import type { Lab } from '../lab';

/**
 * Counts what computes beside the lab's own runs, a lesson's lab say: no reload comes under it, and it is stored when
 * the lab is.
 * @returns what tells whether it computes now
 */
export function countsBeside(lab: Lab): (isComputing: boolean) => void {
  let was = false;
  return (isComputing) => {
    if (isComputing === was) return;
    was = isComputing;
    lab.setState(({ session }) => ({ session: { ...session, beside: session.beside + (was ? 1 : -1) } }));
  };
}
