/**
 * The visitor's own text has no attributes, no gold score and no end: every loop works all the same, and says nothing
 * it cannot know.
 */

import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { createTextCorpus } from '../../../src/core/text/textCorpus';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { fineTune } from '../../../src/core/train/fineTune';
import { FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { ppo } from '../../../src/core/train/ppo';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { pretrain } from '../../../src/core/train/pretrain';
import { PretrainRun } from '../../../src/core/train/pretrainRun';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import { complete } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import { plainVote } from '../../helpers/plainVote';
import { LAB, MODEL, take, ticking } from './tiny';

withBackend('wasm');

const TEXT = 'The grass was tall and the wind was low; nobody spoke of the sea.\n'.repeat(20);
const CONTEXT = 24;
const makeCorpus = () => createTextCorpus(TEXT, LAB.text, CONTEXT, 1);

describe('the loops on own text', () => {
  it('go from pre-training through votes and a reward model to PPO, DPO and fine-tuning', async () => {
    const corpus = await makeCorpus();
    const model = { ...MODEL, vocabSize: corpus.tokenizer.vocabSize, contextLength: CONTEXT };
    const config = { ...LAB.pretrain, steps: 4, batchSize: 4, evalEvery: 2 };
    const base = new PretrainRun({ seed: 1, config, model, corpus, fixedPrompt: 'The wind' });
    const reports = await take(pretrain(base, ticking()), 9);
    expect(reports[3]!.sample!.completion.length).toBeGreaterThan(0);
    for (const id of ['eval/aboveFloor', 'eval/grammatical', 'eval/coherent'] as const)
      expect(reports[3]!.metrics[id]).toBeUndefined();

    const texts = await complete(
      base.network,
      corpus,
      corpus.prompts(Random.fromSeed(1), 24),
      { temperature: 1, topK: 0, topP: 1 },
      Random.fromSeed(2),
    );
    expect(texts.every(({ finished, attributes }) => finished && attributes === null)).toBe(true);
    const votes = texts
      .slice(0, 12)
      .map(({ prompt, completion }, i) =>
        plainVote(i, { prompt, a: completion, b: texts[12 + i]!.completion, policyId: 'base' }),
      );
    const reward = await RewardRun.create({
      seed: 1,
      config: { ...LAB.reward, steps: 2, normalizeSamples: 8 },
      base: base.network,
      corpus,
      opinions: votes,
      taste: null,
    });
    const [, last] = await take(trainRewardModel(reward, ticking()), 3);
    expect(last!.review!.pairs).toEqual({ human: 12, simulated: 0, imported: 0, rule: 0 });

    const ppoConfig = { ...LAB.ppo, iterations: 2, rollouts: 4, epochs: 1, completionLength: 10 };
    const inputs = {
      seed: 1,
      config: ppoConfig,
      base: base.network,
      rewardModel: reward.network,
      pooling: 'last' as const,
      corpus,
      rater: { name: 'happy' as const },
    };
    const run = new PpoRun(inputs);
    const phases = await take(ppo(run), 8);
    const metrics = phases[3]!.metrics!;
    expect(metrics).toMatchObject({ 'completion/length': 10, 'objective/kl': 0 });
    for (const id of ['gold/score', 'gold/winRate', 'completion/grammatical', 'val/num_eos_tokens'] as const)
      expect(metrics[id]).toBeUndefined();
    expect(phases[1]!.rollouts![0]).toMatchObject({ gold: null });
    expect(phases[1]!.rollouts![0]!.tokens).toHaveLength(10);

    const judges = {
      rater: { name: 'happy' as const },
      rewardModel: { network: reward.network, pooling: 'last' as const },
    };
    const dpoConfig = { ...LAB.dpo, steps: 2, batchSize: 4, evalSamples: 4 };
    const direct = new DpoRun({ ...judges, seed: 1, config: dpoConfig, base: base.network, corpus, opinions: votes });
    const demonstrations = texts
      .slice(0, 8)
      .map(({ prompt, completion }, i) => ({ demonstrationId: `d${i}`, prompt, completion, source: 'human' as const }));
    const tuneConfig = { ...LAB.finetune, epochs: 1, batchSize: 4, evalSamples: 4 };
    const wish = { happy: true, polite: false, short: false, animal: null };
    const tuned = new FineTuneRun({
      ...judges,
      seed: 1,
      config: tuneConfig,
      base: base.network,
      corpus,
      demonstrations,
      wish,
    });
    const ends = [(await take(dpo(direct, ticking()), 2)).at(-1)!, (await take(fineTune(tuned, ticking()), 9)).at(-1)!];
    for (const { metrics: last } of ends) {
      for (const id of ['axis/kl', 'axis/score'] as const) expect(last[id]).toEqual(expect.any(Number));
      for (const id of [
        'axis/gold',
        'gold/score',
        'completion/grammatical',
        'eval/wishShare',
        'val/num_eos_tokens',
      ] as const)
        expect(last[id]).toBeUndefined();
    }
    for (const owner of [direct, tuned, run, reward, base]) owner.dispose();
  });

  it('complete the empty prompt and prompts longer than the model reads', async () => {
    const corpus = await makeCorpus();
    const model = { ...MODEL, vocabSize: corpus.tokenizer.vocabSize, contextLength: CONTEXT };
    const run = new PretrainRun({ seed: 1, config: LAB.pretrain, model, corpus, fixedPrompt: '' });
    const texts = await complete(
      run.network,
      corpus,
      ['', TEXT],
      { temperature: 1, topK: 0, topP: 1 },
      Random.fromSeed(2),
    );
    for (const { tokens } of texts) expect(tokens).toHaveLength(corpus.completionLength);
    run.dispose();
  });
});
