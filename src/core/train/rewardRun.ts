/** What the training of a reward model owns, and how much of it there is for how many votes. */

import type { RewardConfig } from '../../contract/config';
import { VOTES_NEEDED } from '../../contract/enough';
import { LabError } from '../../contract/errors';
import { plural } from '../../contract/numbers';
import type { RewardReview } from '../../contract/observations';
import type { Ranking, Rater, RulePair } from '../../contract/preferences';
import { learnerFrom } from '../model/adapters/learner';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { loadAll, type Owners, saveAll } from '../tensor/prefix';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { type PreferencePair, splitByPrompt } from '../text/pairs';
import { type Comparison, comparisonOf, comparisonsFrom, countPairs, pairsOf } from '../text/rankings';
import type { OnProgress } from '../text/steps';
import { besideRule, type LabelRule, labelByRule, ruleRandom } from './ruleLabels';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';
import { StepRecord } from './stepRecord';
import { type SavedSteps, StepsInFlight } from './stepsInFlight';

export interface RewardInputs {
  seed: number;
  config: RewardConfig;
  /** the model whose texts were voted on; borrowed */
  base: CausalNetwork;
  /** borrowed */
  corpus: Corpus;
  /** votes and rankings of more than two, or of two */
  opinions: readonly Ranking[];
  /** inferred from the votes; null trains on the votes alone */
  taste: LabelRule | null;
  /** labelled when the run was first made; then no others are */
  rulePairs?: readonly RulePair[] | undefined;
  /** with whose gold order the model's is compared when it is reviewed; never trained on */
  rater?: Rater | null;
  /** called between slices of writing and between passes, where the run may be saved as before the step in hand */
  breathe?: Breathe | undefined;
}

export interface RewardState extends SavedSteps {
  /** absent in runs that were saved before `stepsFor` was changed */
  totalSteps?: number;
  example: RewardReview['example'];
}

/**
 * Steps that fitted and did not overfit tiny models, by number of training pairs: a few hundred pairs are read five to
 * ten times, two dozen about twenty times. Beside 24 votes, 600 labels of a rule reached a held-out accuracy of 0.909 in
 * 40 steps, 0.913 in 80, 0.921 in 100 and 0.925 in 140, means of three seeds whose rules reached 0.949.
 */
export function stepsFor(pairs: number): number {
  if (pairs <= 48) return 30;
  if (pairs <= 150) return 60;
  return pairs <= 800 ? 100 : 200;
}

/** as it was for runs that do not remember */
const earlierStepsFor = (pairs: number): number => (pairs > 400 && pairs <= 800 ? 140 : stepsFor(pairs));

/** Few pairs are kept from pulling the whole model along (tuned for tiny models). */
export const rateFor = (pairs: number, { steps, learningRate }: RewardConfig): number =>
  steps === 0 && pairs < 100 ? Math.min(1e-3, learningRate) : learningRate;

interface RewardFacts {
  step: number;
  comparisons: readonly Comparison[];
  /** [B,K] place of each completion among the scores */
  rows: readonly (readonly number[])[];
}

/** A reward model in the making: owns the network and its optimiser. */
export class RewardRun {
  readonly network: CausalNetwork;
  readonly optimizer: NetworkOptimizer;
  readonly steps: StepsInFlight;
  /** what the newest step was trained on */
  readonly record = new StepRecord<RewardFacts>();
  /** what is learned from; all pairs of a prompt are on one side */
  readonly train: Comparison[];
  readonly trainPairs: PreferencePair[];
  readonly heldOutPairs: PreferencePair[];
  /** the last batch's first pair */
  example: RewardReview['example'] = null;
  readonly totalSteps: number;
  private readonly random: Random;

  /** @param plan steps by number of pairs, where the configuration leaves them open */
  private constructor(
    readonly inputs: RewardInputs,
    readonly rulePairs: readonly RulePair[],
    plan = stepsFor,
  ) {
    this.random = Random.fromSeed(inputs.seed).fork('reward');
    const all = [...comparisonsFrom(inputs.opinions), ...rulePairs.map((pair) => comparisonOf(pair))];
    const { train, heldOut } = splitByPrompt(all, inputs.config.heldOutShare, this.stream('split'));
    this.train = train;
    this.trainPairs = train.flatMap(pairsOf);
    this.heldOutPairs = heldOut.flatMap(pairsOf);
    this.totalSteps = inputs.config.steps > 0 ? inputs.config.steps : plan(this.trainPairs.length);
    const heads = { language: false, scalar: true };
    this.network = learnerFrom(inputs.base, 'rewardModel', heads, inputs.config, this.stream('adapters'));
    this.network.setScoreScale(1, 0);
    this.optimizer = this.network.createOptimizer(inputs.config.optimizer);
    this.steps = new StepsInFlight(this.network);
  }

  /**
   * Labels pairs by the rule where there is one and they are not here yet, and builds the run.
   * @throws LabError('run/tooFewVotes') with fewer than eight pairs among votes and rankings
   */
  static async create(inputs: RewardInputs, onProgress?: OnProgress): Promise<RewardRun> {
    const usable = countPairs(comparisonsFrom(inputs.opinions));
    if (usable < VOTES_NEEDED)
      throw new LabError(
        'run/tooFewVotes',
        `A reward model needs at least ${VOTES_NEEDED} votes for one side; there ${plural(usable, 'is', 'are')} ${usable}.`,
      );
    const { base, corpus, taste, config, seed } = inputs;
    const label = (by: LabelRule) => labelByRule(base, corpus, by, config.ruleLabels, ruleRandom(seed), onProgress);
    return new RewardRun(inputs, inputs.rulePairs ?? (taste ? await label(taste) : []));
  }

  /** @throws when a tensor is missing or has another shape */
  static restore(inputs: RewardInputs, { tensors, state }: SavedRun<RewardState>): RewardRun {
    const { totalSteps } = state;
    const run = new RewardRun(inputs, inputs.rulePairs ?? [], totalSteps ? () => totalSteps : earlierStepsFor);
    try {
      loadAll(run.owners, tensors);
    } catch (error) {
      run.dispose();
      throw error;
    }
    run.steps.load(state);
    run.example = state.example;
    return run;
  }

  /** steps whose numbers were reported */
  get step(): number {
    return this.steps.reported;
  }

  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  /** votes and rankings twice, when a rule labelled pairs beside them */
  get curriculum(): Comparison[] {
    return this.rulePairs.length === 0 ? this.train : besideRule(this.train);
  }

  /** comparisons in a batch, so that their pairs are about as many as the configuration asks for */
  get batchSize(): number {
    return Math.max(1, Math.round((this.inputs.config.batchSize * this.train.length) / this.trainPairs.length));
  }

  private get owners(): Owners {
    return { rewardModel: this.network, 'optimizer/rewardModel': this.optimizer };
  }

  async save(): Promise<SavedRun<RewardState>> {
    const [tensors, steps] = await Promise.all([saveAll(this.owners), this.steps.save()]);
    return { tensors, state: { ...steps, totalSteps: this.totalSteps, example: this.example } };
  }

  dispose(): void {
    this.record.dispose();
    this.optimizer.dispose();
    this.network.dispose();
  }
}
