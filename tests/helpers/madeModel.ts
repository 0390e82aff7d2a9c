/** Small models of the lab whose numbers are not those of their beginning, and tokenizers of own text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointLabel, Heads, TokenizerData } from '../../src/contract/checkpoint';
import { type ModelConfig, presetConfig } from '../../src/contract/config';
import { saveCheckpoint } from '../../src/core/model/checkpoint';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { tokenizeText } from '../../src/core/text/textCorpus';
import { restoreTokenizer } from '../../src/core/text/textTokenizers';
import { encodeCheckpoint } from '../../src/formats/checkpoint';

export const TEXT =
  "The keeper’s lamp burned 12 hours; naïve café, fox’s 😀 end.\n\n\tIt isn't here,\u00a0or there\u0085x\ufeffy.  Two  spaces. ";
const { text: textConfig } = presetConfig('tiny');

/** @param vocabSize at most; of `bpe` 256 are the bytes */
export async function ownText(
  tokenizer: 'char' | 'word' | 'bpe',
  vocabSize = tokenizer === 'bpe' ? 300 : 60,
): Promise<TokenizerData> {
  const made = await tokenizeText(TEXT.repeat(20), { ...textConfig, tokenizer, vocabSize });
  return made.tokenizer.save();
}

export interface Asked extends Partial<CheckpointLabel> {
  name: string;
  tokenizer: TokenizerData;
  model?: Partial<ModelConfig>;
  heads?: Heads;
  scale?: [number, number];
}
/** @returns the path of its file */
export async function saveMadeModel(
  folder: string,
  { model, heads = { language: true, scalar: false }, scale, ...label }: Asked,
): Promise<string> {
  const { vocabSize } = restoreTokenizer(label.tokenizer);
  const config = { ...presetConfig('tiny').model, vocabSize, width: 32, heads: 2, ...model };
  const network = createNetwork(config, heads, Random.fromSeed(5), 'policy');
  const { scoreScale, ...weights } = await network.save();
  for (const { data } of Object.values(weights)) data.set(data.map((x, i) => 3 * x + 0.1 * Math.sin(i * 1.3)));
  network.load({ ...weights, ...(scoreScale && { scoreScale }) });
  if (scale) network.setScoreScale(...scale);
  const corpus = { kind: 'text', config: textConfig, seed: 1 } as const;
  const file = await saveCheckpoint(network, {
    kind: 'base',
    pooling: null,
    corpus,
    step: 7,
    metrics: {},
    parents: [],
    ...label,
  });
  network.dispose();
  const path = join(folder, `${label.name}.safetensors`);
  writeFileSync(path, encodeCheckpoint(file));
  return path;
}
