/**
 * What is left of a run between two steps: tensors by name and a little JSON. A run that is made again from it goes on
 * to the same numbers, because every random stream is forked from the seed, a purpose and the step, and remembers
 * nothing else.
 */
import type { NamedTensors } from '../model/causalNetwork';

export interface SavedRun<State> {
  /** `policy/…`, `optimizer/policy/m/…` */
  tensors: NamedTensors;
  state: State;
}
