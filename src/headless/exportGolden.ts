/**
 * What the lab itself makes of a model that it exports: numbers and texts that transformers is held against, in the
 * form of `check_export.py`.
 */
import type { CheckpointMeta } from '../contract/checkpoint';
import type { CausalNetwork } from '../core/model/causalNetwork';
import type { Tokenizer } from '../core/text/corpus';
import { restoreTokenizer } from '../core/text/textTokenizers';
import { tf } from '../core/tf';
import { isScorer } from '../formats/transformers/config';
import { greedyAfter, logitsOf } from './reading';

/** Written as one file of JSON. */
export interface ExportGolden {
  format: 'interop-export-1';
  kind: 'causal' | 'reward';
  tolerance: number;
  encode: { text: string; ids: number[] }[];
  decode: { ids: number[]; text: string }[];
  logits?: { ids: number[]; positions: number[]; values: number[][] }[];
  losses?: { ids: number[]; loss: number }[];
  greedy?: { prompt: string; newTokens: number; ids: number[]; text: string }[];
  scores?: { ids: number[]; score: number }[];
}

const STORIES = [
  'once a brave robin made a shiny key .',
  'Once a brave robin made a shiny key.',
  'then she went home .\nthe end',
  'THANK YOU, said the fox!',
  'a zebra found 2 kites , no more .',
  '',
];

/** how many tokens of a vocabulary are tried */
const TRIED = 40;

/** tokens that read as texts by themselves, alone and two by two: what a model writes is made of them */
function textsOfTokens({ kind, vocabSize, decode, encode }: Tokenizer): string[] {
  const step = Math.max(1, Math.floor(vocabSize / TRIED));
  const ids = Array.from({ length: Math.floor((vocabSize - 2) / step) }, (_, i) => 2 + i * step);
  const known = ids.map((id) => decode([id])).filter((text) => encode(text).length === 1);
  return known.flatMap((text, i) => {
    const next = known[i + 1] ?? '';
    // words that run together are an unknown one to transformers; the lab finds them
    return kind === 'word' && !/^\s/.test(next) ? [text] : [text, text + next];
  });
}

const textsFor = (tokenizer: Tokenizer): string[] => (tokenizer.bosId === null ? textsOfTokens(tokenizer) : STORIES);

function lossOf(logits: readonly number[][], ids: readonly number[]): number {
  const losses = ids.slice(1).map((id, i) => {
    const row = logits[i]!;
    const most = row.reduce((one, other) => Math.max(one, other));
    return Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0)) + most - row[id]!;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

async function writerParts(network: CausalNetwork, tokenizer: Tokenizer, rows: readonly number[][]) {
  const { eosId } = tokenizer;
  const logits: NonNullable<ExportGolden['logits']> = [];
  const losses: NonNullable<ExportGolden['losses']> = [];
  const greedy: NonNullable<ExportGolden['greedy']> = [];
  for (const ids of rows) {
    const values = await logitsOf(network, ids);
    logits.push({ ids, positions: [0, ids.length - 1], values: [values[0]!, values.at(-1)!] });
    if (ids.length > 1) losses.push({ ids, loss: lossOf(values, ids) });
    const prompt = tokenizer.decode(ids);
    const written = await greedyAfter(network, ids, 12, eosId);
    greedy.push({ prompt, newTokens: 12, ids: written, text: tokenizer.decode(written) });
  }
  return { logits, losses, greedy };
}

/** read at the last token, the end where there is one */
async function scorerParts(network: CausalNetwork, { eosId }: Tokenizer, rows: readonly number[][]) {
  const scores: NonNullable<ExportGolden['scores']> = [];
  for (const row of rows) {
    const ids = eosId === null ? row : [...row, eosId];
    if (ids.length < 2) continue;
    const score = tf.tidy(() => {
      const tokens = tf.tensor2d(ids, [1, ids.length], 'int32');
      return network.scores({ tokens, leftPad: null }, 1, tf.ones([1, ids.length - 1]), 'last');
    });
    scores.push({ ids, score: (await score.data())[0]! });
    score.dispose();
  }
  return { scores };
}

/** @param network of the model, with the head that is asked */
export async function goldenOf(meta: CheckpointMeta, network: CausalNetwork): Promise<ExportGolden> {
  const tokenizer = restoreTokenizer(meta.tokenizer);
  const before = tokenizer.bosId === null ? [] : [tokenizer.bosId];
  const encode = textsFor(tokenizer).map((text) => ({ text, ids: [...before, ...tokenizer.encode(text)] }));
  const room = meta.model.contextLength - 13;
  const rows = encode
    .map(({ ids }) => ids.slice(0, room))
    .filter(({ length }) => length > 0)
    .slice(0, 8);
  const decode = rows.map((ids) => ({ ids, text: tokenizer.decode(ids) }));
  const parts = isScorer(meta) ? scorerParts : writerParts;
  const kind = isScorer(meta) ? 'reward' : 'causal';
  return {
    format: 'interop-export-1',
    kind,
    tolerance: 1e-4,
    encode,
    decode,
    ...(await parts(network, tokenizer, rows)),
  };
}
