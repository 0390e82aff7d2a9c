/** Characters as texts have them, and those that show that bytes were read in a wrong encoding. */

/** first bytes of the rows in which older standards put what is in daily use, and the second bytes in a row */
const DAILY_ROWS = [
  { label: 'gb18030', rows: [0xb0, 0xd7], columns: [0xa1, 0xfe] },
  { label: 'big5', rows: [0xa4, 0xc6], columns: [0x40, 0xfe] },
  { label: 'shift_jis', rows: [0x88, 0x97], columns: [0x40, 0xfc] },
  { label: 'euc-kr', rows: [0xb0, 0xc8], columns: [0xa1, 0xfe] },
] as const;

function charactersIn({ label, rows, columns }: (typeof DAILY_ROWS)[number]): string[] {
  const pairs: number[] = [];
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++) pairs.push(row, column);
  const text = new TextDecoder(label).decode(Uint8Array.from(pairs));
  return text.match(/[\p{Script=Han}\p{Script=Hangul}]/gu) ?? [];
}

let daily: ReadonlySet<string> | null = null;
/** some ten thousand of Chinese, Japanese and Korean; many times as many are rare */
function dailyCharacters(): ReadonlySet<string> {
  daily ??= new Set(DAILY_ROWS.flatMap(charactersIn));
  return daily;
}

/** what no text holds, and a wrong reading soon has */
export const NEVER = /(?![\t\n\f\r])\p{Cc}|[\p{Private_Use}\p{Unassigned}\p{Surrogate}]/u;
/** alphabets lie below it, and beyond the first 65,536 */
const BELOW = '\u2000';
const WRITTEN = /[\s\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}]/u;
/** punctuation, signs, kana, Yi, wide forms and emoji */
const BETWEEN =
  /[\u2000-\u206f\u20a0-\u20bf\u2100-\u2bff\u3000-\u30ff\ua000-\ua4c6\ufeff\uff01-\uff5e\p{Emoji_Presentation}]|\ufe0f/u;

export const isUsual = (character: string): boolean =>
  character < BELOW || character.length > 1
    ? WRITTEN.test(character)
    : BETWEEN.test(character) || dailyCharacters().has(character);
