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

/** Whoever has tensors to store. */
interface Owner {
  save(): Promise<NamedTensors>;
  /** @throws when a tensor is missing or has another shape */
  load(tensors: NamedTensors): void;
}
/** by their prefixes; null is an owner that this run does without */
export type Owners = Readonly<Record<string, Owner | null>>;

/** @returns the tensors of all, asked for at once */
export async function saveAll(owners: Owners): Promise<NamedTensors> {
  const parts = Object.entries(owners).map(async ([prefix, owner]) => owner && underPrefix(prefix, await owner.save()));
  const saved = await Promise.all(parts);
  return Object.assign({}, ...saved);
}

/** @throws when a tensor is missing or has another shape */
export function loadAll(owners: Owners, tensors: NamedTensors): void {
  for (const [prefix, owner] of Object.entries(owners)) owner?.load(fromPrefix(prefix, tensors));
}
