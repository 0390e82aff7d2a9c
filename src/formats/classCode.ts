/**
 * The class code: 6 signs that the teacher shows and every student types.
 *
 *   12 bits seed | 3 bits number of pairs | 10 bits of the hash | 1 check sign
 *
 * Seed and model fix the pairs; the hash, of the model and the texts of the pairs, tells a laptop that got others.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { CLASS_SIZES, type ClassPairs, type ClassSize } from '../contract/classroom';
import {
  lengthTrouble,
  numberOfSigns,
  type Reading,
  read,
  refused,
  signsOf,
  signsOfNumber,
  syndrome,
  textOf,
  withOneCheck,
} from './signs';

export const CLASS_SIGNS = 6;
const HASH_BITS = 10;
const SIZE_BITS = 3;

export interface ClassCode {
  seed: number;
  size: ClassSize;
  /** the first 10 bits of the hash of model and texts */
  model: number;
}

/** what hashes are of: UTF-8, joined by U+0000 */
const digest = (parts: readonly string[]): Uint8Array => sha256(new TextEncoder().encode(parts.join('\0')));
const textsOf = ({ pairs }: Pick<ClassPairs, 'pairs'>): string[] =>
  pairs.flatMap(({ prompt, completions }) => [prompt, ...completions]);

/** @returns SHA-256 in hexadecimal */
export const hashOf = (bytes: Uint8Array): string =>
  [...sha256(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @returns the 10 bits that a class code holds of the model and the texts of its pairs */
export function modelBits(set: ClassPairs): number {
  const [first = 0, second = 0] = digest([set.modelHash, ...textsOf(set)]);
  return ((first << 8) | second) >> (16 - HASH_BITS);
}

/** @returns the byte by which a vote code is known to be of this class */
export const classTag = (code: string, set: ClassPairs): number =>
  digest([code, set.modelHash, ...textsOf(set)])[0] as number;

export function encodeClassCode({ seed, size, model }: ClassCode): string {
  const value = (((seed << SIZE_BITS) | CLASS_SIZES.indexOf(size)) << HASH_BITS) | model;
  return textOf(withOneCheck(signsOfNumber(BigInt(value), CLASS_SIGNS - 1)));
}

/** @returns the code that these pairs have */
export const codeOf = (set: ClassPairs): string =>
  encodeClassCode({ seed: set.seed, size: set.pairs.length as ClassSize, model: modelBits(set) });

export function readClassCode(text: string): Reading<ClassCode> {
  const signs = signsOf(text);
  if (signs.kind === 'refused') return signs;
  const word = signs.value;
  if (word.length !== CLASS_SIGNS) return refused(lengthTrouble(word.length, CLASS_SIGNS));
  const value = Number(numberOfSigns(word.slice(0, -1)));
  const size = CLASS_SIZES[(value >> HASH_BITS) & (2 ** SIZE_BITS - 1)];
  if (syndrome(word, 1) !== 0 || size === undefined) return refused('a sign is wrong: compare it with the one shown');
  return read({ seed: value >> (HASH_BITS + SIZE_BITS), size, model: value & (2 ** HASH_BITS - 1) });
}

/** what three signs in a row would have a class laugh at, or worse */
const WORDS = new Set(
  (
    'ARS ASS AZZ BAD BUM CNT CUM CUN DAM DCK DUM FAG FAP FAT FCK FKU FUC FUK FUX GAY GTF HEL JAP JEW KKK KYS LSD ' +
    'MAD NAZ NGR PEE PMS PSY PUS RAP RPE SEX SHT SLT SLU STD SUC SUK TRD TWT UGL VAG WTF XTC XXX'
  ).split(' '),
);

/** @returns whether a code spells one of them */
export const spellsWord = (code: string): boolean =>
  Array.from({ length: code.length - 2 }, (_, i) => code.slice(i, i + 3)).some((three) => WORDS.has(three));

/** whether the part of a class code that its seed decides spells a word */
const isUnseemly = (seed: number, size: ClassSize): boolean =>
  spellsWord(encodeClassCode({ seed, size, model: 0 }).slice(0, 3));

/** @returns the seed, or the next one in its range whose part of the code spells no word */
export function seemlySeed(seed: number, size: ClassSize, { from, below }: { from: number; below: number }): number {
  const next = (one: number): number => (one + 1 < below ? one + 1 : from);
  let found = seed;
  while (isUnseemly(found, size)) found = next(found);
  return found;
}
