/**
 * A run as a notebook has it. Storage of this browser is trusted to hold what the page wrote; a file is not, so whatever
 * the page would draw of it is checked here. What it is made from is checked again by the thread that goes on with it.
 */
import * as v from 'valibot';
import { presetConfig } from '../../contract/config';
import { RUN_KINDS, type RunKind, type RunSpec } from '../../contract/domain';
import { isMetricId } from '../../contract/labels';
import type { MetricPoint } from '../../contract/observations';
import type { RecordedLook } from '../../contract/recording';
import { specOfEarlier } from '../../formats/earlier';
import { IdSchema } from '../../formats/opinionSchemas';
import { MomentSchema } from '../../formats/schemas';
import { COUNT, TEXT } from '../lessons/lessonRecord';
import type { RunRecord } from '../persistence/storage';

/** a curve that diverged is kept as it is */
const NUMBER = v.custom<number>((value) => typeof value === 'number');
const MAYBE = v.nullable(NUMBER);
const KIND = v.picklist(RUN_KINDS);
const PHASE = v.picklist(['rollout', 'evaluation', 'optimisation']);

const STATE = v.object({
  runId: IdSchema,
  kind: KIND,
  status: v.picklist(['idle', 'running', 'paused', 'done', 'stopped', 'failed']),
  step: COUNT,
  totalSteps: COUNT,
  phase: v.nullable(PHASE),
  phaseMs: v.record(v.string(), NUMBER),
  elapsedMs: NUMBER,
  message: TEXT,
  checkpointId: v.nullable(IdSchema),
});

const at = <S extends v.GenericSchema>(name: string, inner: S) => v.nullable(v.object({ step: COUNT, [name]: inner }));
const ROLLOUTS = v.array(
  v.object({
    prompt: TEXT,
    tokens: v.array(v.object({ text: TEXT, logRatio: NUMBER, value: NUMBER, advantage: NUMBER, reward: NUMBER })),
    score: NUMBER,
    gold: MAYBE,
    kl: NUMBER,
  }),
);
const REVIEW = v.object({
  margins: v.array(NUMBER),
  heldOutMargins: v.array(NUMBER),
  accuracy: NUMBER,
  low: NUMBER,
  high: NUMBER,
  heldOutPairs: COUNT,
  pairs: v.object({ human: COUNT, simulated: COUNT, imported: COUNT, rule: COUNT }),
  disagreements: v.array(
    v.object({ prompt: TEXT, chosen: TEXT, rejected: TEXT, margin: NUMBER, heldOut: v.boolean() }),
  ),
  byRound: v.optional(
    v.array(
      v.object({
        round: COUNT,
        pairs: COUNT,
        heldOutPairs: COUNT,
        accuracy: MAYBE,
        low: NUMBER,
        high: NUMBER,
        goldPairs: COUNT,
        gold: MAYBE,
      }),
    ),
  ),
  lengthShare: NUMBER,
  example: v.nullable(v.object({ chosenScore: NUMBER, rejectedScore: NUMBER, loss: NUMBER })),
});
const AVERAGE = v.object({ value: NUMBER, error: NUMBER });
const BEST_OF = v.object({
  points: v.array(
    v.object({
      n: COUNT,
      kl: NUMBER,
      score: AVERAGE,
      gold: v.nullable(AVERAGE),
      winRate: v.nullable(AVERAGE),
      grammatical: MAYBE,
      length: NUMBER,
      finished: MAYBE,
      distinct: NUMBER,
      distinct2: NUMBER,
      duplicates: NUMBER,
    }),
  ),
  prompts: v.array(
    v.object({
      prompt: TEXT,
      samples: v.array(
        v.object({
          completion: TEXT,
          score: NUMBER,
          gold: MAYBE,
          grammatical: v.nullable(v.boolean()),
          length: NUMBER,
          finished: v.optional(v.boolean()),
        }),
      ),
    }),
  ),
});
const SAMPLE = v.object({ prompt: TEXT, completion: TEXT });

/** what is drawn, and what stands there where it cannot be read */
const DRAWN = {
  marks: [v.array(v.object({ step: COUNT, label: TEXT })), []],
  live: [v.optional(v.array(v.object({ step: COUNT, knobs: v.record(v.string(), NUMBER) }))), []],
  samples: [v.array(v.object({ step: COUNT, samples: v.array(SAMPLE) })), []],
  review: [at('review', REVIEW), null],
  rollouts: [at('rows', ROLLOUTS), null],
  beforeAfter: [at('rows', v.array(v.object({ prompt: TEXT, before: TEXT, after: TEXT }))), null],
  bestOf: [v.optional(at('result', BEST_OF)), null],
} satisfies Partial<Record<keyof RunRecord, readonly [v.GenericSchema, unknown]>>;

const SPEC = v.looseObject({ kind: KIND, seed: v.pipe(v.number(), v.safeInteger()), config: v.looseObject({}) });
const RECORD = v.looseObject({
  kind: KIND,
  runId: IdSchema,
  spec: v.nullable(SPEC),
  state: v.nullable(STATE),
  madeFrom: v.nullable(v.string()),
  savedAt: MomentSchema,
});

const LOOKS: Readonly<Record<RecordedLook['what'], v.GenericSchema>> = {
  samples: v.array(SAMPLE),
  rollouts: ROLLOUTS,
  review: REVIEW,
  beforeAfter: v.array(v.object({ prompt: TEXT, before: TEXT, after: TEXT })),
};

/** whether a page can draw it */
export const isSoundLook = ({ what, value }: { what: RecordedLook['what']; value: unknown }): boolean =>
  v.is(LOOKS[what], value);

/** the same kinds of values; earlier versions lack some, and whether they can be trained with is for the thread to say */
function isLike(value: unknown, model: unknown): boolean {
  if (value === undefined || value === null || model === null) return true;
  if (typeof value !== typeof model) return false;
  if (typeof value !== 'object') return true;
  return Object.entries(model as object).every(([key, one]) => isLike((value as Record<string, unknown>)[key], one));
}

/** whether it is what a run of this kind is made from, as far as the page can tell */
export const isSoundSpec = (spec: unknown, kind: RunKind): spec is RunSpec =>
  v.is(SPEC, spec) && spec.kind === kind && isLike(spec.config, presetConfig('tiny')[kind]);

/**
 * @param kind whose place in the notebook it has
 * @returns the run, and which of its pictures could not be read; null where it is none
 */
export function readRunRecord(value: unknown, kind: RunKind): { record: RunRecord; lost: string[] } | null {
  const found = { ...(value as RunRecord), spec: specOfEarlier((value as Partial<RunRecord> | null)?.spec ?? null) };
  if (!v.is(RECORD, found) || found.kind !== kind) return null;
  const { spec, state } = found;
  if (spec && !isSoundSpec(spec, kind)) return null;
  if (state && (state.kind !== kind || state.runId !== found.runId)) return null;
  const lost = Object.entries(DRAWN).filter(([name, [schema]]) => !v.is(schema, found[name]));
  const emptied = Object.fromEntries(lost.map(([name, [, empty]]) => [name, empty]));
  return { record: { ...found, ...emptied, labels: [] } as unknown as RunRecord, lost: lost.map(([name]) => name) };
}

const POINT = v.object({ step: COUNT, elapsedMs: NUMBER, values: v.record(v.string(), NUMBER) });

/** @returns the point with the metrics that this page knows; null where it is none */
export function readPoint(value: unknown): MetricPoint | null {
  if (!v.is(POINT, value)) return null;
  const values = Object.entries(value.values).filter(([id]) => isMetricId(id));
  return { ...value, values: Object.fromEntries(values) };
}
