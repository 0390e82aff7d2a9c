/**
 * What a `tokenizer.json` is made of, looked at before the library is asked, which takes parts that it does not know,
 * merges of tokens that are not there and two tokens of one number without a word. Parts whose pattern is JavaScript's
 * in the library and Unicode's in the original are written out as a Split, whose patterns it translates.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { LabError } from '../../../contract/errors';
import { startOf } from '../../../contract/limits';

export type Part = Readonly<Record<string, unknown>>;

/** @throws always */
export function refuse(message: string): never {
  throw new LabError('file/checkpoint', `tokenizer.json: ${message}`);
}

export const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const quoted = (value: unknown): string => startOf(JSON.stringify(value) ?? 'nothing', 80);

/** the original counts tokens in 32 bits, and so do JavaScript's lists */
export const isNumber = (id: unknown): id is number =>
  Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 32 - 1;

export const kindOf = (part: Part): string => (typeof part.type === 'string' ? part.type : quoted(part.type));

/** @returns the parts of a Sequence under this name, or the part alone */
export function inOrder(part: unknown, name: string): Part[] {
  if (part === undefined || part === null) return [];
  if (!isPart(part)) return refuse(`${quoted(part)} is no part of a tokenizer`);
  if (part.type !== 'Sequence') return [part];
  const list = part[name];
  return Array.isArray(list) ? list.flatMap((one) => inOrder(one, name)) : refuse('a Sequence without its parts');
}

const PLAIN_NORMALIZERS = ['NFC', 'NFD', 'NFKC', 'NFKD', 'StripAccents'];

export const NOTHING_ELSE = {
  model: { type: 'WordLevel', vocab: {}, unk_token: null },
  ...{ added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null },
};

/** @param part a normalizer, as the library takes it */
export function normalizerAlone(part: Part | null): (text: string) => string {
  const { normalizer } = new Tokenizer({ ...NOTHING_ELSE, normalizer: part }, {});
  return (text) => normalizer?.normalize(text) ?? text;
}

/** one sign, or two of different kinds: where something of no length is found, it is found in one of them */
const PROBES = ['', 'a', 'A', '1', ' ', '\n', '.', '東', ' a', 'a ', 'a1', '1a', 'a.', '.a', 'aA', 'Aa', 'aa', '  '];

/** in the place of a match of no length the original writes something else, or ends the program */
function checkLength(part: Part): void {
  const [marked, removed] = ['\u{F0000}', ''].map((content) => normalizerAlone({ ...part, content }));
  const isEmpty = (probe: string) => {
    const matches = Array.from(marked!(probe)).filter((sign) => sign === '\u{F0000}').length;
    return matches > probe.length - removed!(probe).length;
  };
  if (PROBES.some(isEmpty))
    refuse(`${quoted(part.pattern)} is found between signs too, and there is nothing to replace`);
}

/** what stands in the place of a match is text there, in which the library would read `$` as JavaScript does */
function replaceOf(part: Part): Part {
  const { content } = part;
  patternOf(part);
  checkLength(part);
  return typeof content === 'string'
    ? { ...part, content: content.replaceAll('$', '$$$$') }
    : refuse('a Replace without its content');
}

/** in front of nothing the original puts nothing */
function prependOf({ prepend }: Part): Part {
  if (typeof prepend !== 'string') return refuse('a Prepend without its text');
  const first = { Regex: String.raw`\A(?=[\s\S])` };
  return { type: 'Replace', pattern: first, content: prepend.replaceAll('$', '$$$$') };
}

/** @returns the same, as the library computes it right */
export function normalizerOf(part: unknown): Part | null {
  const parts = inOrder(part, 'normalizers').flatMap((one): Part[] => {
    // the library lowers words, where a last sigma is another letter; the original lowers letters
    if (one.type === 'Lowercase') return [{ type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' }, one];
    if (one.type === 'Replace') return [replaceOf(one)];
    if (one.type === 'Prepend') return [prependOf(one)];
    return PLAIN_NORMALIZERS.includes(kindOf(one))
      ? [one]
      : refuse(`the normalizer ${kindOf(one)} is not among those that the lab computes`);
  });
  return parts.length === 0 ? null : { type: 'Sequence', normalizers: parts };
}

/** What of a text is kept, and how its matches are. */
export interface Splitting {
  pattern: string;
  /** matches and what lies between, the one or the other */
  keeps: 'all' | 'matches' | 'others';
  /** matches that touch are one */
  joins: boolean;
}

const split = (pattern: string, keeps: Splitting['keeps'], joins = false): Splitting => ({ pattern, keeps, joins });

/** GPT-2's, https://github.com/openai/gpt-2/blob/master/src/encoder.py */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
export const BYTES: Part = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
/** of Rust's expressions, by which Whitespace cuts; those of a Split are Oniguruma's, where ½ is a word and a joiner is none */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D`;
/** signs that Unicode took in after its version 8, by which the original tells punctuation; two were some then alone */
const LATER = [
  ...['\u061D\u09FD\u0A76\u0C77\u0C84\u1B4E\u1B4F\u1B7D-\u1B7F\u2E43-\u2E4F\u2E52-\u2E5D\u{10D6E}\u{10EAD}\u{10ED0}'],
  ...[
    '\u{10F55}-\u{10F59}\u{10F86}-\u{10F89}\u{113D4}\u{113D5}\u{113D7}\u{113D8}\u{1144B}-\u{1144F}\u{1145A}\u{1145B}',
  ],
  ...[
    '\u{1145D}\u{11660}-\u{1166C}\u{116B9}\u{1183B}\u{11944}-\u{11946}\u{119E2}\u{11A3F}-\u{11A46}\u{11A9A}-\u{11A9C}',
  ],
  ...[
    '\u{11A9E}-\u{11AA2}\u{11B00}-\u{11B09}\u{11BE1}\u{11C41}-\u{11C45}\u{11C70}\u{11C71}\u{11EF7}\u{11EF8}\u{11F43}-\u{11F4F}',
  ],
  ...['\u{11FFF}\u{12FF1}\u{12FF2}\u{16D6D}-\u{16D6F}\u{16E97}-\u{16E9A}\u{16FE2}\u{1E5FF}\u{1E95E}\u{1E95F}'],
].join('');
const PUNCTUATION = `(?:(?![${LATER}])[\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E]|[\u166D\u{111C9}])`;

/** groups that catch something, with a name or without, would come back as pieces of their own */
const withoutGroups = (pattern: string): string =>
  pattern.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?!\?)|\(\?<(?![=!])[^>]*>/g, (found) =>
    found.startsWith('(') ? '(?:' : found,
  );

/** a text as an expression that matches it */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function patternOf({ pattern }: Part): string {
  // to the original it is found nowhere, to JavaScript everywhere
  if (isPart(pattern) && (pattern.Regex === '' || pattern.String === '')) return refuse('a pattern is empty');
  if (isPart(pattern) && typeof pattern.Regex === 'string') return withoutGroups(pattern.Regex);
  if (isPart(pattern) && typeof pattern.String === 'string') return escaped(pattern.String);
  return refuse(`${quoted(pattern)} is no pattern`);
}

/** @returns what is cut the same way, with matches as pieces or left out */
function splitOf(part: Part): Splitting {
  const [pattern, invert] = [patternOf(part), part.invert === true];
  if (part.behavior === 'Isolated') return split(pattern, 'all');
  if (part.behavior === 'Removed') return split(pattern, invert ? 'matches' : 'others');
  if (part.behavior === 'Contiguous') return split(pattern, 'all', true);
  return refuse(`a Split with behavior ${quoted(part.behavior)} is not among those that the lab computes`);
}

const PRE_TOKENIZERS: Readonly<Record<string, (part: Part) => (Splitting | 'bytes')[]>> = {
  ByteLevel: ({ use_regex: usesPattern }) => (usesPattern === false ? ['bytes'] : [split(GPT2, 'all'), 'bytes']),
  WhitespaceSplit: () => [split(String.raw`\s+`, 'others')],
  Whitespace: () => [split(`[${WORD}]+|[^${WORD}\\p{White_Space}]+`, 'matches')],
  Digits: ({ individual_digits: alone }) => [split(alone === true ? String.raw`\p{N}` : String.raw`\p{N}+`, 'all')],
  Punctuation: ({ behavior = 'Isolated' }) => [splitOf({ pattern: { Regex: PUNCTUATION }, behavior })],
  Split: (part) => [splitOf(part)],
};

/** those that cut at white space whatever stands around it */
const isCutAtSpace = ({ type, use_regex: usesPattern }: Part): boolean =>
  type === 'WhitespaceSplit' || type === 'Whitespace' || (type === 'ByteLevel' && usesPattern !== false);

/** How texts are cut before the model sees them. */
export interface PreTokenizing {
  parts: (Splitting | 'bytes')[];
  /** a text may be read in parts that begin with white space */
  inParts: boolean;
  /** a space is put before every piece of text that does not begin with one */
  prefix: boolean;
}

/** what looks at one sign and those that combine with it, so that a text may be normalised in parts */
const BY_SIGN = ['NFC', 'NFD', 'NFKC', 'NFKD', 'StripAccents', 'Lowercase'];
export const isBySign = (part: unknown): boolean =>
  inOrder(part, 'normalizers').every((one) => BY_SIGN.includes(kindOf(one)));

export function preTokenizerOf(part: unknown): PreTokenizing {
  const all = inOrder(part, 'pretokenizers');
  const wanting = all.findLastIndex((one) => one.type === 'ByteLevel' && one.add_prefix_space !== false);
  if (wanting > 0) refuse('add_prefix_space behind another pre-tokenizer is not among what the lab computes');
  const parts = all.flatMap((one) => {
    const known = Object.hasOwn(PRE_TOKENIZERS, kindOf(one)) ? PRE_TOKENIZERS[kindOf(one)] : undefined;
    return known ? known(one) : refuse(`the pre-tokenizer ${kindOf(one)} is not among those that the lab computes`);
  });
  return {
    parts,
    prefix: wanting === 0,
    inParts: wanting < 0 && all[0] !== undefined && isCutAtSpace(all[0]),
  };
}
