import { describe, expect, it } from 'vitest';
import type { ClassPairs } from '../../src/contract/classroom';
import { codeOf } from '../../src/formats/classCode';
import { readClassFile, writeClassFile } from '../../src/formats/classFile';

const SET: ClassPairs = {
  seed: 7,
  modelHash: 'ab'.repeat(32),
  pairs: Array.from({ length: 12 }, (_, i) => ({ prompt: `once ${i}`, completions: [`one ${i} .`, `other ${i} .`] })),
};
const CODE = codeOf(SET);
const bytes = (text: string) => new TextEncoder().encode(text);
const why = (value: unknown) => {
  const reading = readClassFile(typeof value === 'string' ? bytes(value) : bytes(JSON.stringify(value)));
  return reading.kind === 'read' ? 'it was read' : reading.why;
};

describe('a file of a class', () => {
  it('comes back whole, with and without the codes that came', () => {
    for (const file of [
      { code: CODE, set: SET },
      { code: CODE, set: SET, students: 34, codes: ['HYF625PWVRAX45VP'] },
    ])
      expect(readClassFile(bytes(writeClassFile(file)))).toEqual({ kind: 'read', value: file });
  });

  it('is refused where a letter of it was changed, and its texts are not its code’s any more', () => {
    const text = writeClassFile({ code: CODE, set: SET });
    expect(why(text.replace('other 3', 'other 4'))).toBe('its texts are not those of its code: it was changed or cut');
    expect(why(text.replace(CODE, 'C45YKV'))).toBe('its texts are not those of its code: it was changed or cut');
  });

  it('is refused by the place that is wrong', () => {
    const file = { format: 1, kind: 'class', code: CODE, ...SET };
    expect(why('nothing')).toBe('it is no file of a class');
    expect(why([])).toBe('it is no file of a class');
    expect(why('{"kind":"class"')).toBe('it is no file of a class');
    expect(why({ ...file, format: 2 })).toBe('it is made for format 2, and this page reads 1');
    expect(why({ ...file, pairs: SET.pairs.slice(1) })).toBe('"pairs" is fewer than a class has, or more');
    expect(why({ ...file, pairs: [...SET.pairs.slice(1), { prompt: 1 }] })).toBe(
      '"pairs.11.prompt" is a number where a text belongs',
    );
    expect(why({ ...file, students: 64 })).toBe('"students" is larger than 63');
    expect(why({ ...file, seed: -1 })).toBe('"seed" is -1, and at least 0 belongs there');
    expect(why({ ...file, codes: ['<b>'] })).toBe('"codes.0" is not usable');
  });
});
