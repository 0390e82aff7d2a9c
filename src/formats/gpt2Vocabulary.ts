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

/** tokens that the configs name for a purpose, such as the one that pads */
function namedTokens({ config, special }: Beside): Set<unknown> {
  const named = [config, special].flatMap((one) =>
    Object.entries(one).flatMap(([key, value]) => (/_tokens?$/.test(key) ? [value].flat() : [])),
  );
  return new Set(named.map(contentOf));
}

const CUTS = { single_word: false, lstrip: false, rstrip: false, normalized: false };

function addedTokens(vocab: ForeignConfig, beside: Beside): object[] {
  const named = namedTokens(beside);
  const written = Object.entries((beside.config.added_tokens_decoder ?? {}) as Record<string, object>);
  const list: { content: unknown }[] = written.map(([id, token]) => ({
    ...CUTS,
    content: '',
    ...token,
    id: Number(id),
  }));
  const known = new Set(list.map(({ content }) => content));
  const take = (content: string, id: unknown, special: boolean) => {
    if (!known.has(content)) list.push({ ...CUTS, id, content, special } as { content: unknown });
    known.add(content);
  };
  for (const [content, id] of Object.entries(beside.added)) take(content, id, named.has(content));
  if (vocab[END] !== undefined) take(END, vocab[END], true);
  return list;
}

/** the token that begins every text, where the config asks for it */
function begin({ config }: Beside, tokens: readonly object[]): object | null {
  if (config.add_bos_token !== true) return null;
  const content = contentOf(config.bos_token) ?? END;
  const { id } = (tokens as { id: unknown; content: unknown }[]).find((token) => token.content === content) ?? {};
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
