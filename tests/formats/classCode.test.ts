import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASS_SIZES, type ClassPairs } from '../../src/contract/classroom';
import {
  classTag,
  codeOf,
  encodeClassCode,
  hashOf,
  modelBits,
  readClassCode,
  seemlySeed,
  spellsWord,
} from '../../src/formats/classCode';
import { ALPHABET } from '../../src/formats/signs';

const SET: ClassPairs = {
  seed: 363,
  modelHash: 'c0ffee',
  pairs: Array.from({ length: 12 }, (_, i) => ({
    prompt: `once ${i}`,
    completions: [`a fox ${i} .`, `ein Bär ${i} .`],
  })),
};
/** the same from node's own SHA-256 */
const nodeHash = (...before: string[]) => {
  const texts = SET.pairs.flatMap(({ prompt, completions }) => [prompt, ...completions]);
  return createHash('sha256')
    .update([...before, ...texts].join('\0'), 'utf8')
    .digest();
};
const aCode = fc.record({
  seed: fc.integer({ min: 0, max: 4095 }),
  size: fc.constantFrom(...CLASS_SIZES),
  model: fc.integer({ min: 0, max: 1023 }),
});

describe('a class code', () => {
  it('of the published example is C45YKV', () => {
    expect(encodeClassCode({ seed: 363, size: 24, model: 713 })).toBe('C45YKV');
    expect(readClassCode('c45 ykv')).toEqual({ kind: 'read', value: { seed: 363, size: 24, model: 713 } });
  });

  it('comes back whole, and with one wrong sign or two swapped is refused', () => {
    fc.assert(
      fc.property(aCode, fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 31 }), (value, i, j, by) => {
        const code = encodeClassCode(value);
        expect(readClassCode(code)).toEqual({ kind: 'read', value });
        const signs = [...code];
        signs[i] = ALPHABET[(ALPHABET.indexOf(code[i]!) + by) % 32]!;
        expect(readClassCode(signs.join('')).kind).toBe('refused');
        if (code[i] === code[j]) return;
        const swapped = [...code];
        [swapped[i], swapped[j]] = [code[j]!, code[i]!];
        expect(readClassCode(swapped.join('')).kind).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('says what is wrong with it', () => {
    expect(readClassCode('C45YK')).toEqual({ kind: 'refused', why: '5 signs, 6 are needed' });
    expect(readClassCode('C45YKO')).toEqual({ kind: 'refused', why: 'there is no O in a code' });
    expect(readClassCode('C45YVK')).toMatchObject({ why: 'a sign is wrong: compare it with the one shown' });
  });

  it('holds the first 10 bits of the SHA-256 of the model and the texts of its pairs, joined by U+0000', () => {
    const hash = nodeHash(SET.modelHash);
    expect(modelBits(SET)).toBe(hash.readUInt16BE(0) >> 6);
    expect(readClassCode(codeOf(SET))).toMatchObject({ value: { seed: 363, size: 12, model: modelBits(SET) } });
    expect(classTag('C45YKV', SET)).toBe(nodeHash('C45YKV', SET.modelHash)[0]);
  });

  it('is another one when one letter of one text is', () => {
    const pairs = SET.pairs.map((pair, i) =>
      i === 7 ? { ...pair, completions: ['a fix 7 .', pair.completions[1]] } : pair,
    );
    expect(codeOf({ ...SET, pairs: pairs as ClassPairs['pairs'] })).not.toBe(codeOf(SET));
    expect(codeOf({ ...SET, modelHash: 'c0ffef' })).not.toBe(codeOf(SET));
  });

  it('takes no seed whose signs spell a word', () => {
    expect(spellsWord('ABSEX9')).toBe(true);
    expect(spellsWord('C45YKV')).toBe(false);
    const sex = [...'SEX'].reduce((value, sign) => value * 32 + ALPHABET.indexOf(sign), 0) >> 3;
    const sizes = CLASS_SIZES.filter((size) => encodeClassCode({ seed: sex, size, model: 0 }).startsWith('SEX'));
    expect(sizes).toHaveLength(1);
    const all = { from: 0, below: 4096 };
    expect(CLASS_SIZES.filter((size) => seemlySeed(sex, size, all) !== sex)).toEqual(sizes);
    expect(seemlySeed(sex, sizes[0]!, { from: 17, below: sex + 1 })).toBe(17);
    expect(seemlySeed(sex, sizes[0]!, all)).toBe(sex + 1);
  });

  it('is checked over plain http too: SHA-256 needs no crypto.subtle', () => {
    const bytes = new TextEncoder().encode('abc');
    expect(hashOf(bytes)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
