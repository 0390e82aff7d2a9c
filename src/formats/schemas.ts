/**
 * What several formats, the address and the thread check alike: numbers, and what the table of settings lets in, as
 * values and as text.
 */
import * as v from 'valibot';
import { TOKENIZER_KINDS } from '../contract/checkpoint';
import { LARGEST_INNER } from '../contract/config';
import { shapeClash } from '../contract/settings/clashes';
import { MODEL, STORIES, TEXT } from '../contract/settings/lab';
import {
  type Bounds,
  isSetting,
  optionsOf,
  refusal,
  type Setting,
  type Settings,
  type ValueOf,
  type Values,
} from '../contract/settings/setting';

export const number = (low: number, high: number) => v.pipe(v.number(), v.finite(), v.minValue(low), v.maxValue(high));
export const count = (low: number, high: number) => v.pipe(number(low, high), v.integer());

/** Milliseconds since 1970 that are a day: what is further off JavaScript calls "Invalid Date". */
export const MomentSchema = number(0, 8.64e15);

type Checked = v.GenericSchema<unknown, unknown>;

/** A number within its bounds. One that is larger than what fits is told from all others: it is a matter of room. */
function bounded(bounds: Bounds) {
  const say = ({ input }: { input: unknown }): string => refusal(bounds, input) as string;
  const isTooMuch = (value: number) => Number.isFinite(value) && value > bounds.max && bounds.excludes !== 'max';
  return v.pipe(
    v.number(say),
    v.check((value) => isTooMuch(value) || refusal(bounds, value) === null, say),
    v.maxValue(bounds.max, say),
  );
}

export function settingSchema<S extends Setting>(setting: S): v.GenericSchema<unknown, ValueOf<S>>;
export function settingSchema(setting: Setting): Checked {
  if (setting.kind === 'number') return bounded(setting);
  return setting.kind === 'switch' ? v.boolean() : v.picklist(optionsOf(setting));
}

/**
 * The keys of some settings, each with what it lets in; one that is younger than stored runs has the value that those
 * did with.
 */
export function settingEntries<Rows extends Settings>(
  rows: Rows,
): { [Key in keyof Rows]: v.GenericSchema<unknown, Values<Rows>[Key]> } {
  const entries = Object.entries(rows).map(([key, entry]): [string, Checked] => {
    if (!isSetting(entry)) return [key, settingsSchema(entry)];
    const schema = settingSchema(entry);
    return [key, entry.since ? v.optional(schema, entry.since.before) : schema];
  });
  return Object.fromEntries(entries) as ReturnType<typeof settingEntries<Rows>>;
}

export const settingsSchema = <Rows extends Settings>(rows: Rows) =>
  v.object(settingEntries(rows)) as v.GenericSchema<unknown, Values<Rows>>;

const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0));
export const TokenizerSchema = v.object({
  kind: v.picklist(TOKENIZER_KINDS),
  tokens: v.array(v.string()),
  merges: v.exactOptional(v.array(v.tuple([tokenId, tokenId]))),
  foreign: v.exactOptional(
    v.object({
      json: v.record(v.string(), v.unknown()),
      vocabSize: count(2, TEXT.vocabSize.max),
      eosId: v.nullable(tokenId),
      padId: tokenId,
    }),
  ),
});

/** what models of other programs may have otherwise than the lab's own */
const foreignShape = {
  innerWidth: v.exactOptional(count(1, LARGEST_INNER)),
  normEpsilon: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  plainScores: v.exactOptional(v.boolean()),
  scoresByLayer: v.exactOptional(v.boolean()),
};
const { contextLength, layers, heads, width, ...switches } = settingEntries(MODEL);
export const ModelSchema = v.pipe(
  // in the order of stored files
  v.object({
    vocabSize: count(2, TEXT.vocabSize.max),
    contextLength,
    layers,
    heads,
    width,
    ...switches,
    ...foreignShape,
  }),
  v.check(
    (model) => shapeClash(model) === null,
    ({ input }) => shapeClash(input) as string,
  ),
);
export const StorySchema = settingsSchema(STORIES);
export const TextSchema = settingsSchema(TEXT);

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const LONGEST_NUMBER = 32;

const asNumber = (text: string): number =>
  text.length <= LONGEST_NUMBER && DECIMAL.test(text) ? Number(text) : Number.NaN;

const oneOf = (options: readonly string[]) => v.picklist(options, `One of ${options.join(', ')}.`);

/** The same settings as an address says them. */
export function settingTextSchema(setting: Setting): v.GenericSchema<string, unknown> {
  if (setting.kind === 'number') return v.pipe(v.string(), v.transform(asNumber), bounded(setting));
  if (setting.kind === 'choice') return v.pipe(v.string(), oneOf(optionsOf(setting)));
  return v.pipe(
    v.string(),
    oneOf(Object.keys(FLAGS)),
    v.transform((text) => FLAGS[text]),
  );
}

/** a model whose weights lie in a file of their own */
export const TrunkSchema = v.object({
  checkpointId: v.pipe(v.string(), v.regex(/^[\w-]{1,200}$/)),
  name: v.pipe(v.string(), v.maxLength(200)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
