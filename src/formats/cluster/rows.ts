/** Rows of the project, as TRL trains on them unchanged. */
import type { Demonstration, Ranking } from '../../contract/preferences';
import { rowLines } from '../outward/lines';
import {
  asDemonstrations,
  demonstrationRows,
  haveMargins,
  type Joint,
  pairsIn,
  preferenceRows,
  promptRows,
} from '../outward/rows';

/** @param unit of strength, in score */
export function preferenceLines(opinions: readonly Ranking[], unit: number, joint: Joint): string {
  const pairs = pairsIn(opinions, unit);
  return rowLines(preferenceRows(pairs, 'apart', joint, haveMargins(pairs)));
}

export const demonstrationLines = (demonstrations: readonly Demonstration[], joint: Joint): string =>
  rowLines(demonstrationRows(asDemonstrations(demonstrations), 'apart', joint));

export const promptLines = (prompts: readonly string[]): string =>
  rowLines(
    promptRows(
      prompts.map((prompt) => ({ prompt })),
      'apart',
    ),
  );
