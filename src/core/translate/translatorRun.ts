/**
 * Training the translator: teacher forcing on fresh sentences, a step at a time, seeded.
 *
 *   each step    1. a batch of sentences, each with its true translation
 *                2. how likely the decoder finds each next word, given the right ones before it
 *                3. L = −mean log p(word)      4. one AdamW step down its gradient
 *   now and then exact match on held-out sentences, as it is and with cross-attention cut
 *
 * Size, rate and decay were tuned for this language on seeds 1 to 3; β₂ and ε of Adam are those of section 5.3 of the
 * paper. Its label smoothing and dropout are left out: nothing here is learned by heart, and probabilities stay what
 * they are. Two heads and not four: four share the work, and none of them alone shows the alignment (at most 0.79 of
 * the words of meaning, two 0.82 and more).
 */
import type { OptimizerConfig } from '../../contract/config';
import type { MetricValues } from '../../contract/labels';
import { nameScalars, readNamed } from '../kernels/namedScalars';
import type { NamedTensors } from '../model/causalNetwork';
import { learningRateAt } from '../optim/schedule';
import { Random } from '../tensor/random';
import { tf } from '../tf';
import { assertFinite } from '../train/guards';
import type { SavedRun } from '../train/snapshot';
import type { TranslatorConfig } from './layout';
import { exactMatch, type HeadMeasure, measureHeads, strongestHead } from './measure';
import { drawSentences, pairsOf, type SentencePairs, VOCABULARY } from './sentences';
import { Translator } from './translator';

export const TRANSLATOR: TranslatorConfig = {
  sourceVocabSize: VOCABULARY.source,
  targetVocabSize: VOCABULARY.target,
  width: 64,
  heads: 2,
  layers: 2,
  mlpWidth: 256,
};
const OPTIMIZER: OptimizerConfig = { beta1: 0.9, beta2: 0.98, epsilon: 1e-9, weightDecay: 0.1, maxGradNorm: 1 };

export interface TranslateRecipe {
  steps: number;
  batchSize: number;
  learningRate: number;
  warmupSteps: number;
  /** steps between two looks at held-out sentences */
  evalEvery: number;
  heldOut: number;
}
export const RECIPE: TranslateRecipe = {
  steps: 500,
  batchSize: 64,
  learningRate: 3e-3,
  warmupSteps: 100,
  evalEvery: 50,
  heldOut: 400,
};
/** the cosine ends at this share of the rate */
const LOWEST_SHARE = 0.05;
/** share of the held-out sentences on which the heads are compared; how often the best one agrees is of the others */
const COMPARED_SHARE = 0.25;

/** Owns what learns. */
export class TranslatorRun {
  readonly translator: Translator;
  /** steps taken */
  step = 0;
  private readonly random: Random;
  private readonly heldOut: string[][];
  private readonly heldOutPairs: SentencePairs;
  private head: HeadMeasure | null = null;

  constructor(
    readonly seed: number,
    readonly recipe: TranslateRecipe = RECIPE,
    config: TranslatorConfig = TRANSLATOR,
  ) {
    this.random = Random.fromSeed(seed).fork('translate');
    this.translator = new Translator(config, OPTIMIZER, this.random.fork('weights'));
    this.heldOut = drawSentences(this.random.fork('held-out'), recipe.heldOut, true);
    this.heldOutPairs = pairsOf(this.heldOut);
  }

  get totalSteps(): number {
    return this.recipe.steps;
  }

  get isDone(): boolean {
    return this.step >= this.totalSteps;
  }

  /**
   * @returns what the step brought, with the held-out share where it was looked at
   * @throws LabError('run/nonFinite') at the first number that is not one
   */
  async next(): Promise<MetricValues> {
    const learned = await this.learn();
    this.step++;
    assertFinite(learned, this.step);
    const due = this.step === 1 || this.isDone || this.step % this.recipe.evalEvery === 0;
    return due ? { ...learned, ...(await this.evaluate()) } : learned;
  }

  /**
   * The head of cross-attention that finds the true partner most often, as of the last look. It is chosen on some of
   * the held-out sentences, and how often it agrees is measured on the others.
   */
  async strongest(): Promise<HeadMeasure> {
    this.head ??= await this.findStrongest();
    return this.head;
  }

  async save(): Promise<SavedRun<{ step: number }>> {
    return { tensors: await this.translator.save(), state: { step: this.step } };
  }

  /** @throws when a tensor is missing or has another shape */
  load({ tensors, state }: { tensors: NamedTensors; state: { step: number } }): void {
    this.translator.load(tensors);
    this.step = state.step;
    this.head = null;
  }

  dispose(): void {
    this.translator.dispose();
  }

  private async learn(): Promise<MetricValues> {
    const { batchSize, learningRate, warmupSteps, steps } = this.recipe;
    const schedule = { type: 'cosine', warmupSteps, totalSteps: steps, minLearningRate: LOWEST_SHARE * learningRate };
    const rate = learningRateAt(schedule as Parameters<typeof learningRateAt>[0], learningRate, this.step);
    // a stream of its own for each step: nothing to remember
    const sentences = drawSentences(this.random.fork(`batch ${this.step}`), batchSize, false);
    const { loss, gradNorm } = this.translator.learn(pairsOf(sentences), rate);
    const scalars = nameScalars({ 'translator/loss': loss });
    tf.dispose([loss, gradNorm]);
    return readNamed(scalars);
  }

  private async evaluate(): Promise<MetricValues> {
    this.head = null;
    return {
      'translator/exactMatch': await exactMatch(this.translator, this.heldOutPairs, false),
      'translator/exactMatchCut': await exactMatch(this.translator, this.heldOutPairs, true),
    };
  }

  private async findStrongest(): Promise<HeadMeasure> {
    const compared = Math.max(1, Math.round(COMPARED_SHARE * this.heldOut.length));
    const [some, others] = [this.heldOut.slice(0, compared), this.heldOut.slice(compared)];
    const { layer, head } = strongestHead(await measureHeads(this.translator, some));
    const measured = await measureHeads(this.translator, others);
    return measured.find((one) => one.layer === layer && one.head === head) as HeadMeasure;
  }
}
