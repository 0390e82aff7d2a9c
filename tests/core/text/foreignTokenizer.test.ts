import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/contract/steps';
import { Random } from '../../../src/core/tensor/random';
import { createForeignTokenizer } from '../../../src/core/text/huggingFace/foreignText';
import { ForeignTokenizer } from '../../../src/core/text/huggingFace/tokenizer';
import { tokenizerOfVocabulary } from '../../../src/formats/gpt2Vocabulary';

const FOLDER = 'tests/fixtures/interop/tokenizers';
const jsonOf = (path: string) => JSON.parse(readFileSync(`${FOLDER}/${path}`, 'utf8')) as Record<string, unknown>;
interface Golden {
  strings: { text: string; ids: number[]; decoded: string }[];
  withoutSpecialTokens?: { text: string; ids: number[] }[] | number[][];
}

describe('a tokenizer of transformers', () => {
  it.each(['byte-level-500', 'byte-level-added', 'word-level-split'])(
    'gives the same numbers and texts: %s',
    (name) => {
      const tokenizer = ForeignTokenizer.from(jsonOf(`${name}/tokenizer.json`));
      const { strings, withoutSpecialTokens = [] } = jsonOf(`${name}/golden.json`) as unknown as Golden;
      expect(strings.length).toBeGreaterThan(200);
      for (const { text, ids, decoded } of strings) {
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
        expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
      }
      for (const [i, bare] of withoutSpecialTokens.entries())
        expect(tokenizer.encodeBare(strings[i]!.text)).toEqual(Array.isArray(bare) ? bare : bare.ids);
    },
  );

  it('is the same from its older form, and with merges in the older spelling', () => {
    const vocab = jsonOf('byte-level-500/vocab.json');
    const merges = readFileSync(`${FOLDER}/byte-level-500/merges.txt`, 'utf8');
    const tokenizer = ForeignTokenizer.from(tokenizerOfVocabulary(vocab, merges));
    const { strings } = jsonOf('byte-level-500/golden.json') as unknown as Golden;
    for (const { text, ids } of strings) expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.vocabSize).toBe(500);
  });

  it('has in its older form what lies beside it: added tokens, a space in front, a beginning', () => {
    const vocab = jsonOf('byte-level-500/vocab.json');
    const merges = readFileSync(`${FOLDER}/byte-level-500/merges.txt`, 'utf8');
    const made = (config: Record<string, unknown>, added = {}, special = {}) =>
      ForeignTokenizer.from(tokenizerOfVocabulary(vocab, merges, { config, added, special }));
    const plain = made({});
    expect(made({ add_prefix_space: true }).encode('honey')).toEqual(plain.encode(' honey'));
    expect(made({ add_bos_token: true }).encode('honey')).toEqual([0, ...plain.encode('honey')]);
    const added = made({}, { '<mask>': 500 }, { mask_token: '<mask>' });
    expect(added.encode('a<mask>b')).toEqual([...plain.encode('a'), 500, ...plain.encode('b')]);
    expect(added.isSpecial(500)).toBe(true);
    const written = { 500: { content: '<x>', lstrip: true, special: false } };
    const decoded = made({ added_tokens_decoder: written });
    expect(decoded.encode('a  <x>')).toEqual([...plain.encode('a'), 500]);
    expect([decoded.vocabSize, decoded.isSpecial(500)]).toEqual([501, false]);
  });

  it('has in its older form the tokens that transformers adds behind a vocabulary without them, and no others', () => {
    const whole = jsonOf('byte-level-500/vocab.json') as Record<string, number>;
    const merges = readFileSync(`${FOLDER}/byte-level-500/merges.txt`, 'utf8');
    const without = Object.fromEntries(
      Object.entries(whole).flatMap(([token, id]) => (token === '<|endoftext|>' ? [] : [[token, id - 1]])),
    );
    const made = (config: Record<string, unknown>, added = {}, special = {}, vocab = without) =>
      ForeignTokenizer.from(tokenizerOfVocabulary(vocab, merges, { config, added, special }));
    expect(Object.keys(without)).toHaveLength(499);
    expect(made({}).encode('<|endoftext|>')).toEqual([499]);
    expect([made({}).vocabSize, made({}).beyond(499)]).toEqual([500, ['<|endoftext|>']]);
    expect(made({ add_bos_token: true }).encode('')).toEqual([499]);
    // what bos, eos and unk are called, in this order, then what pads; added tokens before them, without gaps
    const named = made({ eos_token: '</s>', pad_token: '<pad>' }, { later: 900 }, { unk_token: { content: '<unk>' } });
    expect(named.beyond(499)).toEqual(['later', '<|endoftext|>', '</s>', '<unk>', '<pad>']);
    expect(named.encode('</s><pad>')).toEqual([501, 503]);
    const none = { bos_token: null, eos_token: null, unk_token: null };
    expect(made(none).beyond(499)).toEqual([]);
    expect(made(none, {}, {}, whole).encode('<|endoftext|>').length).toBeGreaterThan(1);
    expect(made({ pad_token: 'h' }).encode('h')).toEqual([without.h]);
  });

  it('takes as long as its text, not longer: 200,000 equal signs', () => {
    const tokenizer = ForeignTokenizer.from(jsonOf('byte-level-500/tokenizer.json'));
    const text = '='.repeat(200_000);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });
});

type Parts = Record<string, unknown>;
const words = (...list: string[]): Parts => Object.fromEntries(list.map((word, id) => [word, id]));
/** cuts texts into pieces and shows them */
function piecesBy(pre_tokenizer: unknown, text: string, normalizer: unknown = null): string[] {
  const seen: string[] = [];
  const all = new Set(
    [...text].flatMap((_, i) => Array.from({ length: text.length - i }, (_, n) => text.slice(i, i + n + 1))),
  );
  const lower = [...all].map((one) => one.toLowerCase());
  const vocab = words(
    '<unk>',
    ...new Set([...all, ...lower, ...[...all].map((one) => one.replaceAll('Σ', 'σ').toLowerCase())]),
  );
  const model = { type: 'WordLevel', vocab, unk_token: '<unk>' };
  const tokenizer = ForeignTokenizer.from({ model, pre_tokenizer, normalizer });
  for (const id of tokenizer.encode(text)) seen.push(tokenizer.decode([id]));
  return seen;
}

const inOrder = (...pretokenizers: Parts[]) => ({ type: 'Sequence', pretokenizers });
const inNormalOrder = (...normalizers: Parts[]) => ({ type: 'Sequence', normalizers });

describe('texts are cut', () => {
  it.each<[string, unknown, string, string[]]>([
    ['at Unicode’s white space', { type: 'WhitespaceSplit' }, 'a\u0085b\uFEFFc d', ['a', 'b\uFEFFc', 'd']],
    ['into words and what is none', { type: 'Whitespace' }, 'naïve, Ωμέγα!? x_1', ['naïve', ',', 'Ωμέγα', '!?', 'x_1']],
    [
      'with ² as no word and a joiner as one',
      { type: 'Whitespace' },
      'x² ½a b\u200Dc',
      ['x', '²', '½', 'a', 'b\u200Dc'],
    ],
    [
      'at digits of any script, each alone',
      { type: 'Digits', individual_digits: true },
      'a12٣b',
      ['a', '1', '2', '٣', 'b'],
    ],
    ['at runs of digits', { type: 'Digits', individual_digits: false }, 'a12٣b', ['a', '12٣', 'b']],
    ['at every sign', { type: 'Punctuation', behavior: 'Isolated' }, 'a!?b', ['a', '!', '?', 'b']],
    [
      'at signs of Unicode 8, by which the original tells them',
      { type: 'Punctuation', behavior: 'Isolated' },
      'a\u061Db\u166Dc\u061F',
      ['a\u061Db', '\u166D', 'c', '\u061F'],
    ],
    ['at runs of signs', { type: 'Punctuation', behavior: 'Contiguous' }, 'a!?b', ['a', '!?', 'b']],
    [
      'without what is removed',
      { type: 'Split', pattern: { String: '.' }, behavior: 'Removed', invert: false },
      'a.b',
      ['a', 'b'],
    ],
    [
      'without what a group would catch',
      { type: 'Split', pattern: { Regex: '(-)+' }, behavior: 'Removed', invert: false },
      'a--b',
      ['a', 'b'],
    ],
    [
      'without what a group with a name would catch',
      { type: 'Split', pattern: { Regex: '(?<dash>-)+' }, behavior: 'Removed', invert: false },
      'a--b',
      ['a', 'b'],
    ],
    [
      'to what is matched alone',
      { type: 'Split', pattern: { Regex: '[a-z]+' }, behavior: 'Removed', invert: true },
      'ab12cd',
      ['ab', 'cd'],
    ],
    [
      'one way after the other',
      { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Punctuation' }] },
      'so, it.',
      ['so', ',', 'it', '.'],
    ],
  ])('%s', (_, part, text, pieces) => {
    expect(piecesBy(part, text)).toEqual(pieces);
  });

  it('are lowered letter by letter: a last sigma is like any other', () => {
    expect(piecesBy({ type: 'WhitespaceSplit' }, 'ΟΔΟΣ', { type: 'Lowercase' })).toEqual(['οδοσ']);
  });
});

describe('signs that no token knows', () => {
  const model = { type: 'BPE', vocab: words('a', 'b', 'ab', '<unk>', '<0xC3>', '<0xA9>'), merges: [['a', 'b']] };
  const numbers = (more: Parts, text: string) => ForeignTokenizer.from({ model: { ...model, ...more } }).encode(text);

  it('are left out before their neighbours are merged, where there is no token for them', () => {
    expect(numbers({}, 'axb')).toEqual([2]);
    expect(numbers({}, 'xx')).toEqual([]);
  });

  it('are one token each, or one together where the file says so', () => {
    expect(numbers({ unk_token: '<unk>' }, 'axxb')).toEqual([0, 3, 3, 1]);
    expect(numbers({ unk_token: '<unk>', fuse_unk: true }, 'axxbx')).toEqual([0, 3, 1, 3]);
  });

  it('are their bytes where the file has those', () => {
    expect(numbers({ byte_fallback: true }, 'aéxb')).toEqual([0, 4, 5, 1]);
  });

  it('are refused where some signs have their bytes and others the token for unknown ones, whose order is odd there', () => {
    const some = { unk_token: '<unk>', byte_fallback: true };
    expect(() => numbers(some, '')).toThrow(/byte_fallback with 2 of 256 tokens of bytes/);
    const without = { ...model, vocab: words('a', 'b', 'ab', '<unk>'), ...some };
    expect(ForeignTokenizer.from({ model: without }).encode('axb')).toEqual([0, 3, 1]);
  });

  it('keep a byte-order mark that is written in bytes', () => {
    const vocab = words('<0xEF>', '<0xBB>', '<0xBF>', 'a');
    const fallback = { type: 'BPE', vocab, merges: [], byte_fallback: true };
    const tokenizer = ForeignTokenizer.from({ model: fallback, decoder: { type: 'ByteFallback' } });
    expect(tokenizer.decode(tokenizer.encode('\uFEFFa'))).toBe('\uFEFFa');
  });
});

describe('a long text', () => {
  const letters = [...'ab \n\uFEFF.', 'Ġ', 'Ċ'];
  const model = {
    ...{ type: 'BPE', vocab: words(...letters, 'b ', '.\n', 'ĠĊ', 'b\uFEFF'), unk_token: null },
    merges: [
      ['b', ' '],
      ['.', '\n'],
      ['Ġ', 'Ċ'],
      ['b', '\uFEFF'],
    ],
  };
  const text = 'ab\uFEFF ab.\n\nab '.repeat(4000);
  it.each<[string, Parts]>([
    ['that is not cut', {}],
    [
      'that is cut by an expression',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '[a-z]+|\\.\\n+' }, behavior: 'Isolated' } },
    ],
    ['that is cut at its white space', { pre_tokenizer: { type: 'WhitespaceSplit' } }],
    ['that is cut as GPT-2 cuts', { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false } }],
    ['with a space in front of all of it', { pre_tokenizer: { type: 'ByteLevel' } }],
    [
      'with a text in front of all of it',
      { normalizer: { type: 'Prepend', prepend: 'b' }, pre_tokenizer: { type: 'WhitespaceSplit' } },
    ],
    [
      'with tokens that swallow what follows',
      {
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
        added_tokens: [{ id: 12, content: 'ab.', rstrip: true, special: true }],
      },
    ],
  ])('%s has in steps the numbers that it has at once', (_, parts) => {
    const json = { model, ...parts };
    const foreign = { json, vocabSize: 13, eosId: null, padId: 0 };
    const tokenizer = createForeignTokenizer({ kind: 'foreign', tokens: [], foreign });
    expect([...finish(tokenizer.encodeInSteps(text))]).toEqual(tokenizer.encode(text));
  });
});

describe('a pattern that might be tried for ever', () => {
  const cutBy = (Regex: string) => ({
    model: { type: 'BPE', vocab: { a: 0, b: 1, ' ': 2, aa: 3 }, merges: [['a', 'a']] },
    pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated' },
  });

  it.each(['(a+)+$', '(?:a|a)*b', '(?:a|aa)+$', '(?:[ab]+ ?)+b$', 'a+$'])('/%s/ comes to an end', (pattern) => {
    const tokenizer = ForeignTokenizer.from(cutBy(pattern));
    const long = tokenizer.encode(`${'a'.repeat(400)} `);
    expect(long.length).toBeGreaterThan(200);
    expect(long.at(-1)).toBe(2);
  });

  it.each([
    ['(?:(?:ab)+(?= a))+b', /may be tried for ever.*cannot be followed/],
    ['(?:a*)+b', /may be tried for ever/],
  ])('/%s/ is refused by its name where it cannot be followed', (pattern, words) => {
    expect(() => ForeignTokenizer.from(cutBy(pattern))).toThrow(words);
  });

  it('is refused where its matches are replaced', () => {
    const replace = { type: 'Replace', pattern: { Regex: '(a+)+b' }, content: 'b' };
    expect(() => ForeignTokenizer.from({ ...cutBy('a'), normalizer: replace })).toThrow(/\(a\+\)\+b.*for ever/);
  });
});

describe('a long text without a place to cut it', () => {
  const letters = Array.from('abcdefgh ');
  const pairs = [
    ['a', 'b'],
    ['c', 'd'],
    ['ab', 'cd'],
    ['e', 'e'],
    ['ee', 'ee'],
    ['h', 'a'],
  ] as [string, string][];
  const all = [...letters, ...pairs.map((pair) => pair.join(''))];
  const json = { model: { type: 'BPE', vocab: Object.fromEntries(all.map((one, i) => [one, i])), merges: pairs } };

  it('has the numbers of all of it, and stops on the way', () => {
    const random = Random.fromSeed(5);
    const text = Array.from({ length: 60_000 }, () => letters[random.integer(letters.length)]).join('');
    const foreign = { json, vocabSize: all.length, eosId: null, padId: 0 };
    const tokenizer = createForeignTokenizer({ kind: 'foreign', tokens: [], foreign });
    const steps = [...tokenizer.encodeInSteps(text)];
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.every((step, i) => i === 0 || step >= steps[i - 1]!)).toBe(true);
    const library = new Tokenizer(
      { ...json, normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] },
      {},
    );
    expect(tokenizer.encode(text)).toEqual(library.encode(text).ids);
  });

  it('that merges may join without an end is refused in words', () => {
    const tokenizer = ForeignTokenizer.from(json);
    expect(() => tokenizer.encode('e'.repeat(1_000_100))).toThrow(/1,000,000 signs that its merges may join/);
  });
});

describe('a tokenizer is refused in words that name', () => {
  const bpe = { type: 'BPE', vocab: words('a', 'b', 'ab'), merges: [['a', 'b']] };
  const level = { type: 'WordLevel', vocab: words('<unk>', 'a'), unk_token: '<unk>' };
  it.each<[string, Parts, RegExp]>([
    ['its model', { model: { type: 'Unigram', vocab: [['a', 0]] } }, /Unigram/],
    ['no model', {}, /no model/],
    ['a merge of tokens that are not there', { model: { ...bpe, merges: [['a', 'c']] } }, /merge "a c" needs "c"/],
    ['a merge into a token that is not there', { model: { ...bpe, merges: [['b', 'a']] } }, /needs "ba"/],
    [
      'a number that none has',
      { model: { ...bpe, vocab: { a: 2 ** 32 }, merges: [] } },
      /"a" has the number 4294967296/,
    ],
    ['what is no kind', { model: level, pre_tokenizer: { type: 'constructor' } }, /constructor is not among/],
    ['two tokens of one number', { model: { ...bpe, vocab: { a: 0, b: 0 } } }, /"a" and "b" have one number, 0/],
    [
      'an added token with the number of another',
      { model: level, added_tokens: [{ id: 1, content: '<x>' }] },
      /"a" and "<x>" have one number, 1/,
    ],
    ['dropout', { model: { ...bpe, dropout: 0.1 } }, /dropout/],
    ['a prefix of subwords', { model: { ...bpe, continuing_subword_prefix: '##' } }, /continuing_subword_prefix/],
    ['no unknown token', { model: { ...level, unk_token: undefined } }, /unk_token/],
    ['a pre-tokenizer', { model: level, pre_tokenizer: { type: 'Metaspace' } }, /Metaspace/],
    [
      'a behavior of a Split',
      { model: level, pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext' } },
      /MergedWithNext/,
    ],
    ['a normalizer', { model: level, normalizer: { type: 'Precompiled' } }, /Precompiled/],
    ['a decoder', { model: level, decoder: { type: 'WordPiece' } }, /WordPiece/],
    ['a post-processor', { model: level, post_processor: { type: 'Odd' } }, /Odd/],
    [
      'a space that a second pre-tokenizer would put in front',
      { model: level, pre_tokenizer: inOrder({ type: 'ByteLevel' }, { type: 'Digits' }, { type: 'ByteLevel' }) },
      /add_prefix_space/,
    ],
    [
      'something that is replaced between signs',
      { model: level, normalizer: { type: 'Replace', pattern: { Regex: 'x*' }, content: '-' } },
      /"x\*"\} is found between signs too/,
    ],
    [
      'a pattern that is empty',
      { model: level, normalizer: { type: 'Replace', pattern: { String: '' }, content: '-' } },
      /a pattern is empty/,
    ],
    [
      'a pattern that JavaScript does not have, in a normalizer too',
      { model: level, normalizer: { type: 'Replace', pattern: { Regex: '(' }, content: '-' } },
      /tokenizer\.json: /,
    ],
    [
      'an added token of which nothing is left',
      {
        ...{ model: level, normalizer: { type: 'Replace', pattern: { String: 'x' }, content: '' } },
        added_tokens: [{ id: 2, content: 'xx', normalized: true }],
      },
      /"xx" is nothing once it is normalised/,
    ],
    ['a version', { version: '2.0', model: level }, /version is "2.0"/],
    ['padding', { model: level, padding: { strategy: { Fixed: 5 } } }, /padding/],
  ])('%s', (_, parts, said) => {
    expect(() => ForeignTokenizer.from(parts)).toThrow(said);
  });

  it('has no word for a word that it does not know: said when it comes', () => {
    const tokenizer = ForeignTokenizer.from({ model: { ...level, unk_token: '<none>' }, pre_tokenizer: null });
    expect(tokenizer.encode('a')).toEqual([1]);
    expect(() => tokenizer.encode('b')).toThrow(/"b" is no token/);
  });
});

describe('a text is normalised', () => {
  const model = { type: 'WordLevel', vocab: words('<unk>', '$&b', '$1b', '_a', 'ab'), unk_token: '<unk>' };
  const numbers = (normalizer: Parts, text: string) => ForeignTokenizer.from({ model, normalizer }).encode(text);

  it('with what is put in the place of something as it stands', () => {
    for (const [content, id] of [
      ['$&', 1],
      ['$1', 2],
    ] as const)
      expect(numbers({ type: 'Replace', pattern: { Regex: '(a)' }, content }, 'ab')).toEqual([id]);
  });

  it('with something in front of it, and with nothing in front of nothing', () => {
    const strippedThenPrefixed = inNormalOrder({ type: 'StripAccents' }, { type: 'Prepend', prepend: '_' });
    expect(numbers(strippedThenPrefixed, 'a')).toEqual([3]);
    expect(numbers(strippedThenPrefixed, '\u0301')).toEqual([]);
  });
});

describe('numbers are read', () => {
  const added = (content: string, id: number, more = {}) => ({ id, content, normalized: true, ...more });
  const textOf = (decoder: unknown, vocab: Parts, ids: number[], more: Parts = {}) =>
    ForeignTokenizer.from({
      ...{ model: { type: 'WordLevel', vocab: { ...vocab, '<unk>': 99 }, unk_token: '<unk>' }, decoder },
      ...more,
    }).decode(ids);

  it.each<[string, unknown, string[], string]>([
    ['letters that are no bytes as they are', { type: 'ByteLevel' }, ['Ġa', 'Ã', '©', '東'], ' aé東'],
    ['a byte-order mark with the rest', { type: 'ByteLevel' }, ['ï»¿x'], '\uFEFFx'],
    [
      'runs of bytes, and signs for those that are none',
      { type: 'ByteFallback' },
      ['<0x41>', 'b', '<0xC3>'],
      'Ab\uFFFD',
    ],
    ['the end of words as a space, but at the end', { type: 'BPEDecoder', suffix: '</w>' }, ['a</w>', 'b</w>'], 'a b'],
    ['the end of words as it is where nothing decodes it', { type: 'Fuse' }, ['a</w>', 'b'], 'a</w>b'],
    ['so many signs less', { type: 'Strip', content: ' ', start: 1, stop: 0 }, ['  a', ' b'], ' ab'],
    ['a text in the place of another', { type: 'Replace', pattern: { String: '▁' }, content: '$&' }, ['▁a'], '$&a'],
    ['with spaces between where there is no decoder', null, ['a', 'b'], 'a b'],
  ])('%s', (_, decoder, tokens, text) => {
    expect(
      textOf(
        decoder,
        words(...tokens),
        Array.from(tokens, (__, i) => i),
      ),
    ).toBe(text);
  });

  it('with added tokens among them, as they are found in the normalised text', () => {
    const added_tokens = [added('KEY', 1), { ...added('[X]', 2), normalized: false }];
    const strip = { type: 'Strip', content: '[', start: 1, stop: 0 };
    expect(textOf(strip, { a: 0 }, [0, 1, 2, 7], { added_tokens, normalizer: { type: 'Lowercase' } })).toBe('akeyX]');
  });
});

describe('around a text', () => {
  const model = { type: 'WordLevel', vocab: words('<unk>', 'a', 'b', 'c', '<s>', '</s>'), unk_token: '<unk>' };
  const pre_tokenizer = { type: 'WhitespaceSplit' };

  it('stand the tokens of its post-processor, and a text that is too long is cut between them', () => {
    const post_processor = { type: 'RobertaProcessing', cls: ['<s>', 4], sep: ['</s>', 5] };
    const truncation = { max_length: 4, direction: 'Right' };
    const tokenizer = ForeignTokenizer.from({ model, pre_tokenizer, post_processor, truncation });
    expect(tokenizer.encode('a b c')).toEqual([4, 1, 2, 5]);
    expect(tokenizer.encode('')).toEqual([4, 5]);
    const none = ForeignTokenizer.from({ model, pre_tokenizer, post_processor, truncation: { max_length: 1 } });
    expect(none.encode('a b c')).toEqual([4, 1, 2, 3, 5]); // no limit to the original, which has no room for the two
  });

  it('or in it stand added tokens, also in white space that another swallows', () => {
    const added_tokens = [
      { id: 6, content: '<b>', rstrip: true, special: true },
      { id: 7, content: '  ', special: true },
    ];
    const numbers = (more: object, text: string) =>
      ForeignTokenizer.from({
        model,
        pre_tokenizer,
        added_tokens: [added_tokens[0], { ...added_tokens[1], ...more }],
      }).encode(text);
    expect(numbers({}, '<b>  <b>')).toEqual([6, 7, 6]);
    expect(numbers({ lstrip: true }, '<b>  <b>')).toEqual([6, 6]);
    expect(numbers({}, '<b>   a')).toEqual([6, 7, 1]);
  });
});
