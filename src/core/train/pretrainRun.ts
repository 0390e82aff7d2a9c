/** What a pre-training run owns: the network in the making and its optimiser. */
import type { ModelConfig, PretrainConfig } from '../../contract/config';
import type { CausalNetwork, NetworkOptimizer } from '../model/causalNetwork';
import { createNetwork } from '../model/createNetwork';
import { loadAll, type Owners, saveAll } from '../tensor/prefix';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';
import { type SavedSteps, StepsInFlight } from './stepsInFlight';

export interface PretrainInputs {
  seed: number;
  config: PretrainConfig;
  model: ModelConfig;
  /** borrowed */
  corpus: Corpus;
  /** completed at every evaluation with the same random numbers, so that what changes is the model */
  fixedPrompt: string;
  /** called between slices of writing and between passes of a look, where the run may be saved: it looks again then */
  breathe?: Breathe | undefined;
}

export type PretrainState = SavedSteps;

export class PretrainRun {
  readonly network: CausalNetwork;
  readonly optimizer: NetworkOptimizer;
  readonly steps: StepsInFlight;
  private readonly random: Random;

  constructor(readonly inputs: PretrainInputs) {
    this.random = Random.fromSeed(inputs.seed).fork('pretrain');
    this.network = createNetwork(
      inputs.model,
      { language: true, scalar: false },
      this.random.fork('weights'),
      'policy',
    );
    this.optimizer = this.network.createOptimizer(inputs.config.optimizer);
    this.steps = new StepsInFlight(this.network);
  }

  /** a stream of its own for each purpose and step: nothing to remember, nothing that shifts */
  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  get totalSteps(): number {
    return this.inputs.config.steps;
  }

  /** steps whose numbers were reported */
  get step(): number {
    return this.steps.reported;
  }

  private get owners(): Owners {
    return { policy: this.network, 'optimizer/policy': this.optimizer };
  }

  /**
   * @throws LabError('run/nonFinite') when a step that was not reported yet went wrong: then there is nothing worth
   * saving
   */
  async save(): Promise<SavedRun<PretrainState>> {
    const [tensors, state] = await Promise.all([saveAll(this.owners), this.steps.save()]);
    return { tensors, state };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: SavedRun<PretrainState>): void {
    loadAll(this.owners, tensors);
    this.steps.load(state);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.network.dispose();
  }
}
