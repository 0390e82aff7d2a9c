/** Samples and winners as a best-of-N run would tell them; winners by the first n, not by all sets of n. */
import type { RunSpec } from '../../../src/contract/domain';
import type { Average, BestOfPoint, BestOfPrompt, BestOfResult } from '../../../src/contract/observations';
import * as stories from './stories';

type BestOfSpec = Extract<RunSpec, { kind: 'bestOf' }>;

function drawn(spec: BestOfSpec, index: number): BestOfPrompt {
  const samples = Array.from({ length: spec.config.samples }, (_, i) => {
    const purpose = `best ${spec.seed} ${index} ${i}`;
    const completion = stories.completion(purpose, 0.4);
    const gold = stories.gold(spec.rater, completion);
    const score = gold + 0.4 * (stories.unit(`${purpose} score`) - 0.5);
    return {
      completion,
      score,
      gold,
      grammatical: stories.unit(`${purpose} parses`) > 0.05,
      length: stories.words(completion).length + 1,
      finished: true,
    };
  });
  return { prompt: stories.prompt(`best ${index}`), samples };
}

function average(values: readonly number[]): Average {
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { value, error: 0.5 / Math.sqrt(values.length) };
}

function pointAt(n: number, prompts: readonly BestOfPrompt[]): BestOfPoint {
  const winners = prompts.map(({ samples }) =>
    samples.slice(0, n).reduce((best, sample) => (sample.score > best.score ? sample : best)),
  );
  const share = (holds: (winner: (typeof winners)[number]) => boolean) => winners.filter(holds).length / winners.length;
  const texts = winners.map(({ completion }) => completion);
  return {
    n,
    kl: Math.log(n) - (n - 1) / n,
    score: average(winners.map(({ score }) => score)),
    gold: average(winners.map(({ gold }) => gold ?? 0)),
    winRate: { value: n / (n + 1), error: 0.03 },
    grammatical: share(({ grammatical }) => grammatical === true),
    length: average(winners.map(({ length }) => length)).value,
    finished: share(({ finished }) => finished === true),
    distinct: new Set(texts).size / texts.length,
    distinct2: Math.min(1, 0.4 + 1 / (1 + n)),
    duplicates:
      texts.filter((text, i) => texts.indexOf(text) !== i || texts.lastIndexOf(text) !== i).length / texts.length,
  };
}

/** @param step prompts done, at least 1 */
export function bestOfAt(spec: BestOfSpec, step: number): BestOfResult {
  const prompts = Array.from({ length: step }, (_, index) => drawn(spec, index));
  return { points: Array.from({ length: spec.config.samples }, (_, i) => pointAt(i + 1, prompts)), prompts };
}
