/** One forward pass number by number, what each block would say, and what heads are worth. */
import {
  type Arithmetic,
  type HeadAt,
  type HeadLoss,
  type HeldOutChange,
  type LayersView,
  type TokenChange,
  tellingToken,
} from '../contract/inside';
import { maxOf } from '../contract/many';
import type { Course } from '../contract/protocol';
import { blockWeights, type Forward, forward } from '../core/analysis/forward';
import { withoutHeads } from '../core/analysis/headsOff';
import { finalHidden, lens, softmax } from '../core/analysis/lens';
import { streamAt } from '../core/analysis/stream';
import { lossChange, textLosses } from '../core/analysis/textLosses';
import type { CausalNetwork, NamedTensors } from '../core/model/causalNetwork';
import { Random } from '../core/tensor/random';
import type { Corpus } from '../core/text/corpus';
import { finishTelling, type OnProgress } from '../core/text/steps';
import { MOOD_OF_WORD } from '../core/text/words';
import { tf } from '../core/tf';
import type { Model } from './session';
import { promptIds } from './writing';

/** held-out texts on which heads are judged */
export const JUDGED_TEXTS = 64;
/** bars of the logit lens, and of what may come next */
const LENS_BARS = 5;
const NEXT_BARS = 8;

/** A text as a model reads it. */
export interface ReadText {
  ids: number[];
  tokens: string[];
  unknownWords: string[];
}

export function readText({ network, corpus }: Model, text: string): ReadText {
  const ids = promptIds(corpus, text, network.config.contextLength);
  const { tokenizer } = corpus;
  return { ids, tokens: ids.map((id) => tokenizer.tokenText(id)), unknownWords: tokenizer.unknownWords(text) };
}

/** What an executor computes of one text, read at once. */
export interface Executed {
  weights: NamedTensors;
  /** attention of all layers, [L,H,T,T] */
  maps: Float32Array;
  /** the last hidden states, [T,C] */
  hidden: Float32Array;
  /** [T,V]; null for a model that judges */
  logits: Float32Array | null;
}

/** Everything is asked before anything is awaited, so that a model that learns meanwhile is seen at one moment. */
export async function execute(network: CausalNetwork, ids: readonly number[]): Promise<Executed> {
  const saving = network.savePlain();
  const read = tf.tidy(() => {
    const batch = { tokens: tf.tensor2d([...ids], [1, ids.length], 'int32'), leftPad: null };
    const maps = network.attention(batch);
    const stacked = tf.stack(maps); // [L,H,T,T]
    tf.dispose(maps); // kept by the network beyond this tidy
    const hidden = network.hidden(batch);
    return network.heads.language ? [stacked, hidden, network.logits(batch)] : [stacked, hidden];
  });
  try {
    const [weights, ...numbers] = await Promise.all([saving, ...read.map((tensor) => tensor.data())]);
    const [maps, hidden, logits] = numbers.map((values) => Float32Array.from(values));
    return { weights, maps: maps as Float32Array, hidden: hidden as Float32Array, logits: logits ?? null };
  } finally {
    tf.dispose(read);
  }
}

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

/** the numbers of one layer out of [L,…] */
const ofLayer = (all: Float32Array, layer: number, layers: number): Float32Array =>
  all.slice((layer * all.length) / layers, ((layer + 1) * all.length) / layers);

/** how far the pass in plain loops is from the executor's */
function check(network: CausalNetwork, pass: Forward, { weights, maps, hidden }: Executed): Arithmetic['check'] {
  const { config } = network;
  const own = pass.blocks.map((block, layer) => distance(block.weights, ofLayer(maps, layer, config.layers)));
  const last = finalHidden(weights, config, pass.stream.at(-1) as Float32Array);
  return { attention: maxOf(own), hidden: distance(last, hidden) };
}

/** One block in numbers; its attention is the executor's own. @param layer beyond the last one means the last */
export async function arithmeticOf(
  model: Model,
  text: string,
  wanted: number,
  step: number | null,
  onProgress: OnProgress,
): Promise<Arithmetic> {
  const { network } = model;
  const { config } = network;
  const { ids, tokens, unknownWords } = readText(model, text);
  const seen = await execute(network, ids);
  const pass = await finishTelling(forward(seen.weights, config, ids), onProgress);
  const layer = Math.min(wanted, config.layers - 1);
  const block = pass.blocks[layer] as Forward['blocks'][number];
  return {
    tokens,
    unknownWords,
    model: config,
    layer,
    numbers: { ...block, weights: ofLayer(seen.maps, layer, config.layers) },
    weights: blockWeights(seen.weights, layer),
    tokenVectors: pass.tokenVectors,
    positions: pass.positions,
    check: check(network, pass, seen),
    step,
  };
}

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

/** @param wanted null means the newest word, beyond the last token the last; @param off heads that are cut for the bars `after` */
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
