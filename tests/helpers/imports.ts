/** Who imports whom in `src`, read from the text of its files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const SRC = resolve('src');

export interface Arrow {
  /** below src, with its ending */
  from: string;
  /** below src, as it was written: mostly without an ending; the package's name for any other */
  to: string;
  /** what is imported is erased when the page is built */
  isTypeOnly: boolean;
}

export const sourceFiles = (): string[] =>
  readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** 'core/losses/kl.ts' */
export const below = (file: string): string => relative(SRC, file).split(sep).join('/');

const PATTERNS = [
  /\b(?:import|export)(?<what>\s[^'";]*?)\bfrom\s*['"](?<to>[^'"]+)['"]/g,
  /\bimport\s*['"](?<to>[^'"]+)['"]/g,
  /\bimport\(\s*['"](?<to>[^'"]+)['"]\s*\)/g,
  /\brequire\(\s*['"](?<to>[^'"]+)['"]\s*\)/g,
  /\bnew URL\(\s*['"](?<to>\.[^'"]+)['"]\s*,\s*import\.meta\.url/g,
];

/** `type { A }`, `type * as a`, `{ type A, type B }` */
const isErased = (what: string): boolean => /^\s*type\s/.test(what) || /^\s*\{(\s*type [^,}]+,?)+\s*\}\s*$/.test(what);

/** every module that a text imports: static, re-exported, dynamic, type-only, and worker URLs */
export function importsOf(text: string): Omit<Arrow, 'from'>[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return PATTERNS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ groups = {} }) => ({
      to: groups.to as string,
      isTypeOnly: isErased(groups.what ?? ''),
    })),
  );
}

/** 'core/losses/kl' for a file of ours, the package's name for any other */
function place(file: string, specifier: string): string {
  return specifier.startsWith('.') ? below(resolve(dirname(file), specifier)) : specifier;
}

export const arrows: readonly Arrow[] = sourceFiles().flatMap((file) =>
  importsOf(readFileSync(file, 'utf8')).map(({ to, isTypeOnly }) => ({
    from: below(file),
    to: place(file, to),
    isTypeOnly,
  })),
);

const files: ReadonlySet<string> = new Set(sourceFiles().map(below));

/** @returns the file that an arrow points to; undefined for a package */
export const fileOf = (path: string): string | undefined =>
  [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((name) => files.has(name));

/** file → the files it imports */
export function importGraph(wanted: (arrow: Arrow) => boolean = () => true): Map<string, Set<string>> {
  const graph = new Map([...files].map((file) => [file, new Set<string>()]));
  for (const arrow of arrows) {
    const target = fileOf(arrow.to);
    if (target && wanted(arrow)) graph.get(arrow.from)!.add(target);
  }
  return graph;
}

/** @returns the file and all that it imports, directly and through others */
export function reachedFrom(file: string, graph: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set([file]);
  for (const next of reached) for (const target of graph.get(next) ?? []) reached.add(target);
  return reached;
}
