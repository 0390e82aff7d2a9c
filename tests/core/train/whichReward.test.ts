import { afterAll, describe, expect, it } from 'vitest';
import type { PpoConfig } from '../../../src/contract/config';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { ruleReward } from '../../../src/core/text/rules';
import { tf } from '../../../src/core/tf';
import { disposeExperience, disposeRollout } from '../../../src/core/train/experience';
import { evaluate, ppo, rollOut } from '../../../src/core/train/ppo';
import { drawPrompts } from '../../../src/core/train/ppoRelatives';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { decodeRows } from '../../../src/core/train/texts';
import { rewardsOf } from '../../../src/core/train/whichReward';
import { withBackend } from '../../helpers/backend';
import { corpus, freedAfterEach, LAB, take, untrained } from './tiny';

withBackend('wasm');

const HAPPY = { name: 'happy' } as const;
const lent: CausalNetwork[] = [];
const freed = freedAfterEach<PpoRun>();

function judge(): CausalNetwork {
  const network = untrained(2).clone('rewardModel', { language: false, scalar: true });
  network.setScoreScale(2, 0.5);
  lent.push(network);
  return network;
}

function create(changes: Partial<PpoConfig>, rewardModel: CausalNetwork | null): PpoRun {
  const config = { ...LAB.ppo, iterations: 2, rollouts: 6, epochs: 1, ...changes };
  const base = untrained(1);
  lent.push(base);
  return freed(new PpoRun({ seed: 1, config, base, rewardModel, pooling: 'last', corpus, rater: HAPPY }));
}
afterAll(() => {
  for (const network of lent) network.dispose();
});

/** what the first batch is paid, and its texts */
async function firstScores(run: PpoRun) {
  const prompts = drawPrompts(run);
  const rollout = await rollOut(run, prompts);
  const experience = await evaluate(run, prompts, rollout, run.knobs);
  const scores = [...experience.scores.dataSync()];
  const texts = decodeRows(corpus, prompts, rollout.batch.tokens.dataSync(), rollout.completionMask.dataSync());
  disposeExperience(experience);
  disposeRollout(rollout);
  return { scores, texts };
}

describe('which reward', () => {
  it('is the reward model’s, bit for bit, in a mix in which the rule has no weight', async () => {
    const rewardModel = judge();
    const model = await firstScores(create({ rewardFrom: 'model' }, rewardModel));
    const mix = await firstScores(create({ rewardFrom: 'mix', ruleWeight: 0 }, rewardModel));
    expect(mix.scores).toEqual(model.scores);
  });

  it('trains to the same numbers by a mix in which the rule has no weight', async () => {
    const rewardModel = judge();
    const numbers = async (changes: Partial<PpoConfig>) =>
      (await take(ppo(create(changes, rewardModel)), 8)).flatMap(({ metrics }) => metrics ?? []);
    expect(await numbers({ rewardFrom: 'mix', ruleWeight: 0 })).toEqual(await numbers({ rewardFrom: 'model' }));
  });

  it('follows its weight while the run goes on', async () => {
    const run = create({ rewardFrom: 'mix', rewardRule: 'fresh', ruleWeight: 0, missingEosPenalty: 0 }, judge());
    run.adjust({ ruleWeight: 1 });
    const { scores, texts } = await firstScores(run);
    expect(scores).toEqual(texts.map((text) => ruleReward(corpus, HAPPY, run.inputs.config, text)));
  });

  it('is the rule’s number where that pays alone, with what an unfinished text costs', async () => {
    const run = create({ rewardFrom: 'rule', rewardRule: 'fresh', missingEosPenalty: 1 }, null);
    const { scores, texts } = await firstScores(run);
    const { config } = run.inputs;
    const expected = texts.map((text) => ruleReward(corpus, HAPPY, config, text)! - (text.finished ? 0 : 1));
    expect(scores).toEqual(expected);
    expect(new Set(texts.map(({ finished }) => finished)).size).toBeGreaterThan(0);
  });

  it('never asks for scores where a rule alone pays', async () => {
    const refuse = () => Promise.reject(new Error('asked'));
    const inputs = { corpus, rater: HAPPY, config: { ...LAB.ppo, rewardFrom: 'rule', rewardRule: 'ends' } as const };
    const text = { prompt: 'a', completion: 'b', finished: true, tokens: [], attributes: null };
    expect(await rewardsOf(inputs, [text], refuse)).toEqual([1]);
    await expect(
      rewardsOf({ ...inputs, config: { ...inputs.config, rewardFrom: 'mix' } }, [text], refuse),
    ).rejects.toThrow('asked');
  });

  it('says so where the rule cannot tell', async () => {
    const own = { ...corpus, gold: () => null };
    const inputs = {
      corpus: own,
      rater: HAPPY,
      config: { ...LAB.ppo, rewardFrom: 'rule', rewardRule: 'gold' } as const,
    };
    const text = { prompt: 'a', completion: 'b', finished: true, tokens: [], attributes: null };
    await expect(rewardsOf(inputs, [text], async () => [])).rejects.toMatchObject({ code: 'run/missingInput' });
  });

  it('is multiplied before unfinished texts pay, whoever pays', async () => {
    for (const rewardFrom of ['model', 'mix'] as const) {
      const rewardModel = judge();
      const changes = { rewardFrom, missingEosPenalty: 0 };
      const once = await firstScores(create(changes, rewardModel));
      const tenfold = await firstScores(create({ ...changes, rewardScale: 10 }, rewardModel));
      for (const [i, score] of tenfold.scores.entries()) expect(score).toBeCloseTo(10 * once.scores[i]!, 4);
    }
  });

  it('has a critic of 0 to begin with where there is no reward model to copy', () => {
    const run = create({ rewardFrom: 'rule' }, null);
    const batch = { tokens: tf.tensor2d([[1, 2, 3]], [1, 3], 'int32'), leftPad: null };
    expect([...run.valueModel!.values(batch, 1).dataSync()]).toEqual([0, 0]);
  });

  for (const advantages of ['gae', 'rloo', 'grpo'] as const)
    it(`trains ${advantages} by a rule alone`, async () => {
      const changes = { advantages, groupSize: 2, rewardFrom: 'rule', rewardRule: 'gold' } as const;
      const reports = await take(ppo(create(changes, null)), 8);
      const metrics = reports.flatMap((report) => (report.phase === null ? [report.metrics!] : []));
      expect(metrics).toHaveLength(2);
      for (const values of metrics) expect(values['objective/scores']).toEqual(expect.any(Number));
      expect(metrics.every((values) => values['axis/score'] === undefined)).toBe(true);
    });

  it('moves no tensor out of sight', async () => {
    const run = create({ rewardFrom: 'mix', rewardRule: 'word' }, judge());
    await firstScores(run);
    const before = tf.memory().numTensors;
    await firstScores(run);
    expect(tf.memory().numTensors).toBe(before);
  });
});
