import { describe, expect, it } from 'vitest';
import { LAB_ERRORS, LabError } from '../../src/contract/errors';
import { LIMITS } from '../../src/contract/limits';
import { Random } from '../../src/core/tensor/random';
import { decodeLines, decodeText, firstInvalidUtf8 } from '../../src/formats/text';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const errorOf = (bytes: Uint8Array): LabError => {
  try {
    decodeText(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  }
  throw new Error('nothing was thrown');
};

describe('text that cannot be read', () => {
  it('is named: empty, white space', () => {
    expect(errorOf(bytesOf(''))).toMatchObject({ code: 'text/empty', message: 'There is not one character in it.' });
    expect(errorOf(bytesOf(' \n\t \n'))).toMatchObject({ code: 'text/empty' });
  });

  it('is named when it is over 20 MB, before it is read', () => {
    expect(errorOf(new Uint8Array(LIMITS.textBytes + 1))).toMatchObject({
      code: 'text/tooLong',
      message: expect.stringMatching(/up to 20 MB\.$/),
    });
    expect(LAB_ERRORS['text/tooLong'].title, 'the token view has a limit of its own').not.toMatch(/\d/);
  });

  it('is named with the byte where UTF-8 ends', () => {
    const bytes = Uint8Array.of(...bytesOf('naïve '), 0xff, 0x41);
    const { code, message } = errorOf(bytes);
    expect(code).toBe('text/notUtf8');
    expect(message).toContain('Byte 7');
    expect(message).toContain('FF');
  });

  it('finds the first invalid byte exactly where the platform decoder finds one', () => {
    const decodes = (bytes: Uint8Array): boolean => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const random = Random.fromSeed(1);
    const pieces = ['a', 'é', '漢', '🌊', '\u0000', '\u{10ffff}'].map((text) => [...bytesOf(text)]);
    const broken = [
      [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf5],
      [0x80],
      [0xe2, 0x82],
      [0xf0, 0x9f],
    ];
    for (let i = 0; i < 3000; i++) {
      const chosen = Array.from({ length: 1 + random.integer(4) }, () =>
        random.pick(random.next() < 0.8 ? pieces : broken),
      );
      const bytes = Uint8Array.from(chosen.flat());
      const at = firstInvalidUtf8(bytes);
      expect(at < 0, [...bytes].join(' ')).toBe(decodes(bytes));
      if (at >= 0) {
        expect(decodes(bytes.subarray(0, at)), [...bytes].join(' ')).toBe(true);
        expect(decodes(bytes.subarray(0, at + 1)) && decodes(bytes.subarray(at, at + 1))).toBe(false);
      }
    }
  });
});

const UTF16_MARKS = { le: [0xff, 0xfe], be: [0xfe, 0xff] } as const;
function utf16(text: string, order: 'le' | 'be', marked: boolean): Uint8Array {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const pairs = units.flatMap((unit) => (order === 'le' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255]));
  return Uint8Array.from([...(marked ? UTF16_MARKS[order] : []), ...pairs]);
}
function utf32(text: string, littleEndian: boolean): Uint8Array {
  const codes = [...text].map((character) => character.codePointAt(0) as number);
  const view = new DataView(new ArrayBuffer(4 * codes.length));
  for (const [i, code] of codes.entries()) view.setUint32(4 * i, code, littleEndian);
  return new Uint8Array(view.buffer);
}
const orders = ['le', 'be'] as const;
/** a line of each, without a zero byte in many */
const SCRIPTS = [
  ...['{"prompt":"a"}', 'Zażółć gęślą jaźń', 'L’été, c’est agréable…', 'Xin chào thế giới', '😀😃😄 hello'],
  ...['ένα δύο τρία', 'αβγδε', 'два слова и ещё одно', 'привет', 'שלום', 'مرحبا بالعالم', 'Հայերեն', 'გამარჯობა'],
  ...['नमस्ते दुनिया', 'আমি বাংলায় গান গাই', 'ਸਤ ਸ੍ਰੀ ਅਕਾਲ', 'வணக்கம்', 'తెలుగు', 'ಕನ್ನಡ ಭಾಷೆ', 'മലയാളം ഭാഷ', 'සිංහල භාෂාව'],
  ...['สวัสดีชาวโลก', 'ພາສາລາວ', 'မြန်မာဘာသာ', 'ភាសាខ្មែរ', 'አማርኛ ቋንቋ', 'ᠮᠣᠩᠭᠣᠯ', 'ꆈꌠꉙꀉꆐ', '𐌰𐌱𐌲𐌰'],
  ...[
    '東京は晴れです。\n大阪も晴れです。\n',
    '東京都',
    'ひらがなをよむ',
    'カタカナ',
    '今天天气很好，我们去公园玩。',
    '學而時習之不亦說乎',
    '안녕하세요',
  ],
];

describe('text that is read', () => {
  it('has plain line ends and no byte order mark, at the start of no line', () => {
    const joined = Uint8Array.of(0xef, 0xbb, 0xbf, ...bytesOf('a\r\nb\rc\n\uFEFFd\uFEFFe'));
    expect(decodeText(joined)).toBe('a\nb\nc\nd\uFEFFe');
  });

  it('may be UTF-16 that says so', () => {
    const text = 'naïve 🌊\r\nдва\r\n東京';
    for (const order of orders) {
      expect(decodeText(utf16(text, order, true))).toBe(text.replaceAll('\r', ''));
      expect(decodeLines(utf16(text, order, true), 'file/votes', 'x')).toBe(text);
    }
  });

  it('is named when it is UTF-16 and does not say so, in any script', () => {
    for (const text of SCRIPTS)
      for (const order of orders) {
        const bytes = utf16(text, order, false);
        expect(errorOf(bytes), text).toMatchObject({ code: 'text/notUtf8' });
        expect(errorOf(bytes).message, text).toContain('UTF-16 without a byte order mark');
        expect(() => decodeLines(bytes, 'file/votes', 'x.jsonl')).toThrow(
          'x.jsonl is UTF-16 without a byte order mark',
        );
      }
  });

  it('is never taken for UTF-16 where it is UTF-8, whatever the script, nor cut anywhere', () => {
    for (const text of SCRIPTS) {
      const bytes = bytesOf(`${text} `.repeat(30));
      expect(decodeText(bytes)).toContain(text.trim());
      for (let cut = 1; cut < 8; cut++)
        try {
          decodeText(bytes.subarray(cut, bytes.length - (cut % 3)));
        } catch (error) {
          expect((error as Error).message, text).toMatch(
            /begins no UTF-8 character\.(?: It ends in the middle of a character\.)?$/,
          );
        }
    }
  });

  it('is no UTF-16 for a few zero bytes, nor for many', () => {
    for (const text of ['ab\u0000cd', `one\n\n${'\u0000'.repeat(4096)}\n\ntwo`, '\u0000\u0000', 'a\u001ab\u001ac'])
      expect(decodeText(bytesOf(text))).toBe(text);
    expect(errorOf(Uint8Array.of(...bytesOf('caf'), 0xe9)).message).toContain('Byte 3 (E9)');
  });

  it('is no UTF-16 for tabs, line ends and escapes at every second place', () => {
    for (const text of [
      '1\t2\t3\t4\n',
      '1\t2\n',
      'a\nb\n',
      '\u001b[31merror\u001b[0m a\tb\n',
      'alpha\u0000beta\u0000gamma\u0000',
      'page\f',
    ])
      expect(decodeText(bytesOf(text.repeat(100)))).toBe(text.repeat(100));
  });

  it('is named when it is UTF-32, marked or not', () => {
    for (const littleEndian of [true, false])
      for (const text of ['abc def\n', '東京', 'नमस्ते', '\uFEFFabc'])
        expect(errorOf(utf32(text, littleEndian)).message, text).toBe('It is UTF-32, and the lab reads UTF-8.');
  });

  it('names where UTF-16 breaks off', () => {
    const messageOf = (...more: number[]) => errorOf(Uint8Array.of(...utf16('ab', 'le', true), ...more)).message;
    expect(messageOf(0x41)).toBe('Byte 6 (41) begins no UTF-16 character.');
    expect(messageOf(0x00, 0xd8, 0x41, 0x00)).toBe('Byte 6 (00) begins no UTF-16 character.');
    expect(messageOf(0x3d, 0xd8, 0x00, 0xde, 0x00, 0xdc)).toBe('Byte 10 (00) begins no UTF-16 character.');
  });

  it('says which older encoding it looks like', () => {
    const looks = (hex: string) =>
      /It looks like (.*)\.$/.exec(errorOf(Uint8Array.from(Buffer.from(hex, 'hex'))).message)?.[1] ?? null;
    const oneByte = 'Windows-1252, or another encoding of one byte a character';
    const latin1 = (text: string) => Buffer.from(text, 'latin1').toString('hex');
    for (const text of ['café', 'décaf', 'Der Fuchs läuft über die Straße.', 'Ça va très bien, merci à tous.\n'])
      expect(looks(latin1(text)), text).toBe(oneByte);
    expect(looks('9348656c6c6f9420850a')).toBe(oneByte);
    expect(looks('cff0e8e2e5f220ece8f00a')).toBe(oneByte);
    expect(looks('938c8b9e82cd90b082ea82c582b78142')).toBe('Shift JIS');
    expect(looks('c5ecb5fea4cfc0b2a4eca4c7a4b9a1a3')).toBe('EUC-JP');
    expect(looks('c4e3bac3cac0bde7a1a30a')).toBe('GB 18030');
    expect(looks('a4b5a4d1a4d1aef0abdca66ea141')).toBe('Big5');
    expect(looks('bec8b3e7c7cfbcbcbfe4')).toBe('EUC-KR');
    expect(looks('00ff00ff8100')).toBeNull();
  });

  it('is named when it is no text at all', () => {
    const files: [string, string][] = [
      ['1f8b0800', 'packed with gzip'],
      ['504b030414000600', 'a ZIP archive, as files of Excel, Word and PyTorch are'],
      ['504152311504', 'a Parquet table'],
      ['8004950e', 'a pickle of Python'],
      ['255044462d312e370a', 'a PDF document'],
      ['47475546030000', 'a model in GGUF form'],
      ['02000000000000007b7d', 'a model in safetensors form'],
      ['474946383761', 'a picture'],
      ['524946462400000057454250', 'a picture'],
      ['0000001866747970', 'a film'],
      ['7f454c46', 'a program'],
      ['0061736d01', 'a program'],
      ['526172211a0701', 'a RAR archive'],
      [`612e747874${'00'.repeat(252)}757374617200`, 'a tar archive'],
    ];
    for (const [hex, what] of files) {
      const bytes = Uint8Array.from(Buffer.from(`${hex}${'20'.repeat(200)}`, 'hex'));
      expect(errorOf(bytes)).toMatchObject({ code: 'text/noText', message: `It is ${what}, and no text.` });
      expect(() => decodeLines(bytes, 'file/votes', 'x.jsonl')).toThrow(`x.jsonl is ${what}, and no text.`);
    }
    expect(decodeText(bytesOf('PK, said the fox. PAR1. GGUF. RIFF. MZ. ustar'))).toContain('fox');
  });

  it('of lines is refused by its size before it is read', () => {
    const large = { length: LIMITS.linesBytes + 1 } as Uint8Array;
    expect(() => decodeLines(large, 'file/votes', 'x.jsonl')).toThrow('x.jsonl is 50.1 MB; the lab reads up to 50 MB.');
    expect(() => decodeLines(Uint8Array.of(0xff, 0xfe, 0x41), 'file/votes', 'x.jsonl')).toThrow(
      'x.jsonl is not UTF-8 text.',
    );
  });
});

describe('bytes that are nearly UTF-8', () => {
  const once = bytesOf('one, två, 三 🌊. '.repeat(20));
  const asHalves = (text: string): number[] =>
    Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).flatMap((unit) =>
      unit < 0x80 ? [unit] : [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)],
    );
  const cases: [number[], string][] = [
    [[0xed, 0xa0, 0x80], 'half of a character (a surrogate)'],
    [[0xed, 0xbf, 0xbf], 'half of a character (a surrogate)'],
    [[0xed, 0xa0, 0x80, 0xed, 0xa0, 0x80], 'half of a character (a surrogate)'],
    [asHalves('🌊🌊'), 'CESU-8'],
    [[0xc0, 0x80], 'modified UTF-8 of Java'],
    [[0xc0, 0x80, ...asHalves('🌊')], 'modified UTF-8 of Java'],
    [[0xe0, 0x80, 0xaf], 'in more bytes than UTF-8 writes'],
    [[0xf0, 0x80, 0x80, 0xaf], 'in more bytes than UTF-8 writes'],
    [[0xf4, 0x90, 0x80, 0x80], 'beyond the last character of Unicode'],
    [[0xf8, 0x88, 0x80, 0x80, 0x80], 'beyond the last character of Unicode'],
    [[0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], 'beyond the last character of Unicode'],
  ];

  it('are called what they are, and no encoding, alone, repeated and far inside a text', () => {
    for (const [fault, words] of cases)
      for (const bytes of [
        [...once, ...fault, ...once],
        ...(words.includes('more bytes') ? [] : [fault, Array(200).fill(fault).flat()]),
        [...bytesOf('plain letters. '.repeat(9000)), ...fault, 0xc3, 0xa9],
      ]) {
        const { message } = errorOf(Uint8Array.from(bytes as number[]));
        expect(message, `${fault}`).toContain(words);
        expect(message).toMatch(/^Byte \d+ \([0-9A-F]{2}\) begins no UTF-8 character\. It [^.]+\.$/);
        expect(message).not.toMatch(/GB 18030|Big5|JIS|Windows|UTF-16/);
        expect(() => decodeLines(Uint8Array.from(bytes as number[]), 'file/votes', 'x')).toThrow(words);
      }
  });

  it('are not looked for in text of another encoding', () => {
    const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    for (const text of ['voil\u00c0\u0092s', 'caf\u00e9', 'na\u00efve caf\u00e9', '\u00c0 \u00ab'])
      expect(errorOf(latin(text)).message, text).toMatch(/character\.(?: It looks like Windows-1252,.*)?$/);
  });

  it('of one value over and over are no text of East Asia, and control characters no UTF-16', () => {
    for (const byte of [0x80, 0xff]) expect(errorOf(new Uint8Array(300).fill(byte)).message).not.toMatch(/GB|Big5/);
    const controls = Uint8Array.from({ length: 600 }, (_, i) => 1 + (i % 3));
    expect(decodeText(controls)).toHaveLength(600);
  });

  it('that lost the last byte are UTF-16 all the same', () => {
    for (const order of orders) {
      const bytes = utf16('{"prompt":"a","chosen":"b"}\n'.repeat(4), order, false);
      expect(errorOf(bytes.subarray(0, -1)).message).toContain('UTF-16 without a byte order mark');
    }
  });
});
