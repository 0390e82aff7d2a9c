/** What a file of another program turned out to hold. */
import type { ForeignDemonstration, ForeignPrompt } from './instructions';
import type { ForeignPair } from './pairs';
import type { ForeignRanking } from './ranked';

export type ForeignKind = 'preferences' | 'rankings' | 'demonstrations' | 'prompts';
export type ForeignRow = ForeignPair | ForeignRanking | ForeignDemonstration | ForeignPrompt;

export interface ForeignRefusal {
  /** row of data, from 0 */
  at: number;
  why: string;
}

export interface ForeignData {
  /** what most rows are; null where nothing fits */
  kind: ForeignKind | null;
  rows: ForeignRow[];
  refused: ForeignRefusal[];
  /** what should be known of them, in sentences */
  notes: string[];
}

export const kindOf = (row: ForeignRow): ForeignKind => {
  if ('chosen' in row) return 'preferences';
  if ('ranks' in row) return 'rankings';
  return 'completion' in row ? 'demonstrations' : 'prompts';
};
