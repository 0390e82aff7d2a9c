/** What is let in from links, files and storage: every number has a range that a browser tab survives. */
import * as v from 'valibot';
import { ADVANTAGES, DPO_LOSSES, GREEDY_BELOW, KL_COEF, KL_ESTIMATORS, MODEL_SELECTIONS } from '../contract/config';
import type { RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { ppoClash, ppoClashOfStored } from '../contract/ppoVariants';
import { RANKING_SIZES } from '../contract/preferences';
import {
  DemonstrationsSchema,
  IdSchema,
  RankingsSchema,
  RaterSchema,
  RoundSchema,
  TextOfOpinion,
  text,
  VotesSchema,
} from '../formats/opinionSchemas';
import { count, ModelSchema, number, share } from '../formats/schemas';

export const SeedSchema = v.pipe(v.number(), v.safeInteger());

const OptimizerSchema = v.object({
  beta1: v.pipe(share, v.ltValue(1)),
  beta2: v.pipe(share, v.ltValue(1)),
  epsilon: number(0, 1),
  weightDecay: number(0, 10),
  maxGradNorm: number(0, 1e9),
});

/** of texts whose log-probabilities are taken at the same temperature, which a greedy choice has not */
const temperature = v.pipe(
  number(0, 100),
  v.minValue(GREEDY_BELOW, `a temperature below ${GREEDY_BELOW} leaves nothing to chance; choose a higher one`),
);

export const SamplingSchema = v.object({ temperature: number(0, 100), topK: count(0, 1e6), topP: share });

const PretrainSchema = v.object({
  steps: count(1, 1_000_000),
  batchSize: count(1, 1024),
  learningRate: number(0, 10),
  schedule: v.picklist(['constant', 'linear', 'cosine']),
  warmupSteps: count(0, 1_000_000),
  evalEvery: count(1, 1_000_000),
  optimizer: OptimizerSchema,
});

/** What was added after runs had been stored: those did without. */
const since = <const T extends v.GenericSchema>(schema: T, before: v.InferInput<T>) => v.optional(schema, before);

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
  strengthMargin: since(number(0, 100), 1),
  optimizer: OptimizerSchema,
});

const FineTuneSchema = v.object({
  epochs: count(1, 10_000),
  batchSize: count(1, 1024),
  learningRate: number(0, 10),
  warmupSteps: count(0, 1_000_000),
  heldOutShare: v.pipe(share, v.ltValue(1)),
  selectBy: v.picklist(MODEL_SELECTIONS),
  evalSamples: count(1, 1024),
  temperature,
  optimizer: OptimizerSchema,
});

const DpoSchema = v.pipe(
  v.object({
    loss: v.picklist(DPO_LOSSES),
    beta: v.pipe(number(0, 1000), v.gtValue(0)),
    labelSmoothing: v.pipe(share, v.ltValue(0.5)),
    rpoAlpha: number(0, 1e6),
    steps: count(1, 1_000_000),
    batchSize: count(1, 1024),
    learningRate: number(0, 10),
    schedule: v.picklist(['constant', 'linear', 'cosine']),
    warmupSteps: count(0, 1_000_000),
    heldOutShare: v.pipe(share, v.ltValue(1)),
    ruleLabels: since(count(0, 20_000), 0),
    evalEvery: count(1, 1_000_000),
    evalSamples: count(1, 1024),
    temperature,
    optimizer: OptimizerSchema,
  }),
  v.check(({ loss, labelSmoothing }) => loss === 'sigmoid' || labelSmoothing === 0, 'label smoothing belongs to the sigmoid loss'),
);

const PpoFields = v.object({
  iterations: count(1, 1_000_000),
  rollouts: count(1, 1024),
  completionLength: count(1, 1024),
  temperature,
  epochs: count(1, 100),
  minibatches: count(1, 1024),
  learningRate: number(0, 10),
  schedule: v.picklist(['constant', 'linear']),
  klCoef: number(0, KL_COEF.most),
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
    const clash = dataset.typed ? ppoClashOfStored(dataset.value) : null;
    if (clash) addIssue({ message: clash });
  }),
);

const { klCoef, learningRate, klTarget, entropyCoef, ptxCoef } = PpoFields.entries;
export const KnobsSchema = v.partial(
  v.object({ klCoef, learningRate, klTarget, entropyCoef: entropyCoef.wrapped, ptxCoef: ptxCoef.wrapped }),
);

export const UntilSchema = v.optional(count(1, 1_000_000));

export const WishSchema = v.object({
  happy: v.boolean(),
  polite: v.boolean(),
  short: v.boolean(),
  animal: v.nullable(text(LIMITS.animal)),
});

const { least, most } = RANKING_SIZES;
export const RankingSizeSchema = count(least, most);

/** texts that somebody wants to know something about; a model may have written more than the lab takes */
export const PlainTextsSchema = v.pipe(v.array(v.object({ prompt: v.string(), completion: v.string() })), v.maxLength(LIMITS.checkedTexts));

/** texts to be looked at before anything is learned from them */
export const CheckedTextsSchema = v.pipe(
  v.array(v.object({ prompt: TextOfOpinion, completions: v.pipe(v.array(TextOfOpinion), v.minLength(1), v.maxLength(most)) })),
  v.maxLength(LIMITS.checkedTexts),
);

export const VetoedSchema = v.pipe(v.array(text(100)), v.maxLength(100));

const BestOfSchema = v.object({ samples: count(2, 1024), prompts: count(1, 1024), temperature });

export const MeasureSchema = v.object({
  policyId: IdSchema,
  referenceId: IdSchema,
  rewardId: v.nullable(IdSchema),
  rater: v.nullable(RaterSchema),
  temperature,
  seed: SeedSchema,
  texts: count(1, 1024),
});

const RunSpecSchema = v.variant('kind', [
  v.object({ kind: v.literal('pretrain'), seed: SeedSchema, config: PretrainSchema, model: ModelSchema, fixedPrompt: TextOfOpinion }),
  v.object({
    kind: v.literal('finetune'),
    seed: SeedSchema,
    config: FineTuneSchema,
    baseId: IdSchema,
    demonstrations: DemonstrationsSchema,
    wish: v.nullable(WishSchema),
    rewardId: v.nullable(IdSchema),
    rater: v.nullable(RaterSchema),
  }),
  v.object({
    kind: v.literal('reward'),
    seed: SeedSchema,
    config: RewardSchema,
    baseId: IdSchema,
    votes: VotesSchema,
    rankings: since(RankingsSchema, []),
    vetoed: VetoedSchema,
    useRule: v.boolean(),
    round: v.exactOptional(RoundSchema),
    rater: v.exactOptional(v.nullable(RaterSchema)),
  }),
  v.object({
    kind: v.literal('ppo'),
    seed: SeedSchema,
    config: PpoSchema,
    baseId: IdSchema,
    rewardId: IdSchema,
    rater: RaterSchema,
    startId: v.exactOptional(IdSchema),
    valueId: v.exactOptional(IdSchema),
    round: v.exactOptional(RoundSchema),
  }),
  v.object({ kind: v.literal('bestOf'), seed: SeedSchema, config: BestOfSchema, baseId: IdSchema, rewardId: IdSchema, rater: RaterSchema }),
  v.object({
    kind: v.literal('dpo'),
    seed: SeedSchema,
    config: DpoSchema,
    baseId: IdSchema,
    votes: VotesSchema,
    rankings: RankingsSchema,
    vetoed: v.exactOptional(VetoedSchema),
    useRule: v.exactOptional(v.boolean()),
    rewardId: v.nullable(IdSchema),
    rater: v.nullable(RaterSchema),
    startId: v.exactOptional(IdSchema),
    round: v.exactOptional(RoundSchema),
  }),
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

const unbuildable = (why: string): never => {
  throw new Error(`This run cannot be built. ${why}`);
};

/** @throws LabError('engine/outOfMemory') for a size no tab survives, Error for anything else that is not a run */
export function parseRunSpec(value: unknown): RunSpec {
  const spec = parseStoredSpec(value);
  const clash = spec.kind === 'ppo' ? ppoClash(spec.config) : null;
  return clash === null ? spec : unbuildable(`config: ${clash}`);
}

/** Of a run that was begun earlier, perhaps under settings that no new run may have. @throws as `parseRunSpec` */
export function parseStoredSpec(value: unknown): RunSpec {
  const result = v.safeParse(RunSpecSchema, value);
  if (result.success) return result.output as RunSpec;
  const [issue] = result.issues;
  if (issue.type === 'max_value')
    throw new LabError('engine/outOfMemory', `That is more than the lab allows. ${firstIssue(result.issues)}`);
  return unbuildable(firstIssue(result.issues));
}
