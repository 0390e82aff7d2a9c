/** What fine-tuning owns: the network, its optimiser, the demonstrations, and the best model so far. */

import type { FineTuneConfig } from '../../contract/config';
import { LabError } from '../../contract/errors';
import type { MetricValues } from '../../contract/metrics';
import { plural } from '../../contract/numbers';
import { DEMONSTRATIONS_NEEDED, type Demonstration, type Wish } from '../../contract/preferences';
import { learnerFrom } from '../model/adapters/learner';
import type { CausalNetwork, NamedTensors, NetworkOptimizer } from '../model/causalNetwork';
import { fromPrefix, loadAll, type Owners, saveAll, underPrefix } from '../tensor/prefix';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { splitByPrompt } from '../text/pairs';
import { type FreshTexts, freshTextsOf, type Judges } from './freshTexts';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';
import { StepRecord } from './stepRecord';
import { type SavedSteps, StepsInFlight } from './stepsInFlight';

export interface FineTuneInputs extends Judges {
  seed: number;
  config: FineTuneConfig;
  /** where it begins; borrowed */
  base: CausalNetwork;
  /** borrowed */
  corpus: Corpus;
  demonstrations: readonly Demonstration[];
  /** what the demonstrations were wished to be, to count how many fresh texts are so; null when nothing was wished */
  wish: Wish | null;
  /** called between slices of writing and between passes of a look, where the run may be saved: it looks again then */
  breathe?: Breathe | undefined;
}

/** The model of one epoch, as model selection judged it. */
export interface Best {
  epoch: number;
  /** higher is better */
  quality: number;
  metrics: MetricValues;
}

export interface FineTuneState extends SavedSteps {
  best: Best | null;
}

export class FineTuneRun {
  readonly network: CausalNetwork;
  readonly optimizer: NetworkOptimizer;
  readonly steps: StepsInFlight;
  readonly train: Demonstration[];
  readonly heldOut: Demonstration[];
  readonly fresh: FreshTexts;
  /** what the newest step was trained on */
  readonly record = new StepRecord<{ step: number; prompts: readonly string[] }>();
  best: Best | null = null;
  private bestWeights: NamedTensors = {};
  private readonly random: Random;

  /** @throws LabError('run/tooFewDemonstrations') */
  constructor(readonly inputs: FineTuneInputs) {
    const { base, config, demonstrations } = inputs;
    if (demonstrations.length < DEMONSTRATIONS_NEEDED)
      throw new LabError(
        'run/tooFewDemonstrations',
        `Fine-tuning needs at least ${DEMONSTRATIONS_NEEDED} demonstrations; there ${plural(demonstrations.length, 'is', 'are')} ${demonstrations.length}.`,
      );
    this.random = Random.fromSeed(inputs.seed).fork('finetune');
    const { train, heldOut } = splitByPrompt(demonstrations, config.heldOutShare, this.stream('split'));
    this.train = train;
    this.heldOut = heldOut;
    const heads = { language: true, scalar: false };
    this.network = learnerFrom(base, 'policy', heads, config, this.stream('adapters'));
    this.optimizer = this.network.createOptimizer(config.optimizer);
    this.steps = new StepsInFlight(this.network);
    this.fresh = freshTextsOf(this.network, inputs);
  }

  get totalSteps(): number {
    return this.stepsUntil(this.inputs.config.epochs);
  }

  /** demonstrations in a batch; no more than there are */
  get batchSize(): number {
    return Math.min(this.inputs.config.batchSize, this.train.length);
  }

  /** steps whose numbers were reported */
  get step(): number {
    return this.steps.reported;
  }

  /** @returns passes over the demonstrations after so many steps, a fraction */
  epochAt(step: number): number {
    return (step * this.batchSize) / this.train.length;
  }

  /** @returns whether this step, from 1, ended an epoch */
  endsEpoch(step: number): boolean {
    return this.stepsUntil(Math.floor(this.epochAt(step))) === step;
  }

  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  /** remembers the model as it stands when it is the best so far */
  async consider(candidate: Best): Promise<void> {
    if (this.best && candidate.quality <= this.best.quality) return;
    this.best = candidate;
    this.bestWeights = await this.network.save();
  }

  /** back to the best model, when one was selected */
  takeBest(): void {
    if (this.best) this.network.load(this.bestWeights);
  }

  private get owners(): Owners {
    return { policy: this.network, 'optimizer/policy': this.optimizer };
  }

  async save(): Promise<SavedRun<FineTuneState>> {
    const [learning, steps] = await Promise.all([saveAll(this.owners), this.steps.save()]);
    const tensors = { ...learning, ...underPrefix('best', this.bestWeights) };
    return { tensors, state: { ...steps, best: this.best } };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: SavedRun<FineTuneState>): void {
    const best = fromPrefix('best', tensors);
    if (state.best) this.network.load(best); // says so now, not at the end, when one is missing
    loadAll(this.owners, tensors);
    this.bestWeights = best;
    this.best = state.best;
    this.steps.load(state);
  }

  dispose(): void {
    this.record.dispose();
    this.optimizer.dispose();
    this.network.dispose();
  }

  private stepsUntil(epoch: number): number {
    return Math.ceil((epoch * this.train.length) / this.batchSize);
  }
}
