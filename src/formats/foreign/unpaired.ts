/**
 * Rows that call one answer good or bad (KTO's form): the lab learns from pairs, so the first good answer to a prompt is
 * held against its first bad one, the second against the second, and so on. An answer that is called both is held
 * against others, never against itself.
 */
import { isGood } from '../goodBad';
import { isSameText } from '../rows';
import { isChat, type Message, messagesIn } from './chat';
import { demonstrationOf, isShareGpt, readAlpaca, readShareGpt } from './instructions';
import { type ForeignPair, promptIn } from './pairs';
import { refuse, textIn } from './refuse';
import type { ForeignRefusal, ForeignRow } from './rows';
import type { Cells } from './table';
import { each } from './together';

export interface Judged {
  prompt: string;
  answer: string;
  good: boolean;
}

/** whether a table has one answer a row and a label */
export const isLabelled = (columns: ReadonlySet<string>): boolean => columns.has('completion') && columns.has('label');

export function readJudged({ prompt, completion, label }: Cells): Judged {
  const good = isGood(label);
  if (good === null)
    return refuse(String(label ?? '').trim() === '' ? 'label is missing' : 'label is neither good nor bad');
  if (!isChat(completion)) return { prompt: promptIn(prompt).prompt, answer: textIn(completion, 'completion'), good };
  const before = isChat(prompt) ? messagesIn(prompt, 'prompt') : prompt === undefined ? [] : [userSays(prompt)];
  const said = demonstrationOf([...before, ...messagesIn(completion, 'completion')], 'completion');
  return { prompt: said.prompt, answer: said.completion, good };
}
const userSays = (prompt: unknown): Message => ({ role: 'user', content: textIn(prompt, 'prompt') });

/** LLaMA-Factory's rows for KTO */
export const isTagged = ({ kto_tag }: Cells): boolean => kto_tag !== undefined && kto_tag !== null;

export function readTagged(cells: Cells): Judged {
  const { kto_tag: label, ...rest } = cells;
  const read = isShareGpt(rest) ? readShareGpt(rest) : isChat(rest.messages) ? demonstrationIn(rest) : readAlpaca(rest);
  if ('chosen' in read) return refuse('kto_tag stands beside two answers');
  if (!('completion' in read)) return refuse('output is missing');
  return readJudged({ prompt: read.prompt, completion: read.completion, label });
}
const demonstrationIn = ({ messages }: Cells) => demonstrationOf(messagesIn(messages, 'messages'), 'messages');

interface Found<Row> {
  at: number;
  row: Row;
}
const isJudged = (found: Found<ForeignRow | Judged>): found is Found<Judged> => 'good' in found.row;
const isRow = (found: Found<ForeignRow | Judged>): found is Found<ForeignRow> => !('good' in found.row);

const isSame = (one: Found<Judged>, other: Found<Judged>): boolean => isSameText(one.row.answer, other.row.answer);

/**
 * In order: the first with the first. Two that say the same give way to another order where there is one.
 * @param few as many as `many`, or fewer
 * @returns who of the many stands beside each of the few, and behind them those that are left
 */
function besideEach(few: readonly Found<Judged>[], many: readonly Found<Judged>[]): Found<Judged>[] {
  const beside = [...many];
  const looked = new Map<string, number>(); // places that cannot help are not looked at again for the same text
  for (const [i, one] of few.entries()) {
    if (!isSame(one, beside[i]!)) continue;
    const text = one.row.answer.trim();
    const helps = (other: Found<Judged>, at: number) => !isSame(one, other) && !(few[at] && isSame(one, few[at]));
    let at = looked.get(text) ?? 0;
    while (at < beside.length && !helps(beside[at]!, at)) at++;
    looked.set(text, at);
    if (at < beside.length) [beside[i], beside[at]] = [beside[at]!, beside[i]!];
  }
  return beside;
}

/** @returns pairs of a good and a bad answer to one prompt, and the answers that have no partner */
function partnersIn(answers: readonly Found<Judged>[]) {
  const [good, bad] = [true, false].map((side) => answers.filter(({ row }) => row.good === side)) as [
    Found<Judged>[],
    Found<Judged>[],
  ];
  const [few, many] = good.length <= bad.length ? [good, bad] : [bad, good];
  const beside = besideEach(few, many);
  const both = few.map((one, i): [Found<Judged>, Found<Judged>] => [one, beside[i]!]);
  return {
    pairs: both.filter(([one, other]) => !isSame(one, other)).map((pair) => (few === good ? pair : pair.toReversed())),
    same: both.filter(([one, other]) => isSame(one, other)).flat(),
    alone: beside.slice(few.length),
  };
}

/** In steps. @returns all rows, those that were judged alone as pairs; what has no partner is refused */
export function* pairUp(
  found: readonly Found<ForeignRow | Judged>[],
  refused: ForeignRefusal[],
): Generator<undefined, Found<ForeignRow>[]> {
  const judged = found.filter(isJudged);
  if (judged.length === 0) return found.filter(isRow);
  const byPrompt = new Map<string, Found<Judged>[]>();
  yield* each(judged, (one) => {
    const prompt = one.row.prompt.trim();
    const ofPrompt = byPrompt.get(prompt);
    if (ofPrompt) ofPrompt.push(one);
    else byPrompt.set(prompt, [one]);
  });
  const pairs: Found<ForeignPair>[] = [];
  yield* each(byPrompt.values(), (ofPrompt) => {
    const { pairs: ofBoth, same, alone } = partnersIn(ofPrompt);
    for (const { at } of same) refused.push({ at, why: 'the same answer to its prompt is called good and bad' });
    for (const { at, row } of alone)
      refused.push({ at, why: `no ${row.good ? 'bad' : 'good'} answer to its prompt is left to hold it against` });
    for (const [better, worse] of ofBoth) {
      const { prompt, answer: chosen } = better!.row;
      pairs.push({ at: Math.max(better!.at, worse!.at), row: { prompt, chosen, rejected: worse!.row.answer } });
    }
  });
  return [...found.filter(isRow), ...pairs].sort((one, other) => one.at - other.at);
}
