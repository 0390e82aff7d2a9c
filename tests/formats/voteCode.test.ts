import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLASS_CHOICES,
  CLASS_SIZES,
  type ClassChoice,
  type ClassSize,
  type ClassVotes,
  inGroups,
} from '../../src/contract/classroom';
import { ALPHABET } from '../../src/formats/signs';
import { encodeVoteCode, readVoteCode, voteSigns } from '../../src/formats/voteCode';

/** choices as the digits of the format */
const choices = (digits: string): ClassChoice[] => [...digits].map((digit) => CLASS_CHOICES[Number(digit)]!);
const of = (size: ClassSize, tag: number, students = 63) => ({ size, tag, students });
const why = (text: string, asked = of(24, 91)): string => {
  const reading = readVoteCode(text, asked);
  return reading.kind === 'read' ? 'it was read' : reading.why;
};

const VECTORS: [votes: ClassVotes, tag: number, code: string][] = [
  [{ choices: choices('121131122213214112222121'), number: 23 }, 91, 'HYF625PWVRAX45VP'],
  [{ choices: choices('123412341234'), number: 5 }, 91, 'ABEGF5VBL5D4'],
  [{ choices: choices('4'.repeat(32)), number: 63 }, 255, 'K5TPPXAXZBPN78AR9948'],
];

const aCode = fc
  .record({
    size: fc.constantFrom(...CLASS_SIZES),
    number: fc.integer({ min: 0, max: 63 }),
    tag: fc.integer({ min: 0, max: 255 }),
  })
  .chain(({ size, number, tag }) =>
    fc.array(fc.constantFrom(...CLASS_CHOICES), { minLength: size, maxLength: size }).map((all) => ({
      size,
      tag,
      votes: { choices: all, number },
      code: encodeVoteCode({ choices: all, number }, tag),
    })),
  );

describe('a vote code', () => {
  it.each(VECTORS)('of the published examples: %j, tag %i, is %s, and is read back', (votes, tag, code) => {
    expect(encodeVoteCode(votes, tag)).toBe(code);
    expect(readVoteCode(code, of(votes.choices.length as ClassSize, tag))).toEqual({ kind: 'read', value: votes });
  });

  it('has 12 signs for 12 pairs, 16 for 16 to 24 and 20 for 28 and 32', () => {
    expect(CLASS_SIZES.map(voteSigns)).toEqual([12, 16, 16, 16, 20, 20]);
  });

  it('comes back whole, whatever was voted', () => {
    fc.assert(
      fc.property(aCode, ({ size, tag, votes, code }) => {
        expect(code).toHaveLength(voteSigns(size));
        expect(readVoteCode(code, of(size, tag))).toEqual({ kind: 'read', value: votes });
      }),
    );
  });

  it('is read in small letters, in groups, and with any hyphen or space between them', () => {
    for (const text of [
      'hyf6 25pw vrax 45vp',
      ' HYF6-25PW-VRAX-45VP\n',
      'h y f 6 2 5 p w v r a x 4 5 v p',
      'HYF6–25PW\u00a0VRAX\u200b45VP',
    ])
      expect(readVoteCode(text, of(24, 91)).kind).toBe('read');
    expect(inGroups('HYF625PWVRAX45VP')).toBe('HYF6 25PW VRAX 45VP');
  });

  it('with one wrong sign is refused, whichever it is, and its group is named', () => {
    fc.assert(
      fc.property(aCode, fc.nat(), fc.integer({ min: 1, max: 31 }), ({ size, tag, code }, place, by) => {
        const at = place % code.length;
        const sign = ALPHABET[(ALPHABET.indexOf(code[at]!) + by) % 32]!;
        const ordinal = ['1st', '2nd', '3rd', '4th', '5th'][Math.floor(at / 4)];
        expect(why(code.slice(0, at) + sign + code.slice(at + 1), of(size, tag))).toBe(
          `look at the ${ordinal} group again`,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('with two different signs swapped is refused, adjacent or not', () => {
    fc.assert(
      fc.property(aCode, ({ size, tag, code }) => {
        for (let i = 0; i < code.length; i++)
          for (let j = i + 1; j < code.length; j++) {
            if (code[i] === code[j]) continue;
            const signs = [...code];
            [signs[i], signs[j]] = [code[j]!, code[i]!];
            expect(why(signs.join(''), of(size, tag))).toMatch(/again$/);
          }
      }),
      { numRuns: 20 },
    );
  });

  it('with any two wrong signs is refused', () => {
    fc.assert(
      fc.property(
        aCode,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 1, max: 31 }),
        (one, a, b, byA, byB) => {
          const signs = [...one.code];
          const places = [a % signs.length, (a + 1 + (b % (signs.length - 1))) % signs.length];
          for (const [i, at] of places.entries())
            signs[at] = ALPHABET[(ALPHABET.indexOf(signs[at]!) + [byA, byB][i]!) % 32]!;
          expect(why(signs.join(''), of(one.size, one.tag))).toMatch(/again$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says what is wrong with it', () => {
    expect(why('PN54YABVJTWQU5PM')).toBe('look at the 3rd group again');
    expect(why('HYF625PWVRAX45V')).toBe('15 signs, 16 are needed');
    expect(why('HYF625PWVRAX45VPP')).toBe('17 signs, 16 are needed');
    expect(why('H')).toBe('1 sign, 16 are needed');
    expect(why('')).toBe('0 signs, 16 are needed');
    expect(why('HYF625PWVRAX45VO')).toBe('there is no O in a code');
    expect(why('hyf625pwvrax45v1')).toBe('there is no 1 in a code');
    expect(why('HYF625PWVRAX45V0')).toBe('there is no 0 in a code');
    expect(why('iYF625PWVRAX45V0')).toBe('there is no I in a code');
    expect(why('HYF625PWVRÄX45VP')).toBe('“Ä” is no sign of a code');
  });

  it('of another class is refused, one of a class with more pairs too', () => {
    expect(why('HYF625PWVRAX45VP', of(24, 90))).toBe('from another class');
    expect(why('HYF625PWVRAX45VP', of(16, 91))).toBe('from another class');
    expect(why('HYF625PWVRAX45VP', of(20, 91))).toBe('from another class');
  });

  it('of a number that is not on the list is refused, and no number always is', () => {
    expect(why('HYF625PWVRAX45VP', of(24, 91, 22))).toBe('number 23 is not on a list of 22');
    const none = encodeVoteCode({ choices: choices('1'.repeat(12)), number: 0 }, 7);
    expect(readVoteCode(none, of(12, 7, 1)).kind).toBe('read');
  });
});
