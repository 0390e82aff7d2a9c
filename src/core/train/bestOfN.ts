/**
 * Best of N with the reward model as judge, or a rule: for each of some fixed prompts 64 completions are drawn once;
 * every N up to 64 is then read off the same samples. Nothing is trained, so each step is one prompt:
 *
 *   1. the policy completes the prompt 64 times    2. the judge scores them, the rater too where there is one
 *   3. for N = 1 … 64: the winner's expected score, gold, readability; the distance it costs is known beforehand
 */
import type { BestOfConfig, Pooling } from '../../contract/config';
import type { MetricValues } from '../../contract/metrics';
import type { Average, BestOfPoint, BestOfPrompt, BestOfResult } from '../../contract/observations';
import type { Rater } from '../../contract/preferences';
import { bestOfFirst, bestOfKl, expectedBest } from '../losses/bestOf';
import type { CausalNetwork } from '../model/causalNetwork';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { distinctNgrams, distinctShare, duplicateShare } from '../text/diversity';
import { average, axisDraw } from './measure';
import { scoreTexts } from './rewardReview';
import type { Breathe } from './slices';
import type { SavedRun } from './snapshot';
import { complete } from './texts';
import { rewardsOf } from './whichReward';

export interface BestOfInputs {
  seed: number;
  config: BestOfConfig;
  /** the policy that is sampled; borrowed, like the judge */
  policy: CausalNetwork;
  /** null where a rule alone chooses */
  rewardModel: CausalNetwork | null;
  /** as the reward model was trained */
  pooling: Pooling;
  corpus: Corpus;
  /** whose gold score is shown beside the judge's; it decides nothing */
  rater: Rater;
  /** called between slices of writing and passes: the run may be saved there, as before the prompt in hand */
  breathe?: Breathe | undefined;
}

export interface BestOfState {
  done: BestOfPrompt[];
}

export interface BestOfReport {
  /** prompts done */
  step: number;
  /** of the best of all samples of each prompt so far */
  metrics: MetricValues;
  result: BestOfResult;
}

/** Everything drawn so far. Owns no tensors. */
export class BestOfRun {
  done: BestOfPrompt[] = [];
  readonly prompts: readonly string[];
  private readonly random: Random;
  /** of the prompts done, which do not change any more */
  private readonly columns = new WeakMap<BestOfPrompt, Columns>();

  constructor(readonly inputs: BestOfInputs) {
    const { seed, corpus, config } = inputs;
    this.random = Random.fromSeed(seed).fork('best of N');
    this.prompts = axisDraw(corpus, seed, config.prompts).prompts; // those by which every method is measured
  }

  get totalSteps(): number {
    return this.prompts.length;
  }

  get step(): number {
    return this.done.length;
  }

  stream(purpose: string): Random {
    return this.random.fork(purpose);
  }

  async save(): Promise<SavedRun<BestOfState>> {
    return { tensors: {}, state: { done: this.done } };
  }

  load({ state }: SavedRun<BestOfState>): void {
    this.done = state.done;
  }

  /** Every N from 1 to the number of samples. @throws before the first prompt is done */
  read(): BestOfResult {
    const samples = this.done[0]?.samples.length ?? 0;
    if (samples === 0) throw new Error('nothing was drawn yet');
    const columns = this.done.map((prompt) => this.columnsOf(prompt));
    return { points: Array.from({ length: samples }, (_, i) => pointAt(i + 1, columns)), prompts: [...this.done] };
  }

  private columnsOf(prompt: BestOfPrompt): Columns {
    const known = this.columns.get(prompt) ?? columnsOf(prompt, this.inputs.corpus);
    this.columns.set(prompt, known);
    return known;
  }
}

/** Steps 1 and 2: every completion of one prompt, with what the judge and the rater say. */
async function drawSamples(run: BestOfRun, prompt: string): Promise<BestOfPrompt> {
  const { policy, rewardModel, pooling, corpus, rater, config, breathe } = run.inputs;
  const sampling = { temperature: config.temperature, topK: 0, topP: 1 };
  const prompts = new Array<string>(config.samples).fill(prompt);
  const texts = await complete(policy, corpus, prompts, sampling, run.stream(`samples ${run.step}`), breathe);
  const scores = await rewardsOf(run.inputs, texts, () => scoreTexts(rewardModel!, corpus, texts, pooling, breathe));
  const samples = texts.map(({ completion, finished, tokens, attributes }, i) => ({
    completion,
    score: scores[i]!,
    gold: corpus.gold(rater, prompt, completion, finished),
    grammatical: attributes?.parses ?? null,
    length: tokens.length,
    ...(corpus.tokenizer.eosId !== null && { finished }),
  }));
  return { prompt, samples };
}

/** Share of the other samples that each one beats by gold, ties one half. */
const winsOf = (gold: readonly number[]): number[] =>
  gold.map(
    (own) =>
      (gold.reduce((wins, other) => wins + (own > other ? 1 : own === other ? 0.5 : 0), 0) - 0.5) /
      Math.max(1, gold.length - 1),
  );

/** What is known of one prompt's samples, as columns; null where the grammar has no say. */
function columnsOf({ samples }: BestOfPrompt, { tokenizer }: Corpus) {
  const all = <T>(values: (T | null)[]): T[] | null =>
    values.every((value) => value !== null) ? (values as T[]) : null;
  const gold = all(samples.map((sample) => sample.gold));
  const grammatical = all(samples.map((sample) => sample.grammatical));
  return {
    completions: samples.map(({ completion }) => completion),
    scores: samples.map(({ score }) => score),
    words: samples.map(({ completion }) => tokenizer.encode(completion)),
    lengths: samples.map(({ length }) => length),
    finished: all(samples.map(({ finished }) => (finished === undefined ? null : Number(finished)))),
    gold,
    wins: gold && winsOf(gold),
    grammatical: grammatical?.map(Number) ?? null,
  };
}

type Columns = ReturnType<typeof columnsOf>;

/** Step 3 for one N: expectations per prompt, averaged over the prompts. */
function pointAt(n: number, prompts: readonly Columns[]): BestOfPoint {
  const over = (values: (columns: Columns) => readonly number[] | null): Average | null => {
    const known = prompts.flatMap((columns) => {
      const of = values(columns);
      return of ? [expectedBest(columns.scores, of, n)] : [];
    });
    return known.length === prompts.length ? average(known) : null;
  };
  const winners = prompts.map(({ completions, words, scores }) => {
    const best = bestOfFirst(scores, n);
    return { completion: completions[best]!, words: words[best]! };
  });
  const texts = winners.map(({ completion }) => completion);
  return {
    n,
    kl: bestOfKl(n),
    score: over(({ scores }) => scores)!,
    gold: over(({ gold }) => gold),
    winRate: over(({ wins }) => wins),
    grammatical: over(({ grammatical }) => grammatical)?.value ?? null,
    length: over(({ lengths }) => lengths)!.value,
    finished: over(({ finished }) => finished)?.value ?? null,
    distinct: distinctShare(texts),
    distinct2: distinctNgrams(
      winners.map(({ words }) => words),
      2,
    ),
    duplicates: duplicateShare(texts),
  };
}

function metricsOf({ points }: BestOfResult): MetricValues {
  const { kl, score, gold, grammatical, length, finished, distinct, distinct2, duplicates } = points.at(-1)!;
  return {
    'axis/kl': kl,
    'axis/score': score.value,
    'completion/distinct': distinct,
    'completion/distinct2': distinct2,
    'completion/duplicates': duplicates,
    'completion/length': length,
    ...(finished !== null && { 'val/num_eos_tokens': finished }),
    ...(gold && { 'axis/gold': gold.value }),
    ...(grammatical !== null && { 'completion/grammatical': grammatical }),
  };
}

/**
 * Draws until every prompt is done, one report per prompt. The run stays the caller's and can be saved between any two.
 */
export async function* bestOfN(run: BestOfRun, now: () => number): AsyncGenerator<BestOfReport> {
  while (run.step < run.totalSteps) {
    const started = now();
    run.done = [...run.done, await drawSamples(run, run.prompts[run.step]!)];
    const result = run.read();
    yield { step: run.step, metrics: { ...metricsOf(result), 'perf/stepMs': now() - started }, result };
  }
}
