/** Numbers and controls of a lesson in words; its sentences stand in its file. */
import { casesOf, LABELS } from '../../contract/labels';
import { CLEARLY, type Course, FACTS, MEASURES, type Moment, numberName } from '../../contract/lesson';
import { fixed } from '../../contract/numbers';
import { SETTING_ROWS } from '../../contract/settings/table';
import { ENOUGH_CASES } from '../../contract/shares';
import type { TextPart } from '../../store/guide/library';
import type { KeptRow } from '../../store/guide/progress';
import { formatInteger, formatNumber, formatPart, formatShare, formatSigned } from '../../ui/primitives/format';

/** @returns the name of the number that counts the cases of a share at the end; null where nothing does */
function counterOf(name: string): string | null {
  const found = numberName(name);
  if (found?.kind !== 'measure' || found.moment !== 'end') return null;
  const metric = MEASURES[found.measure];
  const counter = LABELS[metric].unit === 'share' ? casesOf(metric) : null;
  const measure = Object.entries(MEASURES).find(([, of]) => of === counter)?.[0];
  return measure === undefined ? null : `${found.ofControl ? 'control.' : ''}${measure}.end`;
}

/**
 * "63 %", of few cases "2 of 2": a share of them would claim more than they know. Where the sentence goes on with how
 * many they are, "2" and its "of 2 votes" say so.
 * @param at of the number among the parts of the sentence
 */
export function partWords(parts: readonly TextPart[], at: number, numbers: Readonly<Record<string, number>>): string {
  const part = parts[at]!;
  if (part.kind !== 'number') return '';
  const counter = counterOf(part.name);
  const [share, cases] = [numbers[part.name], counter === null ? undefined : numbers[counter]];
  if (share === undefined || cases === undefined || cases >= ENOUGH_CASES) return numberWords(part.name, share);
  const [between, next] = [parts[at + 1], parts[at + 2]];
  const goesOn = between?.kind === 'words' && /^ of (?:the )?$/.test(between.words);
  const isSaid = goesOn && next?.kind === 'number' && next.name === counter;
  return isSaid ? formatInteger(Math.round(share * cases)) : formatPart(share, cases);
}

/** "+1.05", "2 %", "5.20 nats": a number by its name, as a sentence says it */
export function numberWords(name: string, value: number | undefined): string {
  if (value === undefined) return '–';
  const found = numberName(name);
  const isStep = found?.kind === 'measure' && found.moment === 'peakAt';
  if (found === null || found.kind === 'count' || isStep) return formatInteger(value);
  const { unit } = found.kind === 'fact' ? FACTS[found.fact] : LABELS[MEASURES[found.measure]];
  if (unit === 'share') return formatShare(value);
  if (unit === 'count') return formatInteger(value);
  if (unit === 'score' || unit === 'reward') return formatSigned(value);
  if (unit === 'cosine') return fixed(value, 2);
  if (found.kind === 'fact') return `${fixed(value, 3)} nats`;
  return `${formatNumber(value)} ${unit.startsWith('nats') ? 'nats' : unit}`;
}

/** a row of what was measured, of few cases as a count; @param rows all of them, the counters among them */
export function keptWords({ step, name, value }: KeptRow, rows: readonly KeptRow[]): string {
  const counter = counterOf(name);
  const cases = rows.find((row) => row.step === step && row.name === counter)?.value;
  return cases !== undefined && cases < ENOUGH_CASES ? formatPart(value, cases) : numberWords(name, value);
}

const MOMENT_WORDS: Record<Moment, string> = {
  start: 'before',
  fork: 'at the fork',
  end: 'at the end',
  low: 'at least (95 %)',
  high: 'at most (95 %)',
  peak: 'at its highest',
  peakAt: 'was highest at step',
};
const COUNT_WORDS = { votes: 'Votes', step: 'Steps', seed: 'Seed' } as const;

/** "Gold reward at the end, twin" */
export function numberLabel(name: string): string {
  const found = numberName(name);
  if (found === null) return name;
  if (found.kind === 'count') return COUNT_WORDS[found.count];
  if (found.kind === 'fact') return FACTS[found.fact].label;
  const { label } = LABELS[MEASURES[found.measure]];
  return `${label} ${MOMENT_WORDS[found.moment]}${found.ofControl ? ', twin' : ''}`;
}

/**
 * "rose from +0.10 to +0.90 by iteration 12 and fell back to +0.30": the way of a number by its own curve, in the words
 * of the lesson.
 * @param of `gold`, or `control.gold`
 */
export function courseWords(
  courses: Readonly<Record<Course, string>>,
  of: string,
  numbers: Readonly<Record<string, number>>,
): string {
  const number = (moment: Moment): number | undefined => numbers[`${of}.${moment}`];
  const [from, to, top] = [number('fork') ?? number('start'), number('end'), number('peak')];
  if (from === undefined || to === undefined) return '–';
  const values = { from, to, top, at: number('peakAt') };
  const shown = (name: keyof typeof values) => numberWords(`${of}.${name === 'at' ? 'peakAt' : 'end'}`, values[name]);
  return courses[courseOf(from, to, top)].replace(/\{(from|to|top|at)\}/g, (_, name: keyof typeof values) =>
    shown(name),
  );
}

/** @param top where the curve was highest in between */
function courseOf(from: number, to: number, top: number | undefined): Course {
  if (top !== undefined && top - Math.max(from, to) > CLEARLY) return 'back';
  if (Math.abs(to - from) < CLEARLY) return top !== undefined && top - to > CLEARLY ? 'back' : 'stayed';
  return to > from ? 'rose' : 'fell';
}

/** "KL coefficient": what the page calls a setting */
export const controlLabel = (name: string): string =>
  SETTING_ROWS.find(({ address }) => address === name)?.setting.label ?? name;

/** "about 7 min" */
export const minutesWords = (minutes: number): string => `about ${Math.max(1, Math.round(minutes))} min`;
