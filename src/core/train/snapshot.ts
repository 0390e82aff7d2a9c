/**
 * What is left of a run between two steps: tensors by name and a little JSON. A run that is made again from it goes on to the
 * same numbers, because every random stream is forked from the seed, a purpose and the step, and remembers nothing else.
 */
import type { NamedTensors } from '../model/causalNetwork';

export interface SavedRun<State> {
  /** `policy/…`, `optimizer/policy/m/…` */
  tensors: NamedTensors;
  state: State;
}

/** @returns the same tensors under `prefix/` */
export function underPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

/** @returns the tensors under `prefix/`, without it */
export function fromPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) => (name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), tensor]] : [])),
  );
}
