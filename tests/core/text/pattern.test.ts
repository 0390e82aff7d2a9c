/** Patterns are held against the language's own expressions, which are right and may take for ever. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_STATES, type Pattern, readPattern } from '../../../src/core/text/pattern';

const patternOf = (source: string): Pattern => {
  const read = readPattern(source);
  if ('trouble' in read) throw new Error(`${source}: ${read.trouble}`);
  return read;
};
const troubleOf = (source: string): string => {
  const read = readPattern(source);
  return 'trouble' in read ? read.trouble : '';
};
const isIn = (source: string, text: string): boolean => patternOf(source).isIn(text);

describe('a pattern', () => {
  it.each([
    ['happy|glad', 'she was glad .', true],
    ['^he', 'then he sat', false],
    ['\\.$', 'he sat.', true],
    ['\\bcat\\b', 'concatenate', false],
    ['\\Bcat\\B', 'concatenate', true],
    ['(?:ha){3}', 'haha', false],
    ['(?:ha){2,3}!', 'oh hahaha!', true],
    ['a{0}b', 'b', true],
    ['[^a-z ]', 'only small letters', false],
    ['\\p{Lu}\\p{Ll}+', 'the Éclair', true],
    ['🦊{2}', 'one 🦊 two 🦊🦊', true],
    ['^.$', '🦊', true],
    ['\\u{1F98A}', '🦊', true],
    ['\\uD83E\\uDD8A', '🦊', true],
    ['(?<name>a)b', 'ab', true],
    ['[\\]x]', ']', true],
    ['a.c', 'a\nc', false],
    ['', 'anything', true],
    ['()*x', 'x', true],
  ])('/%s/ in “%s”: %s', (source, text, found) => {
    expect(isIn(source, text)).toBe(found);
    expect(new RegExp(source, 'u').test(text)).toBe(found);
  });

  it('finds what the language’s own expressions find', () => {
    const leaf = fc.constantFrom(
      'a',
      'b',
      'c',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '\\s',
      '\\b',
      '\\B',
      '^',
      '$',
      'é',
      ' ',
      '(?:)',
    );
    const sign = fc.constantFrom('', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => one + other),
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `(?:${one}|${other})`),
        fc.tuple(tie('tree'), sign).map(([one, often]) => `(${one})${often}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', ' ', '\n'), maxLength: 9 });
    fc.assert(
      fc.property(tree, text, (source, words) => {
        const read = readPattern(source);
        if ('trouble' in read) expect(read.trouble).toContain(`${MOST_STATES}`);
        else expect(read.isIn(words), `/${source}/`).toBe(new RegExp(source, 'u').test(words));
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it.each(['(a+)+$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y'])(
    'is done with /%s/, with which searching takes for ever',
    (source) => {
      expect(isIn(source, `${'a'.repeat(5000)}!`)).toBe(false);
    },
  );

  it('is refused in words where it looks around or goes back', () => {
    for (const source of ['(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<x>a)\\k<x>'])
      expect(troubleOf(source), source).toContain('looks around or goes back');
  });

  it('is refused in words where it is too large, at once', () => {
    for (const source of [
      'a{1001}',
      '(a{100}){100}',
      '((((a{99}){99}){99}){99}){99}',
      '(?:){1000000000}',
      '((?:){9999}){9999}',
    ])
      expect(troubleOf(source), source).toContain('fewer repeats');
  });

  it('is refused in words where it is none', () => {
    expect(troubleOf('(')).toMatch(/^This is no regular expression: .+\.$/);
    for (const source of ['[', 'a**', '\\', '{1}', ')', '[b-a]', '\\p{Nonsense}'])
      expect(troubleOf(source)).not.toBe('');
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'()[]{}|*+?\\^$.,0129abuxpk<>:=!-'), maxLength: 12 }),
        (source) => {
          const read = readPattern(source);
          if (!('trouble' in read)) expect(read.isIn('ab12')).toBe(new RegExp(source, 'u').test('ab12'));
        },
      ),
      { numRuns: 3000, seed: 11 },
    );
  });
});
