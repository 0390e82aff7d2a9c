/**
 * GPT-2's tokenizer in its older form, `vocab.json` and `merges.txt`, as the newer one, `tokenizer.json`.
 * https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Tokenizer
 */
import type { ForeignConfig } from './foreignConfig';

const END = '<|endoftext|>';

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** a line a merge, after one that names the version */
export function mergesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines[0]?.startsWith('#version') ? lines.slice(1) : lines;
}

/** What may lie beside the two files, not yet looked at. */
export interface Beside {
  /** `tokenizer_config.json` */
  config: ForeignConfig;
  /** `added_tokens.json`: numbers by token */
  added: ForeignConfig;
  /** `special_tokens_map.json` */
  special: ForeignConfig;
}

const contentOf = (token: unknown): unknown =>
  typeof token === 'object' && token !== null ? (token as ForeignConfig).content : token;

/** in the order in which transformers adds them behind the vocabulary; the first three are GPT-2's one token by default */
const NAMED = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const;
const DEFAULT: ReadonlySet<string> = new Set(NAMED.slice(0, 3));

/** @returns tokens that the configs name for a purpose, such as the one that pads; null there means none */
function namedTokens({ config, special }: Beside): unknown[] {
  const sayingOf = (key: string): unknown => (key in config ? config[key] : special[key]);
  const named = NAMED.map((key) => sayingOf(key) ?? (DEFAULT.has(key) && sayingOf(key) === undefined ? END : null));
  const more = ['additional_special_tokens', 'extra_special_tokens'].flatMap((key) => sayingOf(key));
  return [...named, ...more].filter((token) => typeof contentOf(token) === 'string');
}

const CUTS = { single_word: false, lstrip: false, rstrip: false, normalized: false };

interface Added {
  id: number;
  content: string;
  special: boolean;
}

/** as transformers does: a token has its number in the vocabulary, or the next behind it, whatever a file says */
function addedTokens(vocab: ForeignConfig, beside: Beside): Added[] {
  const list: Added[] = [];
  const known = new Set<unknown>();
  let next = Object.keys(vocab).length;
  const take = (token: unknown, special: boolean) => {
    const content = contentOf(token) as string;
    if (known.has(content)) return;
    known.add(content);
    const said = typeof token === 'object' ? token : {};
    const own = Object.hasOwn(vocab, content) ? vocab[content] : undefined;
    list.push({ ...CUTS, special, ...said, content, id: typeof own === 'number' ? own : next++ });
  };
  const inOrder = <T>(all: [T, unknown][]) => all.sort(([, one], [, other]) => Number(one) - Number(other));
  const named = namedTokens(beside);
  const isNamed = new Set(named.map(contentOf));
  const written = Object.entries((beside.config.added_tokens_decoder ?? {}) as ForeignConfig);
  for (const [token] of inOrder(written.map(([id, token]) => [token, id])))
    if (typeof contentOf(token) === 'string') take(token, false);
  for (const [content] of inOrder(Object.entries(beside.added))) take(content, isNamed.has(content));
  for (const token of named) take(token, true);
  return list;
}

/** the token that begins every text, where the config asks for it */
function begin({ config }: Beside, tokens: readonly Added[]): object | null {
  if (config.add_bos_token !== true) return null;
  const content = contentOf(config.bos_token) ?? END;
  const id = tokens.find((token) => token.content === content)?.id;
  return {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: content, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    special_tokens: { [String(content)]: { id: content, ids: [id], tokens: [content] } },
  };
}

/** @param vocab numbers by token */
export function tokenizerOfVocabulary(
  vocab: ForeignConfig,
  merges: string,
  beside: Beside = { config: {}, added: {}, special: {} },
): Record<string, unknown> {
  const tokens = addedTokens(vocab, beside);
  return {
    added_tokens: tokens,
    normalizer: null,
    pre_tokenizer: { ...BYTE_LEVEL, add_prefix_space: beside.config.add_prefix_space === true },
    post_processor: begin(beside, tokens) ?? BYTE_LEVEL,
    decoder: BYTE_LEVEL,
    model: { type: 'BPE', unk_token: null, vocab, merges: mergesIn(merges) },
  };
}
