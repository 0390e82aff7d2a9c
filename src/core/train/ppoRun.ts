/**
 * What a PPO run owns: four roles, their optimisers, and the few numbers that change from one iteration to the next.
 */
import { KL_COEF, LIVE_KNOBS, type LiveKnobs, type Pooling, type PpoConfig } from '../../contract/config';
import type { BeforeAfter } from '../../contract/observations';
import type { Rater } from '../../contract/preferences';
import { learnerFrom } from '../model/adapters/learner';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { scheduledRate } from '../optim/schedule';
import { loadAll, type Owners, saveAll } from '../tensor/prefix';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { PpoRecord } from './ppoRecord';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';

export interface PpoInputs {
  seed: number;
  config: PpoConfig;
  /** the reference, never changed, and where the policy begins unless `start` is given; borrowed */
  base: CausalNetwork;
  /** the policy of an earlier round, to go on from; the distance is still measured from `base`. Borrowed */
  start?: CausalNetwork | undefined;
  /** null where a rule alone pays; borrowed */
  rewardModel: CausalNetwork | null;
  /** where a separate critic begins; the reward model unless this is given, without one the base. Borrowed */
  critic?: CausalNetwork | undefined;
  /** as the reward model was trained */
  pooling: Pooling;
  /** borrowed */
  corpus: Corpus;
  /** whose gold score is shown beside the reward; PPO never sees it, unless its rule is to pay just that */
  rater: Rater;
  /**
   * called between slices of writing, between forward passes and between updates; the run may be saved there while it
   * `isWhole`
   */
  breathe?: Breathe | undefined;
}

export type Knobs = Required<LiveKnobs>;

/** a run that was saved before a knob was live goes on with the configured value */
export type PpoState = { iteration: number } & Pick<Knobs, 'klCoef' | 'learningRate'> & LiveKnobs;

const knobsOf = (config: PpoConfig): Knobs =>
  Object.fromEntries(LIVE_KNOBS.map((knob) => [knob, config[knob]])) as Knobs;

/**
 * A policy in the making. The reference and the reward model are borrowed and never trained. The critic either starts
 * as a copy of the reward model, head and normalisation included (Ouyang et al. 2022), or of another model with a
 * scalar head, or of the base with a head at 0 where nobody but a rule judges, or sits as a second head, at first 0, on
 * the policy's trunk (Ziegler et al. 2019). Where completions are compared in groups there is none.
 */
export class PpoRun {
  /** iterations finished */
  iteration = 0;
  /** what holds from the next iteration on */
  knobs: Knobs;
  readonly policy: CausalNetwork;
  readonly reference: CausalNetwork;
  readonly rewardModel: CausalNetwork | null;
  /** null when the policy itself carries the value head, or nobody does */
  readonly valueModel: CausalNetwork | null;
  readonly policyOptimizer: NetworkOptimizer;
  readonly valueOptimizer: NetworkOptimizer | null;
  /** nothing of an iteration is learned that is not reported; otherwise there is nothing worth saving */
  isWhole = true;
  /** the reference's texts for the fixed prompts, once they were written */
  before: BeforeAfter[] | null = null;
  /** what the last iteration was trained on */
  readonly record = new PpoRecord();
  private readonly random: Random;

  constructor(readonly inputs: PpoInputs) {
    const { base, start = base, rewardModel, critic = rewardModel ?? base, config, seed } = inputs;
    const shared = config.advantages === 'gae' && config.valueModel === 'shared';
    const separate = config.advantages === 'gae' && config.valueModel === 'separate';
    this.random = Random.fromSeed(seed).fork('ppo');
    this.reference = base;
    this.rewardModel = rewardModel;
    const adapters = this.random.fork('adapters');
    const heads = { language: true, scalar: shared };
    this.policy = learnerFrom(start, 'policy', heads, config, adapters.fork('policy'));
    this.policyOptimizer = this.policy.createOptimizer(config.optimizer);
    const judging = { language: false, scalar: true };
    this.valueModel = separate ? learnerFrom(critic, 'valueModel', judging, config, adapters.fork('valueModel')) : null;
    this.valueOptimizer = this.valueModel?.createOptimizer(config.optimizer) ?? null;
    this.knobs = knobsOf(config);
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

  /** the knobs as they act in this iteration, schedule applied */
  get currentKnobs(): Knobs {
    return { ...this.knobs, learningRate: this.currentLearningRate };
  }

  private get currentLearningRate(): number {
    const { schedule, iterations } = this.inputs.config;
    const { learningRate } = this.knobs;
    return scheduledRate({ schedule, warmupSteps: 0, steps: iterations, learningRate }, this.iteration);
  }

  /** acts from the next iteration on: the loop reads the knobs when an iteration begins */
  adjust(changes: LiveKnobs): void {
    for (const knob of LIVE_KNOBS) this.knobs[knob] = changes[knob] ?? this.knobs[knob];
  }

  private get owners(): Owners {
    const { policy, policyOptimizer, valueModel, valueOptimizer } = this;
    return { policy, 'optimizer/policy': policyOptimizer, valueModel, 'optimizer/valueModel': valueOptimizer };
  }

  /** while it `isWhole`; within an iteration it saves the state before it */
  async save(): Promise<SavedRun<PpoState>> {
    return { tensors: await saveAll(this.owners), state: { iteration: this.iteration, ...this.knobs } };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: SavedRun<PpoState>): void {
    loadAll(this.owners, tensors);
    this.iteration = state.iteration;
    // adaptive control once went below 0
    this.adjust({ ...state, klCoef: state.klCoef < 0 ? KL_COEF.least : state.klCoef });
  }

  dispose(): void {
    this.record.dispose();
    this.policyOptimizer.dispose();
    this.valueOptimizer?.dispose();
    this.valueModel?.dispose();
    this.policy.dispose();
  }
}
