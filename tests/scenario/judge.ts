/** What a model writes, in numbers: fresh completions of fresh prompts, judged by the grammar. */
import type { SamplingConfig } from '../../src/contract/config';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { Random } from '../../src/core/tensor/random';
import type { Corpus } from '../../src/core/text/corpus';
import { type Completion, completeMany, shareOf } from '../../src/core/train/texts';

export interface Judgement {
  texts: Completion[];
  grammatical: number;
  coherent: number;
  distinct: number;
  happyEndings: number;
  finished: number;
}

export const distinctShare = (texts: readonly Completion[]): number =>
  new Set(texts.map(({ completion }) => completion)).size / Math.max(1, texts.length);

export function judge(texts: Completion[]): Judgement {
  return {
    texts,
    grammatical: shareOf(texts, (a) => a.parses),
    coherent: shareOf(texts, (a) => a.coherent),
    distinct: distinctShare(texts),
    happyEndings: shareOf(texts, (a) => a.endingMood > 0),
    finished: texts.filter(({ finished }) => finished).length / texts.length,
  };
}

export async function writeAndJudge(
  network: CausalNetwork,
  corpus: Corpus,
  count: number,
  temperature: number,
  seed: number,
): Promise<Judgement> {
  const sampling: SamplingConfig = { temperature, topK: 0, topP: 1 };
  return judge(
    await completeMany(network, corpus, count, sampling, Random.fromSeed(seed).fork('judge'), { rows: 100 }),
  );
}

export const asText = ({ prompt, completion }: Pick<Completion, 'prompt' | 'completion'>): string =>
  `${prompt} | ${completion}`;
