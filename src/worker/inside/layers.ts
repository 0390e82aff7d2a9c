/** What each block would say, and what heads are worth. */
import {
  type HeadAt,
  type HeadLoss,
  type HeldOutChange,
  type LayersView,
  type TokenChange,
  tellingToken,
} from '../../contract/inside';
import type { Course } from '../../contract/protocol';
import { forward } from '../../core/analysis/forward';
import { withoutHeads } from '../../core/analysis/headsOff';
import { lens, softmax } from '../../core/analysis/lens';
import { streamAt } from '../../core/analysis/stream';
import { lossChange, textLosses } from '../../core/analysis/textLosses';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { Random } from '../../core/tensor/random';
import type { Corpus } from '../../core/text/corpus';
import { finishTelling, type OnProgress } from '../../core/text/steps';
import { MOOD_OF_WORD } from '../../core/text/words';
import { tf } from '../../core/tf';
import type { Model } from '../session';
import { execute, readText } from './onePass';

/** held-out texts on which heads are judged */
export const JUDGED_TEXTS = 64;
/** bars of the logit lens, and of what may come next */
const LENS_BARS = 5;
const NEXT_BARS = 8;

/** likeliest first, of equals the one of lowest id */
function likeliest(shares: Float32Array, count: number): number[] {
  const ids = Array.from(shares.keys());
  return ids.sort((a, b) => (shares[b] as number) - (shares[a] as number)).slice(0, count);
}

/** the tokens that either finds likeliest, as many as there is room for */
export function changesOf(corpus: Corpus, before: Float32Array, after: Float32Array, count: number): TokenChange[] {
  const larger = before.map((share, id) => Math.max(share, after[id] as number));
  const shown = likeliest(larger, count).sort((a, b) => (before[b] as number) - (before[a] as number));
  return shown.map((id) => ({
    text: corpus.tokenizer.tokenText(id),
    before: before[id] as number,
    after: after[id] as number,
  }));
}

/** the share of words of this mood */
function moodShare(corpus: Corpus, shares: Float32Array, mood: 1 | -1): number {
  return shares.reduce((sum, share, id) => {
    return MOOD_OF_WORD.get(corpus.tokenizer.tokenText(id)) === mood ? sum + share : sum;
  }, 0);
}

function moodsOf(corpus: Corpus, before: Float32Array, after: Float32Array): LayersView['moods'] {
  if (corpus.kind !== 'stories') return null;
  const change = (mood: 1 | -1) => ({
    before: moodShare(corpus, before, mood),
    after: moodShare(corpus, after, mood),
  });
  return { joy: change(1), sorrow: change(-1) };
}

/** a network of its own whose heads are cut, those that it has, for as long as the work takes */
async function withHeadsOff<T>(
  network: CausalNetwork,
  work: (copy: CausalNetwork, cut: (off: readonly HeadAt[]) => void) => Promise<T>,
): Promise<T> {
  const copy = network.merged(`${network.name} with heads off`);
  try {
    const weights = await copy.save();
    const { config } = copy;
    const isThere = ({ layer, head }: HeadAt) => layer < config.layers && head < config.heads;
    return await work(copy, (off) => copy.load(withoutHeads(weights, config, off.filter(isThere))));
  } finally {
    copy.dispose();
  }
}

/** probabilities of the token after `position`, [V] */
async function saidAfter(network: CausalNetwork, ids: readonly number[], position: number): Promise<Float32Array> {
  const logits = tf.tidy(() => {
    const tokens = tf.tensor2d(ids.slice(0, position + 1), [1, position + 1], 'int32');
    return network.logits({ tokens, leftPad: null }, position);
  });
  try {
    return softmax(Float32Array.from(await logits.data()));
  } finally {
    logits.dispose();
  }
}

/**
 * @param wanted null means the newest word, beyond the last token the last; @param off heads that are cut for the bars
 * `after`
 */
export async function layersOf(
  model: Model,
  text: string,
  wanted: number | null,
  off: readonly HeadAt[],
  step: number | null,
  onProgress: OnProgress,
): Promise<LayersView> {
  const { network, corpus } = model;
  const { config } = network;
  const { width, vocabSize } = config;
  const { ids, tokens, unknownWords } = readText(model, text);
  const position = Math.min(wanted ?? tellingToken(tokens), ids.length - 1);
  const cutting = withHeadsOff(network, async (copy, cut) => {
    cut(off);
    return saidAfter(copy, ids, position);
  });
  const [seen, after] = await Promise.all([execute(network, ids), cutting]);
  const pass = await finishTelling(forward(seen.weights, config, ids), onProgress);
  const said = pass.stream.map((stream) =>
    softmax(lens(seen.weights, config, stream.subarray(position * width, (position + 1) * width))),
  );
  const logits = seen.logits as Float32Array;
  const before = softmax(logits.subarray(position * vocabSize, (position + 1) * vocabSize));
  return {
    tokens,
    unknownWords,
    model: config,
    position,
    lens: [...said.slice(0, -1), before].map((shares) =>
      likeliest(shares, LENS_BARS).map((id) => ({
        text: corpus.tokenizer.tokenText(id),
        probability: shares[id] as number,
      })),
    ),
    ...streamAt(pass, position, width),
    maps: seen.maps,
    next: changesOf(corpus, before, off.length > 0 ? after : before, NEXT_BARS),
    moods: moodsOf(corpus, before, off.length > 0 ? after : before),
    step,
  };
}

const judgedRows = ({ corpus, network }: Model) =>
  corpus.unseenRows(Random.fromSeed(1).fork('heads'), JUDGED_TEXTS, network.config.contextLength);

/** what leaving out these heads together costs */
export function heldOutOf(model: Model, off: readonly HeadAt[]): Promise<HeldOutChange> {
  const rows = judgedRows(model);
  return withHeadsOff(model.network, async (copy, cut) => {
    const before = await textLosses(copy, rows);
    cut(off);
    return lossChange(before, await textLosses(copy, rows));
  });
}

/** what leaving out each head alone costs, dearest first */
export function headsRanked(model: Model, { breathe, tell }: Pick<Course, 'breathe' | 'tell'>): Promise<HeadLoss[]> {
  const { layers, heads } = model.network.config;
  const rows = judgedRows(model);
  return withHeadsOff(model.network, async (copy, cut) => {
    const all = await textLosses(copy, rows);
    const found: HeadLoss[] = [];
    for (let index = 0; index < layers * heads; index++) {
      tell({ done: index, total: layers * heads, label: 'heads' });
      await breathe();
      const at = { layer: Math.floor(index / heads), head: index % heads };
      cut([at]);
      found.push({ ...at, ...lossChange(all, await textLosses(copy, rows)) });
    }
    return found.sort((a, b) => b.after - a.after);
  });
}
