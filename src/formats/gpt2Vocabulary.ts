/**
 * GPT-2's tokenizer in its older form, `vocab.json` and `merges.txt`, as the newer one, `tokenizer.json`.
 * https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Tokenizer
 */
const END = '<|endoftext|>';

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** a line a merge, after one that names the version */
export function mergesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines[0]?.startsWith('#version') ? lines.slice(1) : lines;
}

/** @param vocab numbers by token */
export function tokenizerOfVocabulary(
  vocab: Readonly<Record<string, unknown>>,
  merges: string,
): Record<string, unknown> {
  const end = vocab[END];
  const added = { id: end, content: END, single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    added_tokens: end === undefined ? [] : [{ ...added, special: true }],
    normalizer: null,
    pre_tokenizer: BYTE_LEVEL,
    post_processor: BYTE_LEVEL,
    decoder: BYTE_LEVEL,
    model: { type: 'BPE', unk_token: null, vocab, merges: mergesIn(merges) },
  };
}
