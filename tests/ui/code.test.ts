import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, linesOf, readCode } from '../../src/ui/panels/Source/code';
import { cutAtNames } from '../../src/ui/panels/Source/leads';
import { below, SRC, sourceFiles } from '../helpers/imports';

const FILE = `/** what the file is for */
import { a, type B as C } from '../tensor/masked';
import type {
  D,
  E,
} from './kl';
import { tf } from 'somewhere';

/** one line */
const half = (x: number): number => x / 2;
// of two
// lines
export const twice = (x: number): number =>
  2 * x;

/**
 * Over several lines.
 */
export async function* run(
  first: string,
  second: { a: number },
): AsyncGenerator<number> {
  yield 1;
}
const TABLE = {
  twiceAsMuch: 1,
};

export class Clock {
  /** milliseconds */
  private readonly now = 1;

  get speed(): number {
    return this.now;
  }
  /** waits */
  async read<T>(of: T): Promise<T> {
    return of;
  }
}
`;
const shown = (symbol: string): string | null => {
  const here = linesOf(FILE, symbol);
  return (
    here &&
    FILE.split('\n')
      .slice(here.from - 1, here.to)
      .join('\n')
  );
};

describe('a symbol', () => {
  it('is its declaration with the comment above it, however many lines it takes', () => {
    expect(shown('half')).toBe('/** one line */\nconst half = (x: number): number => x / 2;');
    expect(shown('twice')).toBe('// of two\n// lines\nexport const twice = (x: number): number =>\n  2 * x;');
    expect(shown('run')).toMatch(/^\/\*\*\n \* Over several lines[\s\S]*yield 1;\n\}$/);
    expect(shown('TABLE')).toBe('const TABLE = {\n  twiceAsMuch: 1,\n};');
    expect(shown('Clock')).toMatch(/^export class Clock[\s\S]*return of;\n {2}\}\n\}$/);
  });

  it('may be a member of a class', () => {
    expect(shown('Clock.speed')).toBe('  get speed(): number {\n    return this.now;\n  }');
    expect(shown('Clock.read')).toMatch(/^ {2}\/\*\* waits \*\/\n {2}async read[\s\S]*return of;\n {2}\}$/);
    expect(shown('Clock.now')).toBe('  /** milliseconds */\n  private readonly now = 1;');
  });

  it('is not there where nothing of its name is declared', () => {
    for (const symbol of ['first', 'tw', 'constructor', 'Clock.of', 'half.speed', '', '.', '(', 'a b', '$&'])
      expect(shown(symbol), symbol).toBeNull();
  });
});

it('what a file takes from its neighbours is read with names and lines', () => {
  expect(importsOf(FILE, 'core/losses/mine.ts')).toEqual([
    { file: 'core/tensor/masked.ts', names: ['a', 'B'], lines: { from: 2, to: 2 } },
    { file: 'core/losses/kl.ts', names: ['D', 'E'], lines: { from: 3, to: 6 } },
  ]);
});

it('comments, strings and keywords are told apart, and a name in a string is none', () => {
  const kinds = readCode("const x = 'return // no'; // return\n/* a\nb */ object.new({ new: 1 });").map((line) =>
    line.map(({ kind, text }) => `${kind}:${text}`),
  );
  expect(kinds).toEqual([
    ['keyword:const', 'plain: x = ', "string:'return // no'", 'plain:; ', 'comment:// return'],
    ['comment:/* a'],
    ['comment:b */', 'plain: object.new({ new: 1 });'],
  ]);
});

it('every file of ours is shown as it is, to the last character', () => {
  for (const file of sourceFiles().map(below)) {
    const text = readFileSync(`${SRC}/${file}`, 'utf8');
    const lines = readCode(text).map((pieces) => pieces.map((piece) => piece.text).join(''));
    expect(`${lines.join('\n')}\n`, file).toBe(text.endsWith('\n') ? text : `${text}\n`);
  }
});

it('names lead on, but not those after a point or before a colon', () => {
  const names = new Map([['gae', { file: 'core/losses/gae.ts', symbol: 'gae' }]]);
  const parts = cutAtNames('gae(tf.gae, { gae: gae }, gaeOf)', names);
  expect(parts.map(({ text }) => text).join('')).toBe('gae(tf.gae, { gae: gae }, gaeOf)');
  expect(parts.flatMap(({ lead }, i) => (lead ? [i] : []))).toEqual([0, parts.length - 4]);
});
