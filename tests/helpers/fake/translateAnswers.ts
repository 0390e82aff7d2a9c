/** The translator as a test scripts it: it knows the true translation from its first step on, and looks at it. */
import { LabError } from '../../../src/contract/errors';
import type { MetricPoint } from '../../../src/contract/observations';
import type { CallKind, Handlers } from '../../../src/contract/protocol';
import type { TranslateAttention, TranslateReading } from '../../../src/contract/translate';
import { storyWords } from '../../../src/core/text/wordTokenizer';
import { classOf } from '../../../src/core/translate/lexicon';
import { translate } from '../../../src/core/translate/translation';

const [LAYERS, HEADS, TOTAL, EVAL_EVERY, AT_ONCE] = [2, 2, 500, 50, 10];

/**
 * 0.8 on one key, the rest shared out among those that may be read; in the first head of all it is the first key,
 * elsewhere the largest
 */
function attention(queries: number, keys: number, largest: (i: number) => number, causal = false): TranslateAttention {
  const rows = Array.from({ length: LAYERS * HEADS * queries }, (_, row) => {
    const i = row % queries;
    const readable = causal ? i + 1 : keys;
    return Array.from({ length: keys }, (_, j) => {
      if (j >= readable) return 0;
      if (readable === 1) return 1;
      return j === (row < queries ? 0 : largest(i)) ? 0.8 : 0.2 / (readable - 1);
    });
  });
  return { queries, keys, weights: Float32Array.from(rows.flat()) };
}

function readingOf(step: number, source: string[], beam: boolean, cut: boolean): TranslateReading {
  const { words: truth, partner } = translate(source);
  const length = source.length;
  const other = (word: string) => word.replace(/o$/, 'a');
  const wrong = truth.findIndex((word, i) => classOf(source[partner[i]!]!) === 'adjective' && word !== other(word));
  const worse = truth.map((word, i) => (i === wrong ? other(word) : word));
  const candidate = (words: string[], logProbability: number) => ({
    words,
    logProbability,
    ended: true,
    disagrees: words.map((_, i) => words === worse && i === wrong),
  });
  const all = [candidate(truth, -0.04), candidate(worse, -4.12), candidate(truth.slice(1), -6.08)];
  return {
    step,
    source,
    candidates: beam ? all : all.slice(0, 1),
    written: truth.map((word, i) => ({ word, partner: partner[i]!, wordClass: classOf(source[partner[i]!]!)! })),
    truth,
    layers: LAYERS,
    heads: HEADS,
    strongest: { layer: 1, head: 0, agreement: 0.85 },
    encoder: attention(length, length, (i) => i),
    decoder: attention(length, length, (i) => i, true),
    cross: cut ? null : attention(length, length, (i) => (step === 0 ? 0 : partner[i]!)),
  };
}

const pointOf = (step: number): MetricPoint => {
  const isLook = step === 1 || step % EVAL_EVERY === 0;
  const looked = { 'translator/exactMatch': Math.min(1, step / 300), 'translator/exactMatchCut': 0 };
  return {
    step,
    elapsedMs: 100 * step,
    values: { 'translator/loss': 6 * Math.exp(-step / 60), ...(isLook && looked) },
  };
};

export function translateAnswers(): Pick<Handlers, Extract<CallKind, `translate/${string}`>> {
  let current: { runId: string; step: number; seed: number } | null = null;
  const find = (runId: string) => {
    if (current?.runId !== runId) throw new LabError('run/missingInput', 'This translator is gone.');
    return current;
  };
  const shape = { layers: LAYERS, heads: HEADS, width: 64, mlpWidth: 256, parameters: 275_200, heldOut: 400 };
  return {
    'translate/create': async ({ runId, seed, saved }) => {
      const [savedSeed = seed, step = 0] = saved ? new Uint32Array(saved.slice().buffer) : [];
      current = { runId, step, seed: savedSeed };
      const words = { sourceWords: 260, targetWords: 392 };
      const points = Array.from({ length: step }, (_, i) => pointOf(i + 1));
      return {
        step,
        totalSteps: TOTAL,
        elapsedMs: 100 * step,
        points,
        seed: savedSeed,
        shape: { ...shape, ...words },
      };
    },
    'translate/save': async ({ runId }) => {
      const { step, seed } = find(runId);
      return { step, bytes: new Uint8Array(Uint32Array.of(seed, step).buffer) };
    },
    'translate/advance': async ({ runId, steps }) => {
      const run = find(runId);
      const taken = Math.min(steps, AT_ONCE, TOTAL - run.step);
      const points = Array.from({ length: taken }, (_, i) => pointOf(run.step + i + 1));
      run.step += taken;
      return { step: run.step, totalSteps: TOTAL, elapsedMs: 100 * run.step, points };
    },
    'translate/read': async ({ runId, sentence, decoding, cut }) => {
      const words = storyWords(sentence);
      if (words.length === 0) return { kind: 'empty' };
      if (words.length > 24) return { kind: 'long', words: words.length };
      const unknown = words.filter((word) => classOf(word) === null);
      if (unknown.length > 0) return { kind: 'unknown', words: unknown };
      return { kind: 'read', reading: readingOf(find(runId).step, words, decoding === 'beam', cut) };
    },
  };
}
