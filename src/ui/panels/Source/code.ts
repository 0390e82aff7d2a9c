/**
 * Reading TypeScript as text, as far as a page of source needs it: where a symbol stands, what a file imports, what is
 * a comment.
 */

/** first and last line, from 1 */
export interface Lines {
  from: number;
  to: number;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** a declaration at the top of a file, or a member two blanks into a class */
const declares = (name: string): RegExp =>
  new RegExp(`^(export )?(async )?(abstract )?(function\\*?|const|let|class|interface|type) ${name}\\b`);
const isMember = (name: string): RegExp =>
  new RegExp(`^ {2}((private|protected|static|readonly|async|get|set) )*\\*?${name}\\b[^;]*[({:=]`);

/**
 * last line of what begins at `start`: up to a bracket that closes it at its own depth, or to the end of its statement
 */
function endOf(lines: readonly string[], start: number): number {
  const depth = indentOf(lines[start]!);
  if (/[;}]$/.test(lines[start]!)) return start;
  let end = start;
  for (let i = start + 1; i < lines.length; i++) {
    const line = lines[i]!;
    const isInside = line.trim() === '' || indentOf(line) > depth;
    if (!isInside && !/^[)}\]]/.test(line.trimStart())) return end;
    if (line.trim() !== '') end = i;
    if (!isInside && !/[{(=>,]$/.test(line)) return end;
  }
  return end;
}

/** first line of the comment right above, or the line itself */
function withComment(lines: readonly string[], start: number): number {
  let from = start;
  if (lines[from - 1]?.trimEnd().endsWith('*/')) {
    do from--;
    while (from > 0 && !lines[from]!.trimStart().startsWith('/*'));
  }
  while (lines[from - 1]?.trimStart().startsWith('//')) from--;
  return from;
}

function find(lines: readonly string[], pattern: RegExp, within: Lines): Lines | null {
  for (let i = within.from - 1; i < within.to; i++)
    if (pattern.test(lines[i]!)) return { from: withComment(lines, i) + 1, to: endOf(lines, i) + 1 };
  return null;
}

/**
 * @param symbol a declaration at the top of the file, or `Class.member`
 * @returns the lines of the symbol with the comment above it; null where the file has none of that name
 */
export function linesOf(text: string, symbol: string): Lines | null {
  if (!/^\w+(\.\w+)?$/.test(symbol)) return null;
  const lines = text.split('\n');
  const [name = '', member] = symbol.split('.');
  const declared = find(lines, declares(name), { from: 1, to: lines.length });
  return declared && member !== undefined ? find(lines, isMember(member), declared) : declared;
}

export interface Import {
  /** below src, without knowing whether it is there */
  file: string;
  names: string[];
  lines: Lines;
}

/** a/b and ../c/d.ts → a/c/d.ts */
function resolved(folder: readonly string[], specifier: string): string {
  const path = [...folder];
  for (const step of specifier.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.') path.push(step);
  }
  return `${path.join('/')}${/\.\w+$/.test(specifier) ? '' : '.ts'}`;
}

/** @returns what a file of ours takes from other files of ours; @param file below src */
export function importsOf(text: string, file: string): Import[] {
  const folder = file.split('/').slice(0, -1);
  const found = text.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']*)';$/gm);
  return [...found].map(({ index, 0: whole, 1: list = '', 2: specifier = '' }) => {
    const from = text.slice(0, index).split('\n').length;
    const names = list.split(',').map((name) =>
      name
        .replace(/^\s*(type )?/, '')
        .replace(/ as .*/, '')
        .trim(),
    );
    return {
      file: resolved(folder, specifier),
      names: names.filter((name) => name !== ''),
      lines: { from, to: from + whole.split('\n').length - 1 },
    };
  });
}

export type PieceKind = 'plain' | 'comment' | 'string' | 'keyword';
export interface Piece {
  kind: PieceKind;
  text: string;
}

const COMMENT = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
const STRING = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|${'`'}(?:\\.|[^${'`'}\\])*${'`'}`;
const WORDS =
  'as|async|await|break|case|catch|class|const|continue|default|do|else|export|extends|finally|for|from|function|get|if|import|in|interface|let|new|null|of|private|readonly|return|satisfies|static|switch|this|throw|true|false|try|type|typeof|undefined|while|yield';
const PIECES = new RegExp(
  `(?<comment>${COMMENT})|(?<string>${STRING})|(?<keyword>(?<![.\\w])(?:${WORDS})(?![\\w:?]))`,
  'g',
);

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const plain = (from: number, to?: number) => {
    const between = text.slice(from, to);
    if (between !== '') pieces.push({ kind: 'plain', text: between });
  };
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    plain(at, match.index);
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] as PieceKind;
    pieces.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  plain(at);
  return pieces;
}

/** @returns the lines of a file, each in pieces that look alike; put together they are the file again */
export function readCode(text: string): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const { kind, text: piece } of piecesOf(text.replace(/\n$/, ''))) {
    const [first = '', ...rest] = piece.split('\n');
    for (const [i, part] of [first, ...rest].entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push({ kind, text: part });
    }
  }
  return lines;
}
