/** Files that came together: a folder of a disk, what a visitor dropped, an archive. */
import { LabError } from '../contract/errors';
import { shortened } from '../contract/limits';
import type { ByteSource } from './safetensors';

export interface FileSet {
  /** paths, `gpt2/config.json` */
  names: readonly string[];
  open(name: string): Promise<ByteSource>;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const depthOf = (path: string): number => path.split('/').length;

/**
 * Files by the last part of their paths: folders beside the model's own are passed over.
 * @throws when two that are equally deep are called the same
 */
export function flattened({ names, open }: FileSet): FileSet {
  const paths = new Map<string, string>();
  const twice = new Set<string>();
  for (const path of names.toSorted((one, other) => depthOf(one) - depthOf(other))) {
    const name = baseOf(path);
    const known = paths.get(name);
    if (known === undefined) paths.set(name, path);
    else if (depthOf(known) === depthOf(path)) twice.add(name);
  }
  return {
    names: [...paths.keys()],
    open: (name) => {
      if (!twice.has(name)) return open(paths.get(name) ?? name);
      throw new LabError('file/checkpoint', `two files are called ${shortened(name)}: choose those of one model`);
    },
  };
}
