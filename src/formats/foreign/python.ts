/**
 * Lists and dictionaries as Python prints them, which is how `to_csv` writes a cell that holds messages. NumPy prints a
 * list with spaces alone between its parts.
 */

/** levels inside one another, far more than any message has: whoever reads one calls itself for each */
const DEEPEST = 50;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

const WORDS: Readonly<Record<string, unknown>> = { None: null, True: true, False: false, nan: null };

class NotPython extends Error {}
const no = (): never => {
  throw new NotPython();
};

/** Reads one value from a text, from left to right. */
class Reading {
  private at = 0;
  constructor(private readonly text: string) {}

  private space(): void {
    while (/[\s,]/.test(this.text[this.at] ?? '')) this.at++;
  }

  whole(): unknown {
    const value = this.value(0);
    this.space();
    return this.at === this.text.length ? value : no();
  }

  private value(depth: number): unknown {
    this.space();
    const sign = this.text[this.at];
    if (depth > DEEPEST || sign === undefined) return no();
    if (sign === '[') return this.list(depth);
    if (sign === '{') return this.dictionary(depth);
    return sign === "'" || sign === '"' ? this.string(sign) : this.word(depth);
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.at++;
    for (this.space(); this.text[this.at] !== ']'; this.space()) items.push(this.value(depth + 1));
    this.at++;
    return items;
  }

  private dictionary(depth: number): Record<string, unknown> {
    const parts: [string, unknown][] = [];
    this.at++;
    for (this.space(); this.text[this.at] !== '}'; this.space()) {
      const name = this.value(depth + 1);
      this.space();
      if (typeof name !== 'string' || this.text[this.at] !== ':') return no();
      this.at++;
      parts.push([name, this.value(depth + 1)]);
    }
    this.at++;
    return Object.fromEntries(parts);
  }

  private string(quote: string): string {
    let read = '';
    for (this.at++; this.text[this.at] !== quote; ) {
      if (this.at >= this.text.length) return no();
      if (this.text[this.at] === '\\') read += this.escape();
      else read += this.text[this.at++];
    }
    this.at++;
    return read;
  }

  private escape(): string {
    const coded = /^\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8})/i.exec(this.text.slice(this.at, this.at + 10))?.[0];
    if (coded !== undefined) {
      this.at += coded.length;
      const point = Number.parseInt(coded.slice(2), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : no();
    }
    const sign = this.text[this.at + 1] ?? '';
    this.at += 2;
    return ESCAPES[sign] ?? `\\${sign}`; // another one is none in Python either
  }

  /** a list inside of another one, as NumPy prints it: with its type behind */
  private array(depth: number): unknown {
    this.at += 'array('.length;
    const value = this.value(depth + 1);
    const [end] = /^[\s,]*(?:dtype=\w+)?\)/.exec(this.text.slice(this.at, this.at + 80)) ?? [];
    this.at += end?.length ?? no();
    return value;
  }

  private word(depth: number): unknown {
    if (this.text.startsWith('array(', this.at)) return this.array(depth);
    const [word] = /^[\w.+-]+/.exec(this.text.slice(this.at, this.at + 40)) ?? [''];
    this.at += word.length;
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
    const number = word === '' ? Number.NaN : Number(word);
    return Number.isNaN(number) ? no() : number;
  }
}

/** @returns the value that Python printed; undefined where the text is none */
export function pythonValue(text: string): unknown {
  try {
    return new Reading(text).whole();
  } catch (error) {
    if (error instanceof NotPython) return undefined;
    throw error;
  }
}
