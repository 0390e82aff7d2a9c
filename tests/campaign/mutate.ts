/** What happens to files on their way: seeded, so that a failure can be seen again by its number. */
import type { Random } from '../../src/core/tensor/random';

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

const latin1 = new TextDecoder('latin1');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const splice = (bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(bytes.length - removed + added.length);
  whole.set(bytes.subarray(0, at));
  whole.set(added, at);
  whole.set(bytes.subarray(at + removed), at + added.length);
  return whole;
};
const insert = (bytes: Uint8Array, random: Random, added: Uint8Array): Uint8Array =>
  splice(bytes, random.integer(bytes.length + 1), 0, added);

/** replaces one match of a pattern, chosen by chance */
const replaceOne = (bytes: Uint8Array, random: Random, pattern: RegExp, value: string): Uint8Array => {
  const text = latin1.decode(bytes);
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return bytes;
  const { 0: found, index } = random.pick(matches);
  return fromLatin1(text.slice(0, index) + value + text.slice(index + found.length));
};

const NUMBERS = [
  '0',
  '-1',
  '-0',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '1e-320',
  '99999999999999999999',
  '1e21',
  '0x10',
  'NaN',
  '""',
];
const VALUES = ['null', 'true', '[]', '{}', '""', '"\\u0000"', '[null]', '{"__proto__":{"a":1}}', '"𝕋"', '-1'];
const SIGNS = [
  '\uFEFF',
  '\u0000',
  '\u2028',
  '\u202E',
  '👩‍👩‍👧',
  '\u0301'.repeat(50),
  '\r',
  '\uD83D',
  '"',
  '\\',
  '&',
  '=',
  '#',
  '%',
  '%zz',
  '+',
];

const CHANGES: Record<string, Change> = {
  flip(bytes, random) {
    const changed = bytes.slice();
    for (let i = 0; i <= random.integer(4) && changed.length > 0; i++) {
      const at = random.integer(changed.length);
      changed[at] = (changed[at] as number) ^ (1 << random.integer(8));
    }
    return changed;
  },
  truncate: (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  drop(bytes, random) {
    const at = random.integer(bytes.length + 1);
    return splice(bytes, at, Math.min(bytes.length - at, random.integer(40)), new Uint8Array());
  },
  duplicate(bytes, random) {
    const at = random.integer(bytes.length + 1);
    return insert(bytes, random, bytes.slice(at, at + random.integer(400)));
  },
  repeatLine(bytes, random) {
    const lines = latin1.decode(bytes).split('\n');
    const line = random.pick(lines);
    return fromLatin1([...lines, ...new Array<string>(1 + random.integer(20)).fill(line)].join('\n'));
  },
  number: (bytes, random) => replaceOne(bytes, random, /-?\d+(\.\d+)?(e[+-]?\d+)?/gi, random.pick(NUMBERS)),
  value: (bytes, random) =>
    replaceOne(bytes, random, /"(?:[^"\\]|\\.)*"(?!\s*:)|\btrue\b|\bfalse\b|-?\d+/g, random.pick(VALUES)),
  key: (bytes, random) =>
    replaceOne(
      bytes,
      random,
      /"\w+"(?=\s*:)/g,
      random.pick(['"__proto__"', '"constructor"', '""', '"prompt"', '"choice"']),
    ),
  nest(bytes, random) {
    const depth = 1 + random.integer(3000);
    return insert(bytes, random, encode(random.pick(['[', '{"a":', '[[', '"', '('] as const).repeat(depth)));
  },
  sign: (bytes, random) => insert(bytes, random, encode(random.pick(SIGNS))),
  mark: (bytes, random) =>
    splice(bytes, 0, 0, random.pick([encode('\uFEFF'), Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xfe, 0xff)])),
  lineEnds: (bytes, random) =>
    fromLatin1(latin1.decode(bytes).replaceAll('\n', random.pick(['\r\n', '\r', '\n\n', ' ']))),
  utf16(bytes, random) {
    const units = Uint16Array.from(latin1.decode(bytes), (letter) => letter.charCodeAt(0));
    const plain = new Uint8Array(units.buffer);
    return random.integer(2) === 0 ? plain : splice(plain, 0, 0, Uint8Array.of(0xff, 0xfe));
  },
  run: (bytes, random) =>
    insert(
      bytes,
      random,
      encode(random.pick(['=', 'a', ' ', '\u0000', '\n', '🐈']).repeat(1 + random.integer(20_000))),
    ),
};

const NAMES = Object.keys(CHANGES);

/** @returns the file with one to three changes, and what they were */
export function mutate(bytes: Uint8Array, random: Random): { bytes: Uint8Array; changes: string[] } {
  const changes = Array.from({ length: 1 + random.integer(3) }, () => random.pick(NAMES));
  return { bytes: changes.reduce((now, name) => (CHANGES[name] as Change)(now, random), bytes), changes };
}

/**
 * The same for the header of a safetensors file, whose length is then made to fit: beyond the first check lie the
 * others.
 */
export function mutateHeader(bytes: Uint8Array, random: Random): { bytes: Uint8Array; changes: string[] } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { bytes: header, changes } = mutate(bytes.slice(8, 8 + length), random);
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(header.length), true);
  return {
    bytes: splice(splice(bytes, 8, length, header), 0, 8, size),
    changes: changes.map((name) => `header ${name}`),
  };
}
