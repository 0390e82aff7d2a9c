/** What is let in from links, files and storage: every number has a range that a browser tab survives. */
import * as v from 'valibot';
import { LIVE_KNOBS } from '../contract/config';
import type { RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { RANKING_SIZES } from '../contract/preferences';
import { ppoClash, ppoClashOfStored, smoothingClash } from '../contract/settings/clashes';
import { BEST_OF, DPO } from '../contract/settings/dpo';
import { SAMPLING } from '../contract/settings/lab';
import { PPO } from '../contract/settings/ppo';
import { ROWS } from '../contract/settings/setting';
import { FINETUNE, PRETRAIN, REWARD } from '../contract/settings/training';
import { specOfEarlier } from '../formats/earlier';
import {
  DemonstrationsSchema,
  IdSchema,
  OpinionsSchema,
  RaterSchema,
  RoundSchema,
  TextOfOpinion,
  text,
} from '../formats/opinionSchemas';
import { count, ModelSchema, settingSchema, settingsSchema } from '../formats/schemas';

export const SeedSchema = v.pipe(v.number(), v.safeInteger());

export const SamplingSchema = settingsSchema(SAMPLING);

export const IndexSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const PositionSchema = v.nullable(IndexSchema);
export const HeadsSchema = v.pipe(
  v.array(v.object({ layer: IndexSchema, head: IndexSchema })),
  v.maxLength(LIMITS.headsOff),
);
export const LastMapSchema = v.nullable(
  v.pipe(
    v.object({ words: v.array(v.string()), at: v.instance(Float32Array) }),
    v.check(({ words, at }) => at.length === 2 * words.length, 'a map has two numbers for each word'),
  ),
);

const DpoSchema = v.pipe(
  settingsSchema(DPO),
  v.check(
    (config) => smoothingClash(config) === null,
    ({ input }) => smoothingClash(input) as string,
  ),
);

const PpoSchema = v.pipe(
  settingsSchema(PPO),
  v.rawCheck(({ dataset, addIssue }) => {
    const clash = dataset.typed ? ppoClashOfStored(dataset.value) : null;
    if (clash) addIssue({ message: clash });
  }),
);

export const KnobsSchema = v.partial(
  v.object(Object.fromEntries(LIVE_KNOBS.map((knob) => [knob, settingSchema(PPO[knob])]))),
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
export const PlainTextsSchema = v.pipe(
  v.array(v.object({ prompt: v.string(), completion: v.string() })),
  v.maxLength(LIMITS.checkedTexts),
);

/** texts to be looked at before anything is learned from them */
export const CheckedTextsSchema = v.pipe(
  v.array(
    v.object({ prompt: TextOfOpinion, completions: v.pipe(v.array(TextOfOpinion), v.minLength(1), v.maxLength(most)) }),
  ),
  v.maxLength(LIMITS.checkedTexts),
);

export const VetoedSchema = v.pipe(v.array(text(100)), v.maxLength(100));

export const MeasureSchema = v.object({
  policyId: IdSchema,
  referenceId: IdSchema,
  rewardId: v.nullable(IdSchema),
  rater: v.nullable(RaterSchema),
  temperature: settingSchema(PPO.temperature),
  seed: SeedSchema,
  texts: count(1, ROWS.max),
});

const RunSpecSchema = v.variant('kind', [
  v.object({
    kind: v.literal('pretrain'),
    seed: SeedSchema,
    config: settingsSchema(PRETRAIN),
    model: ModelSchema,
    fixedPrompt: TextOfOpinion,
  }),
  v.object({
    kind: v.literal('finetune'),
    seed: SeedSchema,
    config: settingsSchema(FINETUNE),
    baseId: IdSchema,
    demonstrations: DemonstrationsSchema,
    wish: v.nullable(WishSchema),
    rewardId: v.nullable(IdSchema),
    rater: v.nullable(RaterSchema),
  }),
  v.object({
    kind: v.literal('reward'),
    seed: SeedSchema,
    config: settingsSchema(REWARD),
    baseId: IdSchema,
    opinions: OpinionsSchema,
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
    rewardId: v.nullable(IdSchema),
    rater: RaterSchema,
    startId: v.exactOptional(IdSchema),
    valueId: v.exactOptional(IdSchema),
    round: v.exactOptional(RoundSchema),
  }),
  v.object({
    kind: v.literal('bestOf'),
    seed: SeedSchema,
    config: settingsSchema(BEST_OF),
    baseId: IdSchema,
    rewardId: v.nullable(IdSchema),
    rater: RaterSchema,
  }),
  v.object({
    kind: v.literal('dpo'),
    seed: SeedSchema,
    config: DpoSchema,
    baseId: IdSchema,
    opinions: OpinionsSchema,
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
  const result = v.safeParse(RunSpecSchema, specOfEarlier(value));
  if (result.success) return result.output as RunSpec;
  const [issue] = result.issues;
  if (issue.type === 'max_value')
    throw new LabError('engine/outOfMemory', `That is more than the lab allows. ${firstIssue(result.issues)}`);
  return unbuildable(firstIssue(result.issues));
}
