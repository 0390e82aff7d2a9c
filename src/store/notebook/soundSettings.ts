/** Settings out of a notebook: each is taken only when it is what a page stores. */
import * as v from 'valibot';
import { LIMITS } from '../../contract/limits';
import { IdSchema, text } from '../../formats/opinionSchemas';
import { MomentSchema, StorySchema, TextSchema } from '../../formats/schemas';
import { completedConfig, isSoundConfig, settledConfig } from '../address/url';
import { COUNT } from '../lessons/lessonRecord';
import { SETTINGS } from '../persistence/settingTable';
import type { Settings } from '../persistence/storage';

const SEED = v.pipe(v.number(), v.safeInteger());
const CORPUS = v.nullable(
  v.union([
    v.object({ kind: v.literal('stories'), config: StorySchema, seed: SEED }),
    v.object({
      kind: v.literal('text'),
      config: TextSchema,
      contextLength: COUNT,
      seed: SEED,
      name: text(LIMITS.text),
      textId: IdSchema,
    }),
    v.object({ kind: v.literal('checkpoint'), checkpointId: IdSchema }),
  ]),
);

/** an older configuration is completed when it is taken */
export function isSoundSetting(key: keyof Settings, value: unknown): boolean {
  if (key === 'config') return isSoundConfig(settledConfig(completedConfig(value)));
  if (key === 'corpus') return v.is(CORPUS, value);
  return v.is(key === 'savedAt' ? MomentSchema : SETTINGS[key].schema, value);
}
