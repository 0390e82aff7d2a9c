/**
 * JSON as people write it by hand, where each mistake has a line. JSON.parse says in every browser something else, or
 * nothing, about where it stopped, and passes over a key that stands twice; this reader takes exactly what JSON.parse
 * takes but for those, and remembers in which line each value begins.
 */

/** 1 is the first line */
export interface LineTrouble {
  line: number;
  /** half a sentence */
  why: string;
}
/** Keys and places in lists from the outermost value to one inside it. */
export type JsonPath = readonly (string | number)[];

export type PlacedJson =
  | { kind: 'read'; value: unknown; lineOf(path: JsonPath): number }
  | { kind: 'refused'; trouble: LineTrouble };

class Stopped extends Error {}

/** values inside one another: more than a lesson has, and a hostile file may have millions */
const DEEPEST = 16;
const STRING = /"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /[\p{L}_$][\p{L}\d_$]*/uy;
const BLANK = /[ \t\n\r]*/y;
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

const keyOf = (path: JsonPath): string => JSON.stringify(path);

class Reader {
  readonly lines = new Map<string, number>();
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value([]);
    this.blank();
    if (this.at < this.text.length) this.stop('something stands after the end');
    return value;
  }

  trouble(why: string): LineTrouble {
    return { line: this.line, why };
  }

  private stop(why: string): never {
    throw new Stopped(why);
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private blank(): void {
    for (const sign of this.take(BLANK) ?? '') if (sign === '\n') this.line++;
  }

  /** after white space */
  private next(): string {
    this.blank();
    return this.text.charAt(this.at);
  }

  private value(path: JsonPath): unknown {
    if (path.length > DEEPEST) this.stop('too many brackets stand inside one another');
    const sign = this.next();
    this.lines.set(keyOf(path), this.line);
    if (sign === '{') return this.object(path);
    if (sign === '[') return this.list(path);
    if (sign === '"') return this.string();
    const number = this.take(NUMBER);
    if (number) return Number(number);
    const word = this.take(WORD);
    if (word !== null && Object.hasOwn(WORDS, word)) return WORDS[word];
    return this.stop(missingValue(sign, word));
  }

  private string(): string {
    const found = this.take(STRING);
    if (found === null) this.stop('a text does not end in its line');
    try {
      return JSON.parse(found) as string;
    } catch {
      return this.stop('a \\ or a control character stands in a text where none may');
    }
  }

  private object(path: JsonPath): Record<string, unknown> {
    const found = new Map<string, unknown>();
    this.each('}', () => {
      if (this.next() !== '"') this.stop('a name in double quotes belongs here');
      const name = this.string();
      if (found.has(name)) this.stop(`“${name}” stands twice`);
      if (this.next() !== ':') this.stop(`a colon is missing after “${name}”`);
      this.at++;
      found.set(name, this.value([...path, name]));
    });
    return Object.fromEntries(found);
  }

  private list(path: JsonPath): unknown[] {
    const found: unknown[] = [];
    this.each(']', () => void found.push(this.value([...path, found.length])));
    return found;
  }

  /** what stands between two brackets, with commas in between */
  private each(closing: '}' | ']', one: () => void): void {
    this.at++;
    if (this.next() !== closing) {
      one();
      while (this.next() === ',') {
        this.at++;
        if (this.next() === closing) this.stop('a comma stands before a bracket that closes');
        one();
      }
    }
    if (this.next() !== closing) this.stop(unclosed(this.next(), closing));
    this.at++;
  }
}

function missingValue(sign: string, word: string | null): string {
  if (word !== null)
    return `“${word}” is no value: texts stand in double quotes, true, false and null are written small`;
  return sign === '' ? 'the file ends too early' : `“${sign}” stands where a value belongs`;
}

const unclosed = (sign: string, closing: string): string =>
  sign === '' ? 'the file ends too early' : `a comma or “${closing}” is missing before “${sign}”`;

/** @returns the value with the line of everything in it, or where it stopped being JSON */
export function placedJson(text: string): PlacedJson {
  const reader = new Reader(text.replace(/^\uFEFF/, ''));
  try {
    const value = reader.whole();
    return { kind: 'read', value, lineOf: (path) => lineOf(reader.lines, path) };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'refused', trouble: reader.trouble(error.message) };
    throw error;
  }
}

/** of what is missing, the line of what it is missing in */
function lineOf(lines: ReadonlyMap<string, number>, path: JsonPath): number {
  return lines.get(keyOf(path)) ?? (path.length === 0 ? 1 : lineOf(lines, path.slice(0, -1)));
}
