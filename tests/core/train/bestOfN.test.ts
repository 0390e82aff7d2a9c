import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { tf } from '../../../src/core/tf';
import { type BestOfReport, BestOfRun, bestOfN } from '../../../src/core/train/bestOfN';
import { scoreTexts } from '../../../src/core/train/rewardReview';
import { withBackend } from '../../helpers/backend';
import { corpus, take, throughStorage, ticking, untrained } from './tiny';

withBackend('wasm');

let policy: CausalNetwork;
let rewardModel: CausalNetwork;
beforeAll(() => {
  policy = untrained(1);
  rewardModel = untrained(2).clone('rewardModel', { language: false, scalar: true });
  const optimizer = rewardModel.createOptimizer({
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradNorm: 1,
  });
  const batch = { tokens: tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32'), leftPad: null };
  const { loss, gradNorm } = optimizer.minimize(() => ({ loss: tf.sum(rewardModel.values(batch, 1)) }), 0.05);
  tf.dispose([loss, gradNorm, batch.tokens]);
  optimizer.dispose();
});
afterAll(() => {
  policy.dispose();
  rewardModel.dispose();
});

const create = (seed = 1, own = corpus) =>
  new BestOfRun({
    seed,
    config: { ...presetConfig('tiny').bestOf, samples: 8, prompts: 3, temperature: 1 },
    policy,
    rewardModel,
    pooling: 'last',
    corpus: own,
    rater: { name: 'happy' },
  });

const numbersOf = (reports: BestOfReport[]) => reports.map(({ step, result }) => ({ step, result }));

describe('drawing the best of N', () => {
  it('goes prompt by prompt, and every N is read off the same samples', async () => {
    const reports = await take(bestOfN(create(), ticking()), 99);
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3]);
    const { points, prompts } = reports.at(-1)!.result;
    expect(points.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const all = prompts.flatMap(({ samples }) => samples.map(({ score }) => score));
    expect(points[0]!.score.value).toBeCloseTo(all.reduce((sum, x) => sum + x, 0) / 24, 9);
    const tops = prompts.map(({ samples }) => Math.max(...samples.map(({ score }) => score)));
    expect(points[7]!.score.value).toBeCloseTo(tops.reduce((sum, x) => sum + x, 0) / 3, 9);
    for (let n = 1; n < 8; n++) expect(points[n]!.score.value).toBeGreaterThan(points[n - 1]!.score.value);
    expect(points[0]!.winRate!.value).toBeCloseTo(0.5, 9); // one sample against another
  });

  it('scores what was really written, and reports the winner of all on the axis', async () => {
    const [report] = await take(bestOfN(create(), ticking()), 1);
    const { prompt, samples } = report!.result.prompts[0]!;
    expect(new Set(samples.map(({ completion }) => completion)).size).toBeGreaterThan(1);
    const scores = await scoreTexts(
      rewardModel,
      corpus,
      samples.map(({ completion }) => ({ prompt, completion })),
      'last',
    );
    expect(samples.map(({ score }) => score)).toEqual(scores);
    expect(report!.metrics['axis/score']).toBeCloseTo(Math.max(...samples.map(({ score }) => score)), 9);
    expect(report!.metrics['axis/kl']).toBeCloseTo(Math.log(8) - 7 / 8, 9);
  });

  it('tells how the winners are as texts: of the first N as they are, of expectations over all sets where one can be told', async () => {
    const reports = await take(bestOfN(create(), ticking()), 9);
    const { points, prompts } = reports.at(-1)!.result;
    const [first, last] = [points[0]!, points[7]!];
    const winners = prompts.map(({ samples }) => samples.reduce((best, one) => (one.score > best.score ? one : best)));
    const pairs = winners.flatMap(({ completion }) => {
      const words = corpus.tokenizer.encode(completion);
      return words.slice(1).map((id, i) => `${words[i]} ${id}`);
    });
    expect(last.distinct2).toBeCloseTo(new Set(pairs).size / pairs.length, 12);
    expect(last.duplicates).toBe(
      winners.filter(({ completion }) => winners.filter((one) => one.completion === completion).length > 1).length / 3,
    );
    expect(last.finished).toBeCloseTo(winners.filter(({ finished }) => finished).length / 3, 12);
    const all = prompts.flatMap(({ samples }) => samples);
    expect(first.finished).toBeCloseTo(all.filter(({ finished }) => finished).length / all.length, 12);
    expect(reports.at(-1)!.metrics).toMatchObject({
      'completion/distinct2': last.distinct2,
      'completion/duplicates': last.duplicates,
      'val/num_eos_tokens': last.finished,
    });
  });

  it('reads a draw that was stored before ends were kept, and then says nothing of them', async () => {
    const [whole, old] = [create(), create()];
    await take(bestOfN(whole, ticking()), 1);
    const { tensors, state } = await whole.save();
    const done = state.done.map(({ prompt, samples }) => ({
      prompt,
      samples: samples.map(({ finished: _, ...rest }) => rest),
    }));
    old.load({ tensors, state: { done } });
    expect(old.read().points[3]!.finished).toBeNull();
    expect(old.read().points[3]!.distinct2).toBe(whole.read().points[3]!.distinct2);
  });

  it('goes on to the same samples after it was stored and restored', async () => {
    const [through, interrupted, resumed] = [create(), create(), create()];
    const expected = await take(bestOfN(through, ticking()), 3);
    await take(bestOfN(interrupted, ticking()), 1);
    resumed.load(throughStorage(await interrupted.save()));
    expect(numbersOf(await take(bestOfN(resumed, ticking()), 9))).toEqual(numbersOf(expected).slice(1));
  });

  it('draws others with another seed', async () => {
    const [first, other] = [await take(bestOfN(create(1), ticking()), 1), await take(bestOfN(create(2), ticking()), 1)];
    expect(first[0]!.result.prompts).not.toEqual(other[0]!.result.prompts);
  });

  it('says nothing of gold, wins and grammar on the visitor’s own text', async () => {
    const own = { ...corpus, gold: () => null, attributes: () => null };
    const [report] = await take(bestOfN(create(1, own), ticking()), 1);
    expect(report!.result.points[3]).toMatchObject({ gold: null, winRate: null, grammatical: null });
    expect(report!.metrics).not.toHaveProperty('axis/gold');
    expect(report!.metrics).not.toHaveProperty('completion/grammatical');
  });

  it('counts no ends where no text has one', async () => {
    const endless = { ...corpus, tokenizer: { ...corpus.tokenizer, eosId: null } };
    const [report] = await take(bestOfN(create(1, endless), ticking()), 1);
    expect(report!.result.points[3]!.finished).toBeNull();
    expect(report!.metrics).not.toHaveProperty('val/num_eos_tokens');
  });

  it('trains nothing and keeps no tensors', async () => {
    const texts = [{ prompt: 'the fox found a kite .', completion: 'she laughed .' }];
    const before = [tf.memory().numTensors, ...(await scoreTexts(rewardModel, corpus, texts, 'last'))];
    await take(bestOfN(create(), ticking()), 9);
    expect([tf.memory().numTensors, ...(await scoreTexts(rewardModel, corpus, texts, 'last'))]).toEqual(before);
  });
});
