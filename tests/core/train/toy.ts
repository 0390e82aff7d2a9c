/** Texts of at most four letters with an end of their own: as small as a corpus can be, for the slow software GPU. */
import type { CorpusSummary } from '../../../src/contract/domain';
import type { Random } from '../../../src/core/tensor/random';
import type { Corpus, Tokenizer, TokenRows } from '../../../src/core/text/corpus';

const LETTERS = [...'abcdefgh'];
const TOKENS = ['<pad>', '<bos>', '<eos>', ...LETTERS];
const [PAD, BOS, EOS, FIRST] = [0, 1, 2, 3];
const P = 3;
const G = 5;

const tokenizer: Tokenizer = {
  kind: 'char',
  vocabSize: TOKENS.length,
  padId: PAD,
  bosId: BOS,
  eosId: EOS,
  encode: (text) => [...text].map((letter) => FIRST + LETTERS.indexOf(letter)),
  decode: (ids) => [...ids].map((id) => LETTERS[id - FIRST] ?? '').join(''),
  tokenText: (id) => TOKENS[id] ?? '',
  unknownWords: () => [],
  save: () => ({ kind: 'char', tokens: TOKENS }),
};

const write = (random: Random, shortest: number, longest: number): string =>
  Array.from({ length: shortest + random.integer(longest - shortest + 1) }, () => random.pick(LETTERS)).join('');

function rowsOf(random: Random, rows: number): TokenRows {
  const columns = P + G;
  const tokens = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    tokens.set([BOS, ...tokenizer.encode(write(random, 2, 6)), EOS].slice(0, columns), row * columns);
  return { rows, columns, tokens, mask: Float32Array.from(tokens, (id, i) => (i % columns > 0 && id !== PAD ? 1 : 0)) };
}

/** Without attributes or gold score, like own text. Prompts of one or two letters, so some are padded on the left. */
export const toyCorpus: Corpus = {
  kind: 'text',
  tokenizer,
  summary: {
    kind: 'text',
    config: { tokenizer: 'char' },
    vocabSize: TOKENS.length,
    entropy: null,
    samples: [],
    animals: [],
  } as unknown as CorpusSummary,
  promptLength: P,
  completionLength: G,
  trainRows: rowsOf,
  heldOutRows: (random, rows) => rowsOf(random, Math.min(4, rows)),
  unseenRows: (random, rows) => rowsOf(random, Math.min(4, rows)),
  prompts: (random, count) => Array.from({ length: count }, () => write(random, 1, 2)),
  encodePrompt: (prompt) => [BOS, ...tokenizer.encode(prompt)],
  samples: () => [],
  shown: () => [],
  attributes: () => null,
  gold: () => null,
};
