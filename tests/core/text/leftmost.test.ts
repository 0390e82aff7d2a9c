/** Matches are held against the language's own, which are right and may take for ever. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchFor } from '../../../src/core/text/leftmost';
import { treeOf } from '../../../src/core/text/pattern';

/** @returns matches; null where they cannot be followed */
function found(source: string, text: string): string[] | null {
  const tree = treeOf(source);
  const search = tree && searchFor(tree);
  if (!search) return null;
  const signs = [...text];
  return [...search(signs)].flatMap((span) =>
    span ? [`${span.start}: ${signs.slice(span.start, span.end).join('')}`] : [],
  );
}
const native = (source: string, text: string): string[] =>
  [...text.matchAll(new RegExp(source, 'gu'))].map(
    ({ 0: match, index }) => `${[...text.slice(0, index)].length}: ${match}`,
  );

describe('matches from left to right', () => {
  it.each([
    ['(?:a+)+$', 'aab aa'],
    ['a|ab', 'abab'],
    ['(?:ab|a)(?:c|bcd)?', 'abcd'],
    ['a+?b?', 'aaab'],
    ['\\s+(?!\\S)|\\s+', 'a   b  '],
    ['(?<=a)b|(?<!b)a', 'abba'],
    ['🦊+', 'x🦊🦊y🦊'],
    ['', 'ab'],
  ])('/%s/ in “%s”', (source, text) => {
    expect(found(source, text)).toEqual(native(source, text));
  });

  it('are those of the language’s own expressions', () => {
    const leaf = fc.constantFrom(
      'a',
      'b',
      'c',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '(?=b)',
      '(?!a)',
      '(?<=c)',
      '^',
      '$',
      '\\b',
    );
    const sign = fc.constantFrom('', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?', '??');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => one + other),
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `(?:${one}|${other})`),
        fc.tuple(tie('tree'), sign).map(([one, often]) => `(?:${one})${often}`),
      ),
    }));
    let followed = 0;
    fc.assert(
      fc.property(tree, fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 9 }), (source, text) => {
        const spans = found(source, text);
        if (spans === null) return;
        followed++;
        expect(spans, `/${source}/`).toEqual(native(source, text));
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(followed).toBeGreaterThan(1000);
  });
});
