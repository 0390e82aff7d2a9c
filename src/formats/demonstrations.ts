/** Demonstrations as JSON Lines, TRL's `{prompt, completion}`. */
import * as v from 'valibot';
import type { Demonstration } from '../contract/preferences';
import { isGood } from './goodBad';
import { type Row, reasonOf } from './lines';
import { FilledText } from './rows';

const FIELDS = v.object({ prompt: FilledText, completion: FilledText });

export function demonstrationsToJsonl(demonstrations: readonly Demonstration[]): string {
  return demonstrations
    .map(({ prompt, completion, ...rest }) => `${JSON.stringify({ prompt, completion, ...rest })}\n`)
    .join('');
}

export const demonstrationKey = ({ prompt, completion }: Pick<Demonstration, 'prompt' | 'completion'>): string =>
  JSON.stringify([prompt.trim(), completion.trim()]);

/** TRL's unpaired preferences: a completion with a thumb up or down */
const isBad = ({ label }: Row): boolean => isGood(label) === false;

/** @returns the demonstration, marked as imported, or why the row is none */
export function readDemonstration(row: Row, newId: () => string): Demonstration | string {
  const read = v.safeParse(FIELDS, row);
  if (read.success && isBad(row))
    return '"label" says that the completion is a bad one, and a demonstration shows a good one';
  if (!read.success) return reasonOf(read.issues, 'not a demonstration');
  return { demonstrationId: newId(), ...read.output, source: 'imported' };
}
