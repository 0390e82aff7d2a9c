/** What is let in from links, files and storage: every number has a range that a browser tab survives. */
import * as v from 'valibot';
import { ADVANTAGES, KL_ESTIMATORS } from '../contract/config';
import type { RunSpec } from '../contract/domain';
import { RATERS } from '../contract/domain';
import { LabError } from '../contract/errors';
import { ppoClash } from '../contract/ppoVariants';

const number = (low: number, high: number) => v.pipe(v.number(), v.finite(), v.minValue(low), v.maxValue(high));
export const count = (low: number, high: number) => v.pipe(number(low, high), v.integer());
const share = number(0, 1);
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const id = v.pipe(text(200), v.minLength(1));
export const SeedSchema = v.pipe(v.number(), v.safeInteger());

const OptimizerSchema = v.object({
  beta1: v.pipe(share, v.ltValue(1)),
  beta2: v.pipe(share, v.ltValue(1)),
  epsilon: number(0, 1),
  weightDecay: number(0, 10),
  maxGradNorm: number(0, 1e9),
});

export const SamplingSchema = v.object({ temperature: number(0, 100), topK: count(0, 1e6), topP: share });

export const ModelSchema = v.pipe(
  v.object({
    vocabSize: count(2, 65_536),
    contextLength: count(2, 1024),
    layers: count(1, 24),
    heads: count(1, 32),
    width: count(2, 1024),
    positions: v.picklist(['learned', 'sinusoidal']),
    norm: v.picklist(['pre', 'post']),
    activation: v.picklist(['gelu', 'relu']),
    tiedHead: v.boolean(),
  }),
  v.check(({ width, heads }) => width % heads === 0, 'the width must be a multiple of the number of heads'),
);

export const StorySchema = v.object({
  happyShare: share,
  sadShare: share,
  meanMiddle: number(0, 2),
  politeShare: share,
  rudeShare: share,
  moodAgreement: share,
  stories: count(1, 1_000_000),
});

export const TextSchema = v.object({
  tokenizer: v.picklist(['char', 'word', 'bpe']),
  vocabSize: count(2, 65_536),
  heldOutShare: v.pipe(share, v.ltValue(1)),
});

const PretrainSchema = v.object({
  steps: count(1, 1_000_000),
  batchSize: count(1, 1024),
  learningRate: number(0, 10),
  schedule: v.picklist(['constant', 'linear', 'cosine']),
  warmupSteps: count(0, 1_000_000),
  evalEvery: count(1, 1_000_000),
  optimizer: OptimizerSchema,
});

const RewardSchema = v.object({
  pooling: v.picklist(['last', 'sum', 'mean']),
  steps: count(0, 1_000_000),
  batchSize: count(1, 1024),
  learningRate: number(0, 10),
  headLearningRate: number(0, 10),
  warmupSteps: count(0, 1_000_000),
  heldOutShare: v.pipe(share, v.ltValue(1)),
  normalizeSamples: count(0, 4096),
  ruleLabels: count(0, 20_000),
  optimizer: OptimizerSchema,
});

/** What was added after runs had been stored: those did without. */
const since = <const T extends v.GenericSchema>(schema: T, before: v.InferInput<T>) => v.optional(schema, before);

const PpoFields = v.object({
  iterations: count(1, 1_000_000),
  rollouts: count(1, 1024),
  completionLength: count(1, 1024),
  temperature: v.pipe(number(0, 100), v.gtValue(0)),
  epochs: count(1, 100),
  minibatches: count(1, 1024),
  learningRate: number(0, 10),
  schedule: v.picklist(['constant', 'linear']),
  klCoef: number(0, 1000),
  klEstimator: v.picklist(KL_ESTIMATORS),
  klPlacement: since(v.picklist(['reward', 'loss']), 'reward'),
  klControl: v.picklist(['fixed', 'adaptive']),
  klTarget: number(1e-6, 1e6),
  klHorizon: number(1e-6, 1e12),
  advantages: since(v.picklist(ADVANTAGES), 'gae'),
  groupSize: since(count(2, 1024), 4),
  gamma: share,
  lam: share,
  whitenAdvantages: since(v.boolean(), true),
  clipRange: number(0, 100),
  clipRangeValue: number(0, 1e6),
  valueCoef: number(0, 1e6),
  whitenRewards: v.boolean(),
  missingEosPenalty: number(-1e6, 1e6),
  missingEos: since(v.picklist(['subtract', 'replace']), 'subtract'),
  entropyCoef: since(number(0, 1e6), 0),
  ptxCoef: since(number(0, 1e6), 0),
  ptxRows: since(count(1, 1024), 32),
  valueModel: v.picklist(['separate', 'shared']),
  maxRatio: number(0, 1e9),
  earlyStopKl: number(0, 1e9),
  klCeiling: number(0, 1e9),
  optimizer: OptimizerSchema,
});

const PpoSchema = v.pipe(
  PpoFields,
  v.rawCheck(({ dataset, addIssue }) => {
    const clash = dataset.typed ? ppoClash(dataset.value) : null;
    if (clash) addIssue({ message: clash });
  }),
);

const { klCoef, learningRate, klTarget, entropyCoef, ptxCoef } = PpoFields.entries;
export const KnobsSchema = v.partial(
  v.object({ klCoef, learningRate, klTarget, entropyCoef: entropyCoef.wrapped, ptxCoef: ptxCoef.wrapped }),
);

export const RaterSchema = v.object({ name: v.picklist(RATERS), animal: v.optional(text(100)) });

export const VoteSchema = v.object({
  voteId: id,
  pairId: id,
  prompt: text(20_000),
  a: text(20_000),
  b: text(20_000),
  choice: v.picklist(['a', 'b', 'tie', 'bothBad']),
  source: v.picklist(['human', 'simulated', 'imported']),
  rater: v.nullable(RaterSchema),
  swapped: v.boolean(),
  repeatOf: v.nullable(id),
  policyId: text(200),
  seconds: number(0, 1e9),
  at: number(0, 1e15),
});

export const VotesSchema = v.pipe(v.array(VoteSchema), v.maxLength(100_000));
export const VetoedSchema = v.pipe(v.array(text(100)), v.maxLength(100));

const RunSpecSchema = v.variant('kind', [
  v.object({ kind: v.literal('pretrain'), seed: SeedSchema, config: PretrainSchema, model: ModelSchema, fixedPrompt: text(20_000) }),
  v.object({
    kind: v.literal('reward'),
    seed: SeedSchema,
    config: RewardSchema,
    baseId: id,
    votes: VotesSchema,
    vetoed: VetoedSchema,
    useRule: v.boolean(),
  }),
  v.object({ kind: v.literal('ppo'), seed: SeedSchema, config: PpoSchema, baseId: id, rewardId: id, rater: RaterSchema }),
]);

/** where the first trouble is, in words: `config.steps: Invalid value: …` */
export function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue ? `${v.getDotPath(issue) ?? 'value'}: ${issue.message}` : 'unreadable';
}

/** @throws Error that names the place; whoever reads a file turns it into the file's own error */
export function parse<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, value);
  if (!result.success) throw new Error(firstIssue(result.issues));
  return result.output;
}

/** @throws LabError('engine/outOfMemory') for a size no tab survives, Error for anything else that is not a run */
export function parseRunSpec(value: unknown): RunSpec {
  const result = v.safeParse(RunSpecSchema, value);
  if (result.success) return result.output as RunSpec;
  const [issue] = result.issues;
  if (issue.type === 'max_value')
    throw new LabError('engine/outOfMemory', `That is more than the lab allows. ${firstIssue(result.issues)}`);
  throw new Error(`This run cannot be built. ${firstIssue(result.issues)}`);
}
