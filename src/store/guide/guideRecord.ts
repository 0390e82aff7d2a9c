import * as v from 'valibot';
import { LIMITS } from '../../contract/limits';
import { FINITE } from '../lessons/lessonRecord';

const NAME = v.pipe(v.string(), v.maxLength(LIMITS.id));
const FILES = v.record(NAME, v.pipe(v.string(), v.maxLength(LIMITS.lessonBytes)));
const NAMES = v.record(NAME, NAME);

/** How far lessons have come, as it is stored. */
export const GUIDE_RECORD = v.object({
  progress: v.record(
    NAME,
    v.object({
      lessonId: NAME,
      at: NAME,
      way: v.pipe(v.array(NAME), v.maxLength(1000)),
      guesses: NAMES,
      came: NAMES,
      kept: v.record(NAME, FINITE),
      begun: v.boolean(),
      isDone: v.boolean(),
    }),
  ),
  own: FILES,
  translations: FILES,
  language: NAME,
});
