import type { Lab } from './lab';

/** @returns what gives each lab the one of its own, made when it is first asked for; it goes with its lab */
export function onePerLab<T extends object>(make: (lab: Lab) => T): (lab: Lab) => T {
  const made = new WeakMap<Lab, T>();
  return (lab) => {
    const found = made.get(lab) ?? make(lab);
    made.set(lab, found);
    return found;
  };
}
