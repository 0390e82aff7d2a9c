/** How long the functions of `src` are, as they stand in its files. */
import { readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { below, sourceFiles } from './imports';

export interface LongFunction {
  /** below src */
  file: string;
  /** its own, or that of what holds it */
  name: string;
  /** from its first to its last */
  lines: number;
}

interface Node {
  type: string;
  start: number;
  end: number;
  id?: { name?: string } | null;
  key?: { name?: string };
  body?: unknown;
}

const isNode = (thing: unknown): thing is Node => typeof thing === 'object' && thing !== null && 'type' in thing;
const isFunction = ({ type, body }: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type) && isNode(body);
const nameOf = (node: Node | null): string | undefined => node?.id?.name ?? node?.key?.name;

/** @returns those of a text that have more lines than `most`; of nested ones each that has */
export function longFunctions(file: string, text: string, most: number): LongFunction[] {
  const found: LongFunction[] = [];
  const visit = (thing: unknown, parent: Node | null): void => {
    if (typeof thing !== 'object' || thing === null) return;
    if (isNode(thing) && isFunction(thing)) {
      const lines = text.slice(thing.start, thing.end).split('\n').length;
      if (lines > most) found.push({ file, name: nameOf(thing) ?? nameOf(parent) ?? '', lines });
    }
    for (const inner of Object.values(thing)) visit(inner, isNode(thing) ? thing : parent);
  };
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }).body, null);
  return found;
}

export const longFunctionsOf = (rooms: readonly string[], most: number): LongFunction[] =>
  sourceFiles()
    .filter((file) => rooms.includes(below(file).split('/')[0] as string))
    .flatMap((file) => longFunctions(below(file), readFileSync(file, 'utf8'), most));
