/**
 * The tokenizers of the lab as `tokenizer.json`, so that transformers gives the same numbers without code of ours:
 * words of the stories, characters, words with the space before them, and byte-level merges.
 */
import { BYTE_LETTERS } from '../../contract/byteLetters';
import type { ForeignTokens, TokenizerData } from '../../contract/checkpoint';
import { LabError } from '../../contract/errors';

type Json = Record<string, unknown>;

const isStories = ({ kind, tokens }: TokenizerData): boolean => kind === 'word' && tokens[1] !== '<unk>';

const BYTES = 256;

/** numbers of the tokens that begin, end and fill a text; null where a model has none */
export function tokenIdsOf(data: TokenizerData): { bos: number | null; eos: number | null; pad: number } {
  if (isStories(data)) return { bos: 1, eos: 2, pad: 0 };
  if (data.foreign) return { bos: null, eos: data.foreign.eosId, pad: data.foreign.padId };
  return { bos: null, eos: null, pad: data.kind === 'bpe' ? BYTES + (data.merges ?? []).length : 0 };
}

const special = (id: number, content: string): Json => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

const split = (pattern: string, behavior: 'Isolated' | 'Removed', invert = false): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior,
  invert,
});
const inOrder = (...pretokenizers: Json[]): Json => ({ type: 'Sequence', pretokenizers });

/** signs that have a meaning in an expression */
const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** white space as JavaScript has it, which the lab cuts at; Unicode's has U+0085 and no U+FEFF */
const SPACE = '\\t\\n\\x0B\\f\\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF';

const numbered = (tokens: readonly string[]): Json => Object.fromEntries(tokens.map((token, id) => [token, id]));

/** lower case, signs apart, words that it does not know left out, `<bos>` in front; read with a space between words */
function ofStories({ tokens }: TokenizerData): Json {
  const words = tokens.slice(3).toSorted((one, other) => other.length - one.length);
  const begin = { SpecialToken: { id: '<bos>', type_id: 0 } };
  return {
    added_tokens: ['<pad>', '<bos>', '<eos>'].map((content, id) => special(id, content)),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: inOrder(
      split(`[^${SPACE}\\p{L}\\p{N}<>]`, 'Isolated'),
      split(`[${SPACE}]+`, 'Removed'),
      split(`^(?:${words.map(escaped).join('|')})$`, 'Removed', true),
    ),
    post_processor: {
      type: 'TemplateProcessing',
      single: [begin, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [begin, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<bos>': { id: '<bos>', ids: [1], tokens: ['<bos>'] } },
    },
    decoder: null, // joins with one space
    model: { type: 'WordLevel', vocab: numbered(tokens), unk_token: '<pad>' },
  };
}

/** pieces of a text that joined together are it; an unknown one reads as U+FFFD */
const ofPieces = (pattern: string, unknown: string, { tokens }: TokenizerData): Json => ({
  added_tokens: [special(0, '<pad>')],
  normalizer: null,
  pre_tokenizer: split(pattern, 'Isolated'),
  post_processor: null,
  decoder: {
    type: 'Sequence',
    decoders: [{ type: 'Replace', pattern: { String: '<unk>' }, content: unknown }, { type: 'Fuse' }],
  },
  model: { type: 'WordLevel', vocab: numbered(tokens), unk_token: '<unk>' },
});

/** `wordPieces` of core/text/splitting.ts */
const WORD_PIECES = `(?: ?[\\p{L}\\p{M}\\p{N}](?:['’-]?[\\p{L}\\p{M}\\p{N}]){0,99}| ?[^${SPACE}\\p{L}\\p{M}\\p{N}]|[${SPACE}])`;
/** `gpt2Pieces` of core/text/splitting.ts */
const GPT2_PIECES = `'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`;

/** every token as the letters of its bytes */
function lettersOf(merges: NonNullable<TokenizerData['merges']>): string[] {
  const tokens = [...BYTE_LETTERS];
  for (const [left, right] of merges) tokens.push(tokens[left]! + tokens[right]!);
  return tokens;
}

function ofBytes({ merges = [] }: TokenizerData): Json {
  const tokens = lettersOf(merges);
  if (new Set(tokens).size !== tokens.length)
    throw new LabError(
      'file/checkpoint',
      'two of its tokens stand for the same bytes, which tokenizers cannot tell apart',
    );
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    added_tokens: [special(tokens.length, '<pad>')],
    normalizer: null,
    pre_tokenizer: inOrder(split(GPT2_PIECES, 'Isolated'), byteLevel),
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: numbered(tokens),
      merges: merges.map(([left, right]) => [tokens[left], tokens[right]]),
    },
  };
}

function partsOf(data: TokenizerData): Json {
  if (data.foreign) return data.foreign.json;
  if (data.kind === 'bpe') return ofBytes(data);
  if (isStories(data)) return ofStories(data);
  return data.kind === 'char' ? ofPieces('[\\s\\S]', '\uFFFD', data) : ofPieces(WORD_PIECES, ' \uFFFD', data);
}

/** @returns `tokenizer.json` */
export const tokenizerOf = (data: TokenizerData): Json => ({
  version: '1.0',
  truncation: null,
  padding: null,
  ...partsOf(data),
});

/** @returns how a tokenizer of another program calls the token of this number; null where it has none */
function nameOf(json: ForeignTokens['json'], id: number | null): string | null {
  const { added_tokens: added, model } = json as { added_tokens?: unknown; model: { vocab: Record<string, number> } };
  const token = Array.isArray(added) ? added.find((one) => one.id === id)?.content : undefined;
  return token ?? Object.entries(model.vocab).find(([, number]) => number === id)?.[0] ?? null;
}

function namesOf({ json, eosId, padId }: ForeignTokens): Json {
  const { unk_token } = json.model as { unk_token?: unknown };
  const names = { eos_token: nameOf(json, eosId), pad_token: nameOf(json, padId), unk_token };
  return Object.fromEntries(Object.entries(names).filter(([, name]) => typeof name === 'string'));
}

/**
 * @param contextLength tokens
 * @returns `tokenizer_config.json`; without the class transformers takes it for GPT-2's own
 */
export function tokenizerConfigOf(data: TokenizerData, contextLength: number): Json {
  const ends = isStories(data) ? { bos_token: '<bos>', eos_token: '<eos>', unk_token: '<pad>' } : {};
  const names = data.foreign ? namesOf(data.foreign) : { ...ends, pad_token: '<pad>' };
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...names,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
    padding_side: 'right',
    model_input_names: ['input_ids', 'attention_mask'],
  };
}
