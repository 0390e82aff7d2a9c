/**
 * Which exported names of `src` are reached from where the page, the thread and the commands begin. Read from the text
 * as the formatter leaves it, where a statement at the top of a file begins in the first column. A name counts as used
 * where its word stands in a statement that is reached, so that too little is called dead rather than too much.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { below, fileOf, SRC, sourceFiles } from './imports';

interface Statement {
  /** what it declares; nothing where it only does something */
  names: string[];
  words: Set<string>;
  /** files that it imports by a call or names by their address */
  lazy: string[];
}

interface Module {
  /** by the names they declare */
  statements: Statement[];
  exported: string[];
  /** local name → whose it is; a name of `*` is the whole file */
  imported: Map<string, { file: string; name: string }>;
  /** files whose names it hands on, all of them */
  handedOn: string[];
}

const NAME = '(?<name>[\\w$]+|[{[][^=]*[}\\]])';
const DECLARATION = new RegExp(
  `^(?<exported>export (?<standard>default )?)?(?:abstract )?(?:async )?(?:(?:function\\*?|class|const|let|interface|type|enum) ${NAME})?`,
);
const FROM = /^(?<kind>import|export)\s(?<what>[^']*?)\bfrom\s*'(?<from>\.[^']+)'/;

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
const wordsIn = (code: string): string[] => code.match(/[A-Za-z_$][\w$]*/g) ?? [];
const target = (file: string, specifier: string): string | undefined =>
  fileOf(below(resolve(SRC, dirname(file), specifier)));

/** `a, { b as c, type D }` and `* as e`, each with the name it has at home */
function bindingsIn(what: string): [local: string, home: string][] {
  const [, standard, whole, list = ''] =
    /^\s*(?:type\s)?\s*([\w$]+)?,?\s*(?:\*\s*as\s+([\w$]+))?(?:\{([\s\S]*)\})?/.exec(what)!;
  const listed = list
    .split(',')
    .map((part) => part.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((part): [string, string] => {
      const [home, local = home] = part.split(' as ');
      return [local!, home!];
    });
  return [
    ...(standard ? [[standard, 'default'] as [string, string]] : []),
    ...(whole ? [[whole, '*'] as [string, string]] : []),
    ...listed,
  ];
}

export function readModule(file: string, text: string): Module {
  const module: Module = { statements: [], exported: [], imported: new Map(), handedOn: [] };
  for (const code of withoutComments(text).split(/^(?=[A-Za-z_$@(])/m)) {
    const from = FROM.exec(code)?.groups;
    if (from) {
      const home = target(file, from.from!);
      if (home && /^\s*(type\s+)?\*\s*$/.test(from.what!)) module.handedOn.push(home);
      if (home) for (const [local, name] of bindingsIn(from.what!)) module.imported.set(local, { file: home, name });
      continue;
    }
    if (/^import\b/.test(code) && !code.startsWith('import(')) continue;
    const { exported, standard, name = '' } = DECLARATION.exec(code)?.groups ?? {};
    const names = [...wordsIn(name), ...(standard ? ['default'] : [])];
    const addresses = [...code.matchAll(/\b(?:import|new URL)\(\s*'(\.[^']+)'/g)].flatMap(
      ([, address]) => target(file, address!) ?? [],
    );
    if (exported) module.exported.push(...names);
    module.statements.push({ names, words: new Set(wordsIn(code)), lazy: addresses });
  }
  return module;
}

/** @returns `core/losses/kl.ts klEstimate` of every exported name that nothing reaches */
export function unreachedExports(modules: ReadonlyMap<string, Module>, entries: readonly string[]): string[] {
  const reached = new Set<string>();
  const follow = (file: string, { words, lazy }: Statement): void => {
    const { imported, statements } = modules.get(file)!;
    const declared = new Set(statements.flatMap(({ names }) => names));
    for (const word of words) {
      const home = imported.get(word);
      if (home) reach(home.file, home.name === '*' ? words : [home.name]);
      else if (declared.has(word)) reach(file, [word]);
    }
    for (const address of lazy) reach(address, ['default', ...words]);
  };
  const reach = (file: string, names: Iterable<string>): void => {
    const { imported, statements, handedOn } = modules.get(file)!;
    if (!reached.has(file)) {
      reached.add(file);
      for (const statement of statements) if (statement.names.length === 0) follow(file, statement);
    }
    for (const name of names) {
      const id = `${file} ${name}`;
      if (reached.has(id)) continue;
      reached.add(id);
      const home = imported.get(name);
      for (const own of handedOn) reach(own, [name]);
      if (home) reach(home.file, [home.name]);
      for (const statement of statements) if (statement.names.includes(name)) follow(file, statement);
    }
  };
  for (const entry of entries) reach(entry, modules.get(entry)!.exported);
  return [...modules]
    .flatMap(([file, { exported }]) => exported.map((name) => `${file} ${name}`))
    .filter((id) => !reached.has(id));
}

export const modulesOfSource = (): Map<string, Module> =>
  new Map(
    sourceFiles()
      .map(below)
      .map((file) => [file, readModule(file, readFileSync(join(SRC, file), 'utf8'))]),
  );
