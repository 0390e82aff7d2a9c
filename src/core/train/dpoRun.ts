/** What a DPO run owns: the policy, its optimiser, and the pairs of every vote and ranking. */

import type { DpoConfig } from '../../contract/config';
import { VOTES_NEEDED } from '../../contract/enough';
import { LabError } from '../../contract/errors';
import { plural } from '../../contract/numbers';
import type { Ranking, RulePair } from '../../contract/preferences';
import { learnerFrom } from '../model/adapters/learner';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { loadAll, type Owners, saveAll } from '../tensor/prefix';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { type PreferencePair, splitByPrompt } from '../text/pairs';
import { comparisonOf, comparisonsFrom, countPairs, pairsOf } from '../text/rankings';
import { type FreshTexts, freshTextsOf, type Judges } from './freshTexts';
import type { PairLogps } from './pairLogps';
import { besideRule } from './ruleLabels';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';
import { StepRecord } from './stepRecord';
import { type SavedSteps, StepsInFlight } from './stepsInFlight';

export interface DpoInputs extends Judges {
  seed: number;
  config: DpoConfig;
  /** the reference, never changed, and where the policy begins unless `start` is given; borrowed */
  base: CausalNetwork;
  /** the policy of an earlier round, to go on from; the distance is still measured from `base`. Borrowed */
  start?: CausalNetwork | undefined;
  /** borrowed */
  corpus: Corpus;
  /** votes among them */
  opinions: readonly Ranking[];
  /** labelled by the rule inferred from them; none when absent */
  rulePairs?: readonly RulePair[];
  /** called between slices of writing and between passes of a look, where the run may be saved: it looks again then */
  breathe?: Breathe | undefined;
}

export type DpoState = SavedSteps;

export class DpoRun {
  readonly policy: CausalNetwork;
  /** borrowed, never trained */
  readonly reference: CausalNetwork;
  readonly optimizer: NetworkOptimizer;
  readonly steps: StepsInFlight;
  readonly train: PreferencePair[];
  readonly heldOut: PreferencePair[];
  /**
   * what batches are drawn from: the pairs for training, votes and rankings twice when a rule labelled pairs beside
   * them
   */
  readonly curriculum: PreferencePair[];
  readonly fresh: FreshTexts;
  /** what the newest step was trained on */
  readonly record = new StepRecord<{ step: number; pairs: readonly PreferencePair[] }>();
  /** how likely the reference finds the held-out pairs, once that was asked */
  heldOutReference: PairLogps | null = null;
  private readonly random: Random;

  /** @throws LabError('run/tooFewVotes') with fewer than eight pairs among votes and rankings */
  constructor(readonly inputs: DpoInputs) {
    const { base, start = base, config, rulePairs = [] } = inputs;
    this.random = Random.fromSeed(inputs.seed).fork('dpo');
    const chosen = comparisonsFrom(inputs.opinions);
    const comparisons = [...chosen, ...rulePairs.map((pair) => comparisonOf(pair))];
    const { train, heldOut } = splitByPrompt(comparisons, config.heldOutShare, this.stream('split'));
    this.train = train.flatMap(pairsOf);
    this.heldOut = heldOut.flatMap(pairsOf);
    this.curriculum = rulePairs.length === 0 ? this.train : besideRule(this.train);
    const pairs = countPairs(chosen);
    if (pairs < VOTES_NEEDED)
      throw new LabError(
        'run/tooFewVotes',
        `DPO needs at least ${VOTES_NEEDED} votes for one side; there ${plural(pairs, 'is', 'are')} ${pairs}.`,
      );
    this.reference = base;
    const heads = { language: true, scalar: false };
    this.policy = learnerFrom(start, 'policy', heads, config, this.stream('adapters'));
    this.optimizer = this.policy.createOptimizer(config.optimizer);
    this.steps = new StepsInFlight(this.policy);
    this.fresh = freshTextsOf(this.policy, inputs);
  }

  get totalSteps(): number {
    return this.inputs.config.steps;
  }

  /** steps whose numbers were reported */
  get step(): number {
    return this.steps.reported;
  }

  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  private get owners(): Owners {
    return { policy: this.policy, 'optimizer/policy': this.optimizer };
  }

  async save(): Promise<SavedRun<DpoState>> {
    const [tensors, state] = await Promise.all([saveAll(this.owners), this.steps.save()]);
    return { tensors, state };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: SavedRun<DpoState>): void {
    loadAll(this.owners, tensors);
    this.steps.load(state);
  }

  dispose(): void {
    this.record.dispose();
    this.optimizer.dispose();
    this.policy.dispose();
  }
}
