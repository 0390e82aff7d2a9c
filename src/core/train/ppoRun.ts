/** What a PPO run owns: four roles, their optimisers, and the few numbers that change from one iteration to the next. */
import type { LiveKnobs, Pooling, PpoConfig } from '../../contract/config';
import type { BeforeAfter, PpoPhase, Rater } from '../../contract/domain';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { learningRateAt } from '../optim/schedule';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { fromPrefix, type SavedRun, underPrefix } from './snapshot';

export interface PpoInputs {
  seed: number;
  config: PpoConfig;
  /** becomes the policy and, unchanged, the reference; borrowed */
  base: CausalNetwork;
  /** borrowed */
  rewardModel: CausalNetwork;
  /** as the reward model was trained */
  pooling: Pooling;
  /** borrowed */
  corpus: Corpus;
  /** whose gold score is shown beside the reward; PPO never sees it */
  rater: Rater;
}

export interface PpoState {
  iteration: number;
  klCoef: number;
  learningRate: number;
}

/**
 * A policy in the making. The reference and the reward model are borrowed and never trained. The critic either starts as a copy
 * of the reward model, head and normalisation included, or sits as a second head, at first 0, on the policy's trunk.
 */
export class PpoRun {
  /** iterations finished */
  iteration = 0;
  /** the phase that comes next */
  phase: PpoPhase = 'rollout';
  /** what holds from the next iteration on */
  klCoef: number;
  learningRate: number;
  readonly policy: CausalNetwork;
  readonly reference: CausalNetwork;
  readonly rewardModel: CausalNetwork;
  /** null when the policy itself carries the value head */
  readonly valueModel: CausalNetwork | null;
  readonly policyOptimizer: NetworkOptimizer;
  readonly valueOptimizer: NetworkOptimizer | null;
  /** the reference's texts for the fixed prompts, once they were written */
  before: BeforeAfter[] | null = null;
  private readonly random: Random;

  constructor(readonly inputs: PpoInputs) {
    const { base, rewardModel, config, seed } = inputs;
    const shared = config.valueModel === 'shared';
    this.random = Random.fromSeed(seed).fork('ppo');
    this.reference = base;
    this.rewardModel = rewardModel;
    this.policy = base.clone('policy', { language: true, scalar: shared });
    this.policyOptimizer = this.policy.createOptimizer(config.optimizer);
    this.valueModel = shared ? null : rewardModel.clone('valueModel', { language: false, scalar: true });
    this.valueOptimizer = this.valueModel?.createOptimizer(config.optimizer) ?? null;
    this.klCoef = config.klCoef;
    this.learningRate = config.learningRate;
  }

  get totalSteps(): number {
    return this.inputs.config.iterations;
  }

  /** a stream of its own for each purpose and iteration */
  stream(purpose: string): Random {
    return this.random.fork(`${purpose} ${this.iteration}`);
  }

  /** the same in every iteration */
  fixedStream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  /** of this iteration, schedule applied */
  get currentLearningRate(): number {
    const { schedule, iterations } = this.inputs.config;
    const plan = schedule === 'linear' ? { type: schedule, warmupSteps: 0, totalSteps: iterations } : { type: schedule, warmupSteps: 0 };
    return learningRateAt(plan, this.learningRate, this.iteration);
  }

  /** acts from the next iteration on: the loop reads both when an iteration begins */
  adjust({ klCoef, learningRate }: LiveKnobs): void {
    if (klCoef !== undefined) this.klCoef = klCoef;
    if (learningRate !== undefined) this.learningRate = learningRate;
  }

  /** between two iterations; within one it saves the state before that iteration's update */
  async save(): Promise<SavedRun<PpoState>> {
    const parts: [string, { save(): Promise<SavedRun<never>['tensors']> } | null][] = [
      ['policy', this.policy],
      ['optimizer/policy', this.policyOptimizer],
      ['valueModel', this.valueModel],
      ['optimizer/valueModel', this.valueOptimizer],
    ];
    const saved = await Promise.all(parts.map(async ([prefix, part]) => (part ? underPrefix(prefix, await part.save()) : {})));
    const { iteration, klCoef, learningRate } = this;
    return { tensors: Object.assign({}, ...saved), state: { iteration, klCoef, learningRate } };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: SavedRun<PpoState>): void {
    this.policy.load(fromPrefix('policy', tensors));
    this.policyOptimizer.load(fromPrefix('optimizer/policy', tensors));
    this.valueModel?.load(fromPrefix('valueModel', tensors));
    this.valueOptimizer?.load(fromPrefix('optimizer/valueModel', tensors));
    this.iteration = state.iteration;
    this.adjust(state);
    this.phase = 'rollout';
  }

  dispose(): void {
    this.policyOptimizer.dispose();
    this.valueOptimizer?.dispose();
    this.valueModel?.dispose();
    this.policy.dispose();
  }
}
