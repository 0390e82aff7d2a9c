import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnalogyScore } from '../../../src/contract/inside';
import { scoreAnalogies } from '../../../src/core/analysis/analogyScore';
import { type WordVectors, wordVectors } from '../../../src/core/analysis/embedding';
import { neighbours, sumAnswers, unitVectors } from '../../../src/core/analysis/wordVectors';
import { openCheckpoint } from '../../../src/core/model/checkpoint';
import { KIND_OF_WORD } from '../../../src/core/text/wordKinds';
import { createStoryTokenizer } from '../../../src/core/text/wordTokenizer';
import { decodeCheckpoint } from '../../../src/formats/checkpoint';
import { startPortable } from '../../helpers/wasm';

async function shippedWords(preset: string): Promise<WordVectors> {
  const bytes = new Uint8Array(readFileSync(`public/checkpoints/${preset}.safetensors`));
  const network = openCheckpoint(decodeCheckpoint(bytes)).createNetwork(preset);
  try {
    return await wordVectors(network, createStoryTokenizer());
  } finally {
    network.dispose();
  }
}

/** as src/README.md tells them */
const SOLVED = { tiny: 0.64, small: 0.71 };

describe.each(['tiny', 'small'] as const)('the words of the shipped model %s', (preset) => {
  let vectors: WordVectors;
  let score: AnalogyScore;
  beforeAll(async () => {
    await startPortable();
    vectors = await shippedWords(preset);
    score = scoreAnalogies(vectors.words, vectors)!;
  });

  it('solve far more analogies than guessing, and not all', () => {
    expect(score.solved / score.of).toBeGreaterThan(10 * score.chance);
    expect(score.solved / score.of).toBeCloseTo(SOLVED[preset], 2);
    expect(score.of).toBe(1211);
  });

  it('lie beside words of their own kind', () => {
    const row = (word: string) => vectors.words.indexOf(word);
    const near = neighbours(unitVectors(vectors), 1);
    const own = [...KIND_OF_WORD].filter(([word, kind]) => {
      const [first] = near[row(word)]!;
      return KIND_OF_WORD.get(vectors.words[first!.word]!) === kind;
    });
    expect(own.length / KIND_OF_WORD.size).toBeGreaterThan(0.8);
  });

  it('answer he : she = his : ? with her, and fail on happy : sad = smiled : ?, which is told', () => {
    const ask = (...question: string[]) => {
      const [from, to, base] = question.map((word) => vectors.words.indexOf(word)) as [number, number, number];
      return vectors.words[sumAnswers(unitVectors(vectors), { from, to, base }, 1)[0]!.word];
    };
    expect(ask('he', 'she', 'his')).toBe('her');
    expect(score.missed).toMatchObject({
      from: 'happy',
      to: 'sad',
      base: 'smiled',
      answer: ask('happy', 'sad', 'smiled'),
    });
  });
});
