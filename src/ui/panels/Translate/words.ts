/** What a reading says, in words. */

import type { HeadAt } from '../../../contract/inside';
import { shortened } from '../../../contract/limits';
import { countOf, fixed } from '../../../contract/numbers';
import {
  CONTENT_CLASSES,
  LEARNED_WORDS,
  MOST_SENTENCE_WORDS,
  type TranslateReading,
  type WordClass,
} from '../../../contract/translate';
import type { Translation } from '../../../store/translate/translation';
import { shareOfLongest } from '../../primitives/bars';
import type { Tone } from '../../theme/tone';

export type MapKind = 'cross' | 'encoder' | 'decoder';

/** One head's weights with the words of its rows and columns. */
export interface AttentionView {
  kind: MapKind;
  rows: readonly string[];
  columns: readonly string[];
  /** [rows,columns] row-major */
  weights: Float32Array;
  /** the true partner of each row, where the grammar knows one */
  partner: readonly (number | null)[];
  /** right of the diagonal lies what is not written yet */
  causal: boolean;
}

/** where the decoder begins, before any word is written */
export const BEGINNING = '›';

/** @returns what one head reads, the strongest unless another is named; null where cross-attention is cut */
export function viewOf(
  reading: TranslateReading,
  kind: MapKind,
  { layer, head }: HeadAt = reading.strongest,
): AttentionView | null {
  const attention = reading[kind];
  if (!attention) return null;
  const { queries, keys, weights } = attention;
  const from = (layer * reading.heads + head) * queries * keys;
  const written = reading.written.map(({ word }) => word).slice(0, queries);
  return {
    kind,
    rows: kind === 'encoder' ? reading.source : written,
    columns: kind === 'decoder' ? [BEGINNING, ...written.slice(0, -1)] : reading.source,
    weights: weights.subarray(from, from + queries * keys),
    partner: kind === 'cross' ? reading.written.map(({ partner }) => partner) : [],
    causal: kind === 'decoder',
  };
}

/** 0 where a model that is broken has no number */
export const weightAt = ({ weights, columns }: AttentionView, row: number, column: number): number =>
  shareOfLongest(weights[row * columns.length + column] ?? 0, 1);

/** of equals the first */
export function strongestColumn(view: AttentionView, row: number): number {
  let best = 0;
  for (let column = 1; column < view.columns.length; column++)
    if (weightAt(view, row, column) > weightAt(view, row, best)) best = column;
  return best;
}

export const TONE_OF_CLASS: Readonly<Record<WordClass, Tone>> = {
  noun: 'policy',
  adjective: 'gold',
  verb: 'value',
  article: 'reference',
  pronoun: 'reference',
  preposition: 'reference',
  other: 'reference',
  mark: 'reference',
};

/** "layer 2, head 1" */
export const headWords = ({ layer, head }: HeadAt): string => `layer ${layer + 1}, head ${head + 1}`;

export const isStrongest = ({ strongest }: TranslateReading, { layer, head }: HeadAt): boolean =>
  strongest.layer === layer && strongest.head === head;

export interface Agreement {
  agree: number;
  of: number;
}

/** words with a meaning whose strongest weight is on their true partner, in one head */
export function agreementOf(reading: TranslateReading, at?: HeadAt): Agreement | null {
  const view = viewOf(reading, 'cross', at);
  if (!view) return null;
  const content = [...reading.written.keys()].filter((i) => {
    const { wordClass, partner } = reading.written[i]!;
    return partner !== null && CONTENT_CLASSES.includes(wordClass);
  });
  const agree = content.filter((i) => strongestColumn(view, i) === reading.written[i]!.partner).length;
  return { agree, of: content.length };
}

/** "“dremo” reads “brave” 0.68, its true partner." */
export function cellSentence(view: AttentionView, row: number, column: number): string {
  const [word, read] = [view.rows[row], view.columns[column]];
  if (view.causal && column > row) return `“${word}” cannot read “${read}”: it is written later.`;
  const weight = fixed(weightAt(view, row, column), 2);
  const partner = view.partner[row] ?? null;
  const truth =
    partner === null
      ? ''
      : partner === column
        ? ', its true partner'
        : `; its true partner is “${view.columns[partner]}”`;
  return `“${word}” reads ${read === BEGINNING ? 'the beginning' : `“${read}”`} ${weight}${truth}.`;
}

export interface Verdict {
  tone: 'good' | 'warn' | 'neutral';
  lead: string;
  text: string;
}

const isRight = ({ candidates, truth }: TranslateReading): boolean =>
  candidates[0]?.words.join(' ') === truth.join(' ');

/** where the reading stands, with the numbers that are on screen */
export function verdictOf(reading: TranslateReading, at?: HeadAt): Verdict {
  const agreement = agreementOf(reading, at);
  const right = `Right would be: ${reading.truth.join(' ')}`;
  if (reading.step === 0)
    return {
      tone: 'neutral',
      lead: 'Untrained.',
      text: 'It writes what chance has put into its weights, and reads every word about as much as the next. Train for a minute.',
    };
  if (!agreement)
    return {
      tone: 'warn',
      lead: 'It does not hear the sentence.',
      text: `With cross-attention cut it now guesses a likely sentence. ${right}`,
    };
  const read =
    agreement.of > 0 ? ` ${agreement.agree} of ${countOf(agreement.of, 'content word')} read their true partner.` : '';
  if (isRight(reading))
    return {
      tone: 'good',
      lead: 'It found the word order.',
      text: `The verb went last, adjectives behind their nouns${read ? `;${read}` : '.'}`,
    };
  const isLong = reading.source.length > LEARNED_WORDS;
  const unlearned = isLong ? ` It learned from sentences of at most ${LEARNED_WORDS} words.` : '';
  return { tone: 'warn', lead: 'Not right yet.', text: `${right}${read}${unlearned}` };
}

/** why a sentence is not read */
export function unreadWords(unread: Translation['unread']): string | null {
  if (!unread) return null;
  switch (unread.kind) {
    case 'empty':
      return 'Type a sentence.';
    case 'long':
      return `That is ${unread.words} words; up to ${MOST_SENTENCE_WORDS} are read.`;
    case 'unknown':
      return `The stories do not have ${unread.words.map((word) => `“${shortened(word)}”`).join(', ')}.`;
  }
}

/** one row of the table for ears */
export interface ReadRow {
  word: string;
  strongest: string;
  weight: number;
  partner: string | null;
}

export function readRows(reading: TranslateReading, at?: HeadAt): ReadRow[] {
  const view = viewOf(reading, 'cross', at);
  if (!view) return [];
  return view.rows.map((word, row) => {
    const column = strongestColumn(view, row);
    const partner = view.partner[row] ?? null;
    return {
      word,
      strongest: view.columns[column] ?? '',
      weight: weightAt(view, row, column),
      partner: partner === null ? null : (view.columns[partner] ?? null),
    };
  });
}
