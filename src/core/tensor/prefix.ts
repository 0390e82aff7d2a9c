/** Tensors of several owners in one record, each owner's under a name of its own: `policy/…`, `m/…`. */
import type { NamedTensors } from '../../contract/checkpoint';

/** @returns the same tensors under `prefix/` */
export function underPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

/** @returns the tensors under `prefix/`, without it */
export function fromPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), tensor]] : [],
    ),
  );
}
