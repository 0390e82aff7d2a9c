/** One sentence through the translator: what it writes, where every attention head looked, and what would be right. */
import {
  BEAM_WIDTH,
  type Decoding,
  type TranslateAttention,
  type TranslateCandidate,
  type TranslateReading,
  type WrittenWord,
} from '../../contract/translate';
import { tf } from '../tf';
import { classOf, stemOf } from './lexicon';
import { beamSearch, greedySearch, type Hypothesis } from './search';
import { BOS, EOS, type SentencePairs, sourceIds, targetIds, targetWord } from './sentences';
import type { AttentionKind } from './transformer';
import { type Translation, translate } from './translation';
import type { Translator } from './translator';

/** words that a translation may be longer than its sentence, before it is cut */
const SPARE_WORDS = 3;

/** dremo and drema are forms of one word */
const formOf = (word: string): string => stemOf(word) ?? word;

/** an adjective that the true translation has with another ending alone */
const disagrees = (word: string, truth: readonly string[]): boolean =>
  stemOf(word) !== null && !truth.includes(word) && truth.some((right) => stemOf(right) === stemOf(word));

/** without <eos>, and without words that are none */
const wordsOf = ({ tokens }: Hypothesis): string[] => tokens.filter((token) => token !== EOS).map(targetWord);

const candidateOf = (text: Hypothesis, { words: truth }: Translation): TranslateCandidate => {
  const words = wordsOf(text);
  return {
    words,
    logProbability: text.logProbability,
    ended: text.ended,
    disagrees: words.map((word) => disagrees(word, truth)),
  };
};

/** the second ko that is written belongs to the second ko that is right */
export function writtenWords(source: readonly string[], words: readonly string[], truth: Translation): WrittenWord[] {
  const places = new Map<string, number[]>();
  truth.words.forEach((right, index) => {
    places.set(formOf(right), [...(places.get(formOf(right)) ?? []), truth.partner[index] as number]);
  });
  return words.map((word) => {
    const partner = places.get(formOf(word))?.shift() ?? null;
    return { word, partner, wordClass: partner === null ? 'other' : (classOf(source[partner] as string) ?? 'other') };
  });
}

async function readWeights(layers: readonly tf.Tensor4D[]): Promise<TranslateAttention> {
  const [, , queries, keys] = layers[0]!.shape;
  const together = tf.tidy(() => tf.concat([...layers], 0)); // [L,H,Q,K]
  tf.dispose([...layers]);
  const weights = Float32Array.from(await together.data());
  together.dispose();
  return { queries, keys, weights };
}

/** the sentence beside what was written of it, as a batch of one */
function besideEachOther(source: readonly number[], written: readonly number[]): SentencePairs {
  const target = Int32Array.from(written);
  return {
    rows: 1,
    sourceColumns: source.length,
    targetColumns: target.length,
    source: Int32Array.from(source),
    target,
    labels: new Int32Array(target.length),
    sourceLengths: Int32Array.of(source.length),
    targetLengths: Int32Array.of(target.length),
  };
}

type Maps = Pick<TranslateReading, 'encoder' | 'decoder' | 'cross'>;

/** @param written <bos> and all words but the last: row i looked there while word i was chosen */
async function attentionMaps(
  translator: Translator,
  source: readonly number[],
  written: readonly number[],
  cut: boolean,
): Promise<Maps> {
  const maps: Record<AttentionKind, tf.Tensor4D[]> = { encoder: [], decoder: [], cross: [] };
  translator
    .logits(besideEachOther(source, written), {
      cut,
      onAttention: (kind, layer, weights) => {
        maps[kind][layer] = tf.keep(tf.clone(weights));
      },
    })
    .dispose();
  return {
    encoder: await readWeights(maps.encoder),
    decoder: await readWeights(maps.decoder),
    cross: cut ? null : await readWeights(maps.cross),
  };
}

async function search(translator: Translator, source: readonly number[], decoding: Decoding, cut: boolean) {
  const next = translator.continuing(source, { cut });
  const limits = { eosId: EOS, maxTokens: source.length + 1 + SPARE_WORDS };
  return decoding === 'beam' ? beamSearch(next, BEAM_WIDTH, limits) : [await greedySearch(next, limits)];
}

/**
 * @param source words that the stories have, at least one
 * @param cut without cross-attention
 */
export async function readSentence(
  translator: Translator,
  source: readonly string[],
  { decoding, cut }: { decoding: Decoding; cut: boolean },
): Promise<Omit<TranslateReading, 'step' | 'strongest'>> {
  const truth = translate(source);
  const ids = sourceIds(source);
  const found = await search(translator, ids, decoding, cut);
  const candidates = found.map((text) => candidateOf(text, truth));
  const { words } = candidates[0] as TranslateCandidate;
  const written = [BOS, ...targetIds(words)].slice(0, Math.max(1, words.length));
  return {
    source: [...source],
    candidates,
    written: writtenWords(source, words, truth),
    truth: truth.words,
    layers: translator.config.layers,
    heads: translator.config.heads,
    ...(await attentionMaps(translator, ids, written, cut)),
  };
}
