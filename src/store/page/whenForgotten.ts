import type { Lab } from '../lab';

/** Everything is forgotten: what stands outside the state, and what is being made for it, goes too. */
export const whenForgotten = (lab: Lab, forget: () => void): (() => void) =>
  lab.subscribe(({ session }, before) => {
    if (session.forgotten !== before.session.forgotten) forget();
  });
