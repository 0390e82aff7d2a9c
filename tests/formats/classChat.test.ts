import { describe, expect, it } from 'vitest';
import { CLASS_CHOICES } from '../../src/contract/classroom';
import { classCodeIn, codeMessage, codesInChat } from '../../src/formats/classChat';
import { encodeVoteCode, readVoteCode } from '../../src/formats/voteCode';

const look = (code: string) => readVoteCode(code, { size: 24, tag: 91, students: 34 });
const found = (chat: string) =>
  codesInChat(chat, 16, 'C45YKV', look).map(({ text, reading }) =>
    reading.kind === 'read' ? `${text} of ${reading.value.number}` : `${text}: ${reading.why}`,
  );
const codeOf = (number: number, digit: number) =>
  encodeVoteCode({ choices: new Array(24).fill(CLASS_CHOICES[digit]), number }, 91);
const wide = (sign: string) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0);
const [SEVEN, EIGHT] = [codeOf(7, 1), codeOf(8, 2)];

describe('codes in a chat', () => {
  it('are found between names, times and sentences, in any form', () => {
    const chat = `[10:31] Anna: here is mine hyf6 25pw vrax 45vp
      10:32 – Ben Q.: mine this code okay then (${SEVEN})
      Chris 2026: ${EIGHT.toLowerCase().match(/.{4}/g)!.join('-')}!
      Dora: we had 24 pairs in 2026, right? I did 12 or so, LOL`;
    expect(found(chat)).toEqual(['HYF625PWVRAX45VP of 23', `${SEVEN} of 7`, `${EIGHT} of 8`]);
  });

  it('are found where a line is broken, and one after the other', () => {
    expect(found(`HYF6 25PW\nVRAX 45VP ${SEVEN} ${EIGHT}`)).toEqual([
      'HYF625PWVRAX45VP of 23',
      `${SEVEN} of 7`,
      `${EIGHT} of 8`,
    ]);
  });

  it.each([
    ['a table', `7;${SEVEN};Anna\n8,${EIGHT},Ben`],
    ['a list', `${SEVEN},${EIGHT}`],
    ['marks on both sides', `*${SEVEN}*/_${EIGHT}_`],
    ['times and names that touch them', `[10:32]${SEVEN} Ben:${EIGHT}`],
    ['an address and a file', `https://example.org/?c=${SEVEN}&n=7 {"code":"${EIGHT}"}`],
    ['a page', `<td>${SEVEN}</td><td>${EIGHT}</td>`],
    ['marks that nobody sees', `\u200e[10:32] Anna: \u202a${[...SEVEN].join('\u200b')}\u202c\n\ufeff${EIGHT}`],
    ['wide letters', [...`${SEVEN} ${EIGHT}`].map((sign) => (sign === ' ' ? sign : wide(sign))).join('')],
  ])('are found in %s', (_where, chat) => {
    expect(found(chat)).toEqual([`${SEVEN} of 7`, `${EIGHT} of 8`]);
  });

  it('with a slip are named with what is wrong, and the others still count', () => {
    expect(found('Anna: PN54 YABV JTWQ U5PM\nBen: HYF6 25PW VRAX 45VP')).toEqual([
      'PN54YABVJTWQU5PM: look at the 3rd group again',
      'HYF625PWVRAX45VP of 23',
    ]);
    expect(found('my code HYF6 25PW VRAX 45V ok')).toEqual(['HYF625PWVRAX45V: 15 signs, 16 are needed']);
    expect(found('HYF625PWVRAX45VO')).toEqual(['HYF625PWVRAX45VO: there is no O in a code']);
  });

  it('with a slip are named right before a sound one too, which still counts', () => {
    const slip = `${SEVEN.slice(0, -1)}${SEVEN.endsWith('A') ? 'B' : 'A'}`;
    const groups = (code: string) => code.toLowerCase().match(/.{4}/g)!.join(' ');
    for (const write of [(code: string) => code, groups])
      for (const between of ['\n', ' '])
        expect(found([SEVEN, slip, EIGHT, slip, SEVEN].map(write).join(between))).toEqual([
          `${SEVEN} of 7`,
          `${slip}: look at the 4th group again`,
          `${EIGHT} of 8`,
          `${slip}: look at the 4th group again`,
          `${SEVEN} of 7`,
        ]);
    expect(found(`HYF625PWVRAX45VO\n${SEVEN}`)).toEqual(['HYF625PWVRAX45VO: there is no O in a code', `${SEVEN} of 7`]);
    // a first group without a digit is no reason to look for the code further on
    expect(found(`yabv jtwq u5pm pn54 ${groups(EIGHT)}`).at(-1)).toBe(`${EIGHT} of 8`);
  });

  it('of a class with more pairs or fewer are refused as another’s', () => {
    const [short, long] = ['ABEGF5VBL5D4', 'K5TPPXAXZBPN78AR9948'];
    const other = (code: string) => `${code}: from another class`;
    expect(found(`${short}\n${long}\n${SEVEN}`)).toEqual([other(short), other(long), `${SEVEN} of 7`]);
    expect(found('Eva: abeg f5vb l5d4 and K5TP PXAX ZBPN 78AR 9948')).toEqual([other(short), other(long)]);
  });

  it('are not made of telephone numbers and dates', () => {
    expect(found(`Ben +491701234567890 ${SEVEN}`)).toEqual([`${SEVEN} of 7`]);
    expect(found('20261130103100 4917012345678901')).toEqual([]);
  });

  it('of prose there are none', () => {
    expect(found('She said: this is what good text does, and then some more of them came along today.')).toEqual([]);
    expect(found('')).toEqual([]);
    expect(found('https://example.org/class#2026 10:31')).toEqual([]);
  });

  it('come with the class in a QR code or a file; those of another class are refused', () => {
    expect(codeMessage('C45YKV', 'HYF625PWVRAX45VP')).toBe('RLHFLAB C45YKV HYF625PWVRAX45VP');
    expect(found('RLHFLAB C45YKV HYF625PWVRAX45VP')).toEqual(['HYF625PWVRAX45VP of 23']);
    expect(found('RLHFLAB C45YKW HYF625PWVRAX45VP')).toEqual(['HYF625PWVRAX45VP: from another class']);
    expect(classCodeIn('rlhflab c45ykv')).toBe('C45YKV');
    expect(classCodeIn('C45YKV')).toBeNull();
  });

  it('of a long chat are found in one go', () => {
    const line = `[10:31] Anna: here is mine ${SEVEN} and that was it\n`;
    expect(found(line.repeat(2000))).toHaveLength(2000);
  });
});
