import * as v from 'valibot';
import { CLASS_CHOICES } from '../../contract/classroom';
import { COUNT, TEXT } from '../lessons/lessonRecord';

const SET = v.object({
  seed: COUNT,
  modelHash: TEXT,
  pairs: v.array(v.object({ prompt: TEXT, completions: v.tuple([TEXT, TEXT]) })),
});
const CODE = v.pipe(v.string(), v.regex(/^[A-Z2-9]{6,20}$/));

/** Classes that were stored: codes are read again whenever they are counted. */
export const CLASSROOM_RECORD = v.object({
  student: v.nullable(
    v.pipe(
      v.object({
        code: CODE,
        set: SET,
        number: COUNT,
        choices: v.array(v.nullable(v.picklist(CLASS_CHOICES))),
        dice: COUNT,
        shown: v.array(CODE),
      }),
      v.check(({ set, choices }) => set.pairs.length === choices.length, 'as many choices as pairs'),
    ),
  ),
  teacher: v.nullable(
    v.pipe(
      v.object({
        code: CODE,
        set: SET,
        students: COUNT,
        taken: v.array(v.object({ code: CODE, apart: v.exactOptional(v.literal(true)) })),
        writers: v.exactOptional(v.array(v.tuple([TEXT, TEXT]))),
        outOfArena: v.exactOptional(v.literal(true)),
      }),
      v.check(({ set, writers }) => !writers || writers.length === set.pairs.length, 'as many writers as pairs'),
    ),
  ),
});
