/** Models that learned by adapters on others that did so too. */
import type { CheckpointInfo } from '../../contract/domain';
import type { LabState } from '../state';
import { checkpointById } from './inUse';

/** @returns of a model that learned by adapters on one that did so too, the last one down that is here; itself else */
export function lowestHere(state: LabState, info: CheckpointInfo): CheckpointInfo {
  const passed = new Set<CheckpointInfo>(); // a file may say that two rest on each other
  for (let at = info; !passed.has(at); ) {
    passed.add(at);
    at = (at.trunk && checkpointById(state, at.trunk.checkpointId)) ?? at;
  }
  return [...passed].at(-1)!;
}
