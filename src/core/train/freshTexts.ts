/**
 * What a model in training writes at the moment, beside what its reference writes to the same prompts with the same
 * random numbers.
 */

import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter } from '../../contract/observations';
import type { CausalNetwork } from '../model/causalNetwork';
import type { Random } from '../tensor/random';
import { axisMetrics, axisRandom, type MeasureInputs, measurePolicy } from './measure';
import { healthMetrics, winRate } from './textHealth';
import type { Completion } from './texts';

/** Who judges fresh texts: a reward model and a rater, where there are any. Training sees neither. */
export type Judges = Pick<MeasureInputs, 'rewardModel' | 'rater'>;

export interface FreshInputs extends Omit<MeasureInputs, 'prompts' | 'random'> {
  /** texts at a look */
  count: number;
  /** forked for prompts and for samples; the same at every look, so that what changes is the model */
  random: Random;
}

export interface Look {
  /** axis/…, completion/…, and gold/… where there is a rater */
  metrics: MetricValues;
  texts: Completion[];
  /** the first few, reference before, policy after */
  rows: BeforeAfter[];
}

const SHOWN_ROWS = 6;

export class FreshTexts {
  private readonly prompts: string[];
  /** written at the first look */
  private before: Completion[] | null = null;

  constructor(private readonly inputs: FreshInputs) {
    this.prompts = inputs.corpus.prompts(inputs.random.fork('prompts'), inputs.count);
  }

  async look(): Promise<Look> {
    const before = await this.referenceTexts();
    const { measurement, texts } = await measurePolicy(this.measureInputs(this.inputs.policy));
    return {
      metrics: {
        ...axisMetrics(measurement),
        'completion/count': texts.length,
        ...healthMetrics(measurement),
        ...this.goldMetrics(texts, before),
      },
      texts,
      rows: texts
        .slice(0, SHOWN_ROWS)
        .map(({ prompt, completion }, i) => ({ prompt, before: before[i]!.completion, after: completion })),
    };
  }

  private async referenceTexts(): Promise<Completion[]> {
    if (!this.before) {
      const { texts } = await measurePolicy({
        ...this.measureInputs(this.inputs.reference),
        rewardModel: null,
        rater: null,
      });
      this.before = texts;
    }
    return this.before;
  }

  private measureInputs(policy: MeasureInputs['policy']): MeasureInputs {
    const { count: _, random, ...inputs } = this.inputs;
    return { ...inputs, policy, prompts: this.prompts, random: random.fork('samples') };
  }

  /** none without a rater, and on the visitor's own text */
  private goldMetrics(texts: readonly Completion[], before: readonly Completion[]): MetricValues {
    const { rater, corpus } = this.inputs;
    const goldOf = ({ prompt, completion, finished }: Completion) =>
      rater && corpus.gold(rater, prompt, completion, finished);
    const [gold, baseGold] = [texts, before].map((list) => list.map(goldOf).filter((score) => score !== null)) as [
      number[],
      number[],
    ];
    if (gold.length < texts.length) return {};
    return {
      'gold/score': gold.reduce((sum, score) => sum + score, 0) / gold.length,
      'gold/winRate': winRate(gold, baseGold),
    };
  }
}

/** What a run says of the texts that its model writes now and then. */
interface WritingRun extends Judges, Pick<MeasureInputs, 'corpus' | 'breathe'> {
  seed: number;
  config: { evalSamples: number; temperature: number };
  /** the reference, borrowed */
  base: CausalNetwork;
}

/** @param policy the model in training, borrowed */
export function freshTextsOf(policy: CausalNetwork, run: WritingRun): FreshTexts {
  const { base: reference, rewardModel, rater, corpus, config, seed, breathe } = run;
  const { evalSamples: count, temperature } = config;
  const random = axisRandom(seed);
  return new FreshTexts({ policy, reference, rewardModel, rater, corpus, count, temperature, random, breathe });
}
