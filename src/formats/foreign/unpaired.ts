/**
 * Rows that call one answer good or bad (KTO's form): the lab learns from pairs, so the first good answer to a prompt is
 * held against its first bad one, the second against the second, and so on.
 */
import { isChat, messagesIn } from './chat';
import { demonstrationOf, isShareGpt, readAlpaca, readShareGpt } from './instructions';
import type { ForeignPair } from './pairs';
import { refuse, textIn } from './refuse';
import type { ForeignRefusal, ForeignRow } from './rows';
import type { Cells } from './table';

export interface Judged {
  prompt: string;
  answer: string;
  good: boolean;
}

const GOOD = /^(?:true|1|good|desirable|positive|yes|thumbs up|👍)$/i;
const BAD = /^(?:false|0|-1|bad|undesirable|negative|no|thumbs down|👎)$/i;

/** whether a table has one answer a row and a label */
export const isLabelled = (columns: ReadonlySet<string>): boolean => columns.has('completion') && columns.has('label');

export function readJudged({ prompt, completion, label }: Cells): Judged {
  const said = String(label ?? '');
  const good = GOOD.test(said);
  if (!good && !BAD.test(said)) return refuse(said === '' ? 'label is missing' : 'label is neither good nor bad');
  return { prompt: textIn(prompt, 'prompt'), answer: textIn(completion, 'completion'), good };
}

/** LLaMA-Factory's rows for KTO */
export const isTagged = ({ kto_tag }: Cells): boolean => kto_tag !== undefined && kto_tag !== null;

export function readTagged(cells: Cells): Judged {
  const { kto_tag: label, ...rest } = cells;
  const read = isShareGpt(rest) ? readShareGpt(rest) : isChat(rest.messages) ? demonstrationIn(rest) : readAlpaca(rest);
  if (!('completion' in read)) return refuse('kto_tag stands beside two answers');
  return readJudged({ prompt: read.prompt, completion: read.completion, label });
}
const demonstrationIn = ({ messages }: Cells) => demonstrationOf(messagesIn(messages, 'messages'), 'messages');

interface Found<Row> {
  at: number;
  row: Row;
}
const isJudged = (found: Found<ForeignRow | Judged>): found is Found<Judged> => 'good' in found.row;
const isRow = (found: Found<ForeignRow | Judged>): found is Found<ForeignRow> => !('good' in found.row);

/** @returns all rows, those that were judged alone as pairs; what has no partner is refused */
export function pairUp(found: readonly Found<ForeignRow | Judged>[], refused: ForeignRefusal[]): Found<ForeignRow>[] {
  const judged = found.filter(isJudged);
  if (judged.length === 0) return found.filter(isRow);
  const byPrompt = new Map<string, Found<Judged>[]>();
  for (const one of judged) {
    const prompt = one.row.prompt.trim();
    const ofPrompt = byPrompt.get(prompt);
    if (ofPrompt) ofPrompt.push(one);
    else byPrompt.set(prompt, [one]);
  }
  const pairs = [...byPrompt.values()].flatMap((ofPrompt) => {
    const [good, bad] = [true, false].map((side) => ofPrompt.filter(({ row }) => row.good === side)) as [
      Found<Judged>[],
      Found<Judged>[],
    ];
    const count = Math.min(good.length, bad.length);
    for (const { at, row } of [...good.slice(count), ...bad.slice(count)])
      refused.push({ at, why: `no ${row.good ? 'bad' : 'good'} answer to its prompt is left to hold it against` });
    return good.slice(0, count).map(({ at, row }, i): Found<ForeignPair> => {
      const { at: other, row: worse } = bad[i]!;
      return { at: Math.max(at, other), row: { prompt: row.prompt, chosen: row.answer, rejected: worse.answer } };
    });
  });
  return [...found.filter(isRow), ...pairs].sort((one, other) => one.at - other.at);
}
