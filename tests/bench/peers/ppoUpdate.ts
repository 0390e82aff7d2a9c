/** One iteration of PPO without what is merely looked at: rollouts, evaluation, epochs. */
import { type PpoConfig, presetConfig } from '../../../src/contract/config';
import type { CausalNetwork, Rollout } from '../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { preferExecutor } from '../../../src/core/model/executor';
import { Random } from '../../../src/core/tensor/random';
import type { Corpus } from '../../../src/core/text/corpus';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { disposeExperience, disposeRollout } from '../../../src/core/train/experience';
import { evaluate, optimise, rollOut } from '../../../src/core/train/ppo';
import { PpoRun } from '../../../src/core/train/ppoRun';
import type { Work } from '../work';

/** texts keep their length, however many rounds there are */
const LEARNING_RATE = 1e-5;

export interface PpoUpdate extends Work {
  lab: PpoRun;
  prompts: string[];
  /** @returns owned by the caller */
  write(): Promise<Rollout>;
  /** @returns means over the epochs of the policy's and the critic's loss, and the mean score */
  learn(rollout: Rollout): Promise<number[]>;
}

/** prompts without padding, which a plain program of a peer has no mask for */
function fullPrompts(corpus: Corpus, count: number): string[] {
  const random = Random.fromSeed(5);
  const drawn = corpus
    .prompts(random, 100 * count)
    .filter((prompt) => corpus.encodePrompt(prompt).length === corpus.promptLength);
  if (drawn.length < count) throw new Error(`only ${drawn.length} of the prompts are as long as prompts can be`);
  return drawn.slice(0, count);
}

/** a scalar head at 0 would pay and expect nothing */
async function withHead(network: CausalNetwork): Promise<CausalNetwork> {
  const saved = await network.save();
  const random = Random.fromSeed(7);
  saved['scalarHead/weight']!.data.forEach((_, i, data) => {
    data[i] = random.normal();
  });
  network.load(saved);
  return network;
}

/** @param ppo its learning rate is taken down, so that texts keep their length however many rounds there are */
export async function ppoUpdate(ppo: PpoConfig): Promise<PpoUpdate> {
  const { stories, model } = presetConfig('tiny');
  const corpus = createStoryCorpus({ ...stories, stories: 500 }, 1);
  preferExecutor('fused');
  const base = createNetwork(
    { ...model, vocabSize: corpus.tokenizer.vocabSize },
    { language: true, scalar: false },
    Random.fromSeed(1),
    'base',
  );
  const rewardModel = await withHead(base.clone('rewardModel', { language: false, scalar: true }));
  const config: PpoConfig = { ...ppo, learningRate: LEARNING_RATE, schedule: 'constant' };
  const lab = new PpoRun({ seed: 1, config, base, rewardModel, pooling: 'last', corpus, rater: { name: 'happy' } });
  const prompts = fullPrompts(corpus, config.rollouts);
  const write = () => rollOut(lab, prompts);
  const learn = async (rollout: Rollout): Promise<number[]> => {
    const knobs = lab.currentKnobs;
    const experience = await evaluate(lab, prompts, rollout, knobs);
    const learned = await optimise(lab, experience, knobs);
    const scores: number[] = await experience.scores.array();
    disposeExperience(experience);
    return [
      learned['loss/policy_avg']!,
      learned['loss/value_avg']!,
      scores.reduce((sum, score) => sum + score, 0) / scores.length,
    ];
  };
  return {
    lab,
    prompts,
    write,
    learn,
    async run() {
      const rollout = await write();
      await learn(rollout);
      disposeRollout(rollout);
      lab.iteration++; // other samples next time
    },
    dispose() {
      for (const owned of [lab, base, rewardModel]) owned.dispose();
    },
  };
}
