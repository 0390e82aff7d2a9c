import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonPath, placedJson } from '../../src/formats/placedJson';

const trouble = (text: string) => {
  const found = placedJson(text);
  return found.kind === 'refused' ? `${found.trouble.line}: ${found.trouble.why}` : 'it was read';
};

/** every path in a value, the outermost first */
const pathsIn = (value: unknown, path: JsonPath = []): JsonPath[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        pathsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : []),
];

describe('JSON with its lines', () => {
  it('means what JSON.parse means, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const found = placedJson(text);
        expect(found.kind === 'read' && found.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes of any text what JSON.parse takes, and nothing else', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u0041"',
      '"\\x"',
      '"',
      '1',
      '-',
      '01',
      '1e3',
      '.5',
      'null',
      'nul',
      'true',
      ' ',
      '\n',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (all) => {
        const text = all.join('');
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        const isTwice = trouble(text).includes('stands twice');
        expect(placedJson(text).kind === 'read' || isTwice).toBe(parses);
      }),
      { numRuns: 3000 },
    );
  });

  it('knows the line of every value: one a line when each stands on a line of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer(), { maxLength: 3 }), { minLength: 1, maxLength: 5 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        const found = placedJson(text);
        if (found.kind !== 'read') throw new Error('refused');
        const lines = text.split('\n');
        for (const path of pathsIn(value).slice(1)) {
          const inner = path.reduce<unknown>((tree, key) => (tree as unknown[])[key as number], value);
          const begins = JSON.stringify(inner).charAt(0);
          expect(lines[found.lineOf(path) - 1]!.trim().startsWith(begins)).toBe(true);
        }
      }),
    );
  });

  it('gives what is missing the line of what it is missing in', () => {
    const found = placedJson('{\n"a": {\n"b": 1\n}\n}');
    expect(found.kind === 'read' && [found.lineOf(['a', 'c']), found.lineOf(['x', 'y']), found.lineOf([])]).toEqual([
      2, 1, 1,
    ]);
  });

  it('says each slip in words, with its line', () => {
    expect(trouble('{\n"a": 1,\n}')).toBe('3: a comma stands before a bracket that closes');
    expect(trouble('{"a": 1\n"b": 2}')).toBe('2: a comma or “}” is missing before “"”');
    expect(trouble('{\n a: 1}')).toBe('2: a name in double quotes belongs here');
    expect(trouble('{"a" 1}')).toBe('1: a colon is missing after “a”');
    expect(trouble('{\n"a": True}')).toBe(
      '2: “True” is no value: texts stand in double quotes, true, false and null are written small',
    );
    expect(trouble('{"a": "one\ntwo"}')).toBe('1: a text does not end in its line');
    expect(trouble('["\\x"]')).toBe('1: a \\ or a control character stands in a text where none may');
    expect(trouble('{"a": 1,\n"\\u0061": 2}')).toBe('2: “a” stands twice');
    expect(trouble('{"a": [1,\n2')).toBe('2: the file ends too early');
    expect(trouble('')).toBe('1: the file ends too early');
    expect(trouble('{}\n{}')).toBe('2: something stands after the end');
    expect(trouble('['.repeat(1e5))).toBe('1: too many brackets stand inside one another');
    expect(trouble('{"a": ’b’}')).toBe('1: “’” stands where a value belongs');
  });
});
