/** The words of a scripted model: the real arithmetic on vectors that its name seeds, mixed with what the grammar knows. */
import type { ModelConfig } from '../../../src/contract/config';
import { type Analogy, type NearWord, WORD_KINDS, type WordMap } from '../../../src/contract/inside';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { Random } from '../../../src/core/tensor/random';
import type { Corpus } from '../../../src/core/text/corpus';
import { KIND_OF_WORD } from '../../../src/core/text/wordKinds';
import { createStoryTokenizer } from '../../../src/core/text/wordTokenizer';
import type { Model } from '../../../src/worker/session';
import { wordMapOf, wordSumOf } from '../../../src/worker/wordMap';
import * as stories from './stories';

const WIDTH = 12;

/** words of a kind lie together */
function modelOf(id: string, config: ModelConfig): Model {
  const tokenizer = createStoryTokenizer();
  const random = Random.fromSeed(stories.hash(id));
  const data = new Float32Array(tokenizer.vocabSize * WIDTH).map((_, i) => {
    const kind = KIND_OF_WORD.get(tokenizer.tokenText(Math.floor(i / WIDTH)));
    return 0.3 * random.normal() + (kind && i % WIDTH === WORD_KINDS.indexOf(kind) ? 1 : 0);
  });
  const network: Pick<CausalNetwork, 'config' | 'savePlain'> = {
    config: { ...config, vocabSize: tokenizer.vocabSize, width: WIDTH },
    savePlain: async () => ({ tokenEmbedding: { shape: [tokenizer.vocabSize, WIDTH], data } }),
  };
  const corpus: Pick<Corpus, 'kind' | 'tokenizer' | 'encodePrompt'> = {
    kind: 'stories',
    tokenizer,
    encodePrompt: (text) => [1, ...tokenizer.encode(text)],
  };
  return { network, corpus } as Model;
}

export const wordMap = (
  id: string,
  config: ModelConfig,
  { text, all, last }: { text: string; all: boolean; last: Pick<WordMap, 'words' | 'at'> | null },
  step: number | null,
): Promise<WordMap> => wordMapOf(modelOf(id, config), text, all, last, step);

export const wordSum = (id: string, config: ModelConfig, sum: Analogy): Promise<NearWord[]> =>
  wordSumOf(modelOf(id, config), sum);
