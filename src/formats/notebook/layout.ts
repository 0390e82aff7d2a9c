/**
 * What stands where in a notebook, a zip that any program opens:
 *
 *   notebook.json                         format, when it was saved, every other file with its size and SHA-256
 *   settings/config.json                  one small file each, so that a damaged one costs nothing else
 *   opinions/1.jsonl                      votes and rankings in the order in which they were given, one a line
 *   duels/1.jsonl, demonstrations/1.jsonl
 *   models/1.json, models/1.safetensors   what the shelf says of a model, and its weights
 *   runs/ppo/run.json                     where a run stands; of its lists:
 *   runs/reward/opinions/1.jsonl          what it learns from
 *   runs/reward/labels/1.jsonl            pairs that the rule labelled for it
 *   runs/reward/curves/1.jsonl            its numbers, one step a line
 *   runs/reward/snapshots/40.safetensors  weights, moments and random streams, to go on from
 *   text/own.bin                          the visitor's own text
 *   lessons/judge.rlhflab                 what a lesson has made: a notebook of its own
 *   recording/about.json                  in a recording, see ../recording.ts
 */
import { RUN_KINDS } from '../../contract/domain';
import { LIMITS } from '../../contract/limits';

/** rises when an older page would misread a newer notebook */
export const FORMAT = 1;
export const KIND = 'rlhfLabNotebook';
export const MANIFEST = 'notebook.json';
export const OWN_TEXT = 'text/own.bin';
export const ENDING = 'rlhflab';

/** where what a lesson has made stands; `fileKind` says whether its id can be a name of a file */
export const lessonPath = (lessonId: string): string => `lessons/${lessonId}.${ENDING}`;

export type FileKind = 'record' | 'list' | 'bytes';

const run = `runs/(${RUN_KINDS.join('|')})`;
const number = '[1-9]\\d{0,8}';
const KNOWN: readonly (readonly [RegExp, FileKind, number])[] = [
  [/^settings\/[a-zA-Z]{1,40}\.json$/, 'record', LIMITS.notebookRecord],
  [new RegExp(`^models/${number}\\.json$`), 'record', LIMITS.notebookRecord],
  [new RegExp(`^${run}/run\\.json$`), 'record', LIMITS.notebookRecord],
  [new RegExp(`^(opinions|duels|demonstrations)/${number}\\.jsonl$`), 'list', LIMITS.notebookRecord],
  [new RegExp(`^${run}/(opinions|demonstrations|labels|curves)/${number}\\.jsonl$`), 'list', LIMITS.notebookRecord],
  [new RegExp(`^models/${number}\\.safetensors$`), 'bytes', LIMITS.modelBytes],
  [new RegExp(`^${run}/snapshots/(0|${number})\\.safetensors$`), 'bytes', LIMITS.modelBytes],
  [/^lessons\/[a-zA-Z][a-zA-Z0-9_-]{0,79}\.rlhflab$/, 'bytes', LIMITS.modelBytes],
  [/^text\/own\.bin$/, 'bytes', LIMITS.textBytes],
  [/^recording\/(about|[1-9]\/run)\.json$/, 'record', LIMITS.notebookRecord],
  [new RegExp(`^recording/[1-9]/(points|looks)/${number}\\.jsonl$`), 'list', LIMITS.notebookRecord],
];

const rowOf = (path: string) => KNOWN.find(([form]) => form.test(path));

/** @returns null for what this page does not know */
export const fileKind = (path: string): FileKind | null => rowOf(path)?.[1] ?? null;

/** @returns bytes that a file may have unpacked; one that this page does not know is never unpacked */
export const mostBytes = (path: string): number =>
  path === MANIFEST ? LIMITS.notebookRecord : (rowOf(path)?.[2] ?? LIMITS.modelBytes);
