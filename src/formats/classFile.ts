/**
 * A class as a file: its pairs, for a laptop that writes others or none, and for the teacher the codes that came.
 *
 *   {"format": 1, "kind": "class", "code": "C45YKV", "seed": 363, "modelHash": "…", "pairs": [{"prompt", "completions"}],
 *    "students": 34, "codes": ["HYF625PWVRAX45VP", …], "arena": {"writers": [["one", "other"], …], "names": {…}}}
 */
import * as v from 'valibot';
import { CLASS_SEEDS, type ClassPairs, isClassSize, MOST_NUMBER } from '../contract/classroom';
import { LIMITS } from '../contract/limits';
import { codeOf } from './classCode';
import { reasonOf } from './lines';
import { IdSchema, TextOfOpinion, text } from './opinionSchemas';
import { count } from './schemas';
import { type Reading, read, refused } from './signs';

const FORMAT = 1;

export const ClassPairSchema = v.object({
  prompt: TextOfOpinion,
  completions: v.tuple([TextOfOpinion, TextOfOpinion]),
});
const CodeSchema = v.pipe(v.string(), v.regex(/^[A-Z0-9]{1,20}$/));

export const ClassPairsSchema = v.object({
  seed: count(0, CLASS_SEEDS - 1),
  modelHash: text(64),
  pairs: v.pipe(
    v.array(ClassPairSchema),
    v.check((pairs) => isClassSize(pairs.length), 'fewer than a class has, or more'),
  ),
});
export const StudentsSchema = count(1, MOST_NUMBER);
export const CodesSchema = v.pipe(
  v.array(CodeSchema),
  v.maxLength(LIMITS.classCodes, `more than ${LIMITS.classCodes} codes`),
);

const FileSchema = v.object({
  format: count(1, 1000),
  kind: v.literal('class'),
  code: CodeSchema,
  ...ClassPairsSchema.entries,
  students: v.optional(StudentsSchema),
  codes: v.optional(CodesSchema),
  arena: v.optional(
    v.object({
      writers: v.array(v.tuple([IdSchema, IdSchema])),
      names: v.optional(v.record(IdSchema, text(LIMITS.name))),
    }),
  ),
});

export interface ClassFile {
  code: string;
  set: ClassPairs;
  /** on the teacher's list; absent in a file of pairs alone */
  students?: number;
  /** vote codes, in the order in which they came */
  codes?: readonly string[];
  /** of a class that votes in the arena: who wrote the texts of each pair, and what they are called */
  arena?: { writers: readonly (readonly [string, string])[]; names?: Record<string, string> | undefined };
}

export function writeClassFile({ code, set, ...more }: ClassFile): string {
  return `${JSON.stringify({ format: FORMAT, kind: 'class', code, ...set, ...more }, null, 1)}\n`;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** @returns the class, or why it is none; a file of which a letter was changed does not fit its own code */
export function readClassFile(bytes: Uint8Array): Reading<ClassFile> {
  const found = parsed(bytes);
  const { format, kind } = (found ?? {}) as { format?: unknown; kind?: unknown };
  if (kind !== 'class') return refused('it is no file of a class');
  if (typeof format === 'number' && format > FORMAT)
    return refused(`it is made for format ${format}, and this page reads ${FORMAT}`);
  const checked = v.safeParse(FileSchema, found);
  if (!checked.success) return refused(reasonOf(checked.issues, 'it is no file of a class'));
  const { code, students, codes, arena, seed, modelHash, pairs } = checked.output;
  const set = { seed, modelHash, pairs };
  if (codeOf(set) !== code) return refused('its texts are not those of its code: it was changed or cut');
  if (arena && arena.writers.length !== pairs.length) return refused('it says of too few pairs who wrote them');
  return read({
    code,
    set,
    ...(arena && { arena }),
    ...(students !== undefined && { students }),
    ...(codes && { codes }),
  });
}
