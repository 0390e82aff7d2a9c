/** Rows that hold a better and a worse answer, in the forms of TRL, HH and UltraFeedback. */
import { isSameText } from '../rows';
import { isChat, isTranscript, type Message, messagesIn, promptOf, sharedMessages, transcriptMessages } from './chat';
import { refuse, textIn } from './refuse';
import type { Cells } from './table';

/** A better and a worse answer to one prompt. */
export interface ForeignPair {
  prompt: string;
  /** the conversation before the answers, where it is more than one message of a user */
  messages?: Message[];
  chosen: string;
  rejected: string;
  /** by how much, in the file's own measure */
  margin?: number;
  /** of the chosen and the rejected one; they make no margin unless somebody asks for it */
  scores?: [number | null, number | null];
}

export type Sides = Pick<ForeignPair, 'prompt' | 'messages' | 'chosen' | 'rejected'>;

/** how programs write that there is no number */
const NO_NUMBER = /^\s*(?:|#?n\/?a|nan|<na>|none|null|nil|\\n|-)\s*$/i;

/** a comma before decimals; before three digits alone it may part thousands as well */
const withPoint = (text: string): string =>
  /^\s*[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))\s*$/.test(text) ? text.replace(',', '.') : text;

/** @returns a number; undefined where there is none */
export function numberIn(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && NO_NUMBER.test(value))) return undefined;
  const number =
    typeof value === 'string' ? Number(withPoint(value)) : typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : refuse(`${name} is not a number`);
}

function scoresIn({ score_chosen: chosen, score_rejected: rejected }: Cells): ForeignPair['scores'] {
  const scores: [number | null, number | null] = [
    numberIn(chosen, 'score_chosen') ?? null,
    numberIn(rejected, 'score_rejected') ?? null,
  ];
  return scores.some((score) => score !== null) ? scores : undefined;
}

/** @returns the two sides with what else the row says of them */
export function withMeasures(sides: Sides, cells: Cells): ForeignPair {
  if (isSameText(sides.chosen, sides.rejected)) return refuse('both completions are the same');
  const [margin, scores] = [numberIn(cells.margin, 'margin'), scoresIn(cells)];
  return { ...sides, ...(margin !== undefined && { margin }), ...(scores && { scores }) };
}

/** @returns a prompt of messages; a conversation is kept beside its text */
export function promptSides(messages: readonly Message[]): Pick<ForeignPair, 'prompt' | 'messages'> {
  if (messages.at(-1)?.role !== 'user') return refuse('the last message before the completions is not the human’s');
  textIn(messages.at(-1)?.content, 'prompt');
  return messages.length === 1
    ? { prompt: promptOf(messages) }
    : { prompt: promptOf(messages), messages: messages.map((one) => ({ ...one, content: one.content.trim() })) };
}

/** @returns a prompt that is a text or messages. @param name of its column */
export const promptIn = (prompt: unknown, name = 'prompt'): ReturnType<typeof promptSides> =>
  isChat(prompt) ? promptSides(messagesIn(prompt, name)) : { prompt: textIn(prompt, name) };

/** @returns the one answer that is left of a conversation after its prompt */
function answerIn(messages: readonly Message[], name: string): string {
  const [answer, ...more] = messages;
  if (answer === undefined) return refuse(`${name} has no message`);
  if (more.length > 0)
    return refuse(`${name} goes on for ${messages.length} messages, and the lab compares one answer`);
  return answer.role === 'assistant' ? textIn(answer.content, name) : refuse(`${name} is not the assistant’s`);
}

/** @returns the messages of a prompt; none where it is not given */
function promptMessages(prompt: unknown): Message[] {
  if (prompt === undefined || prompt === null) return [];
  return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : messagesIn(prompt, 'prompt');
}

/** an answer to messages may be a text alone */
const answerMessages = (answer: unknown, name: string): Message[] =>
  typeof answer === 'string' ? [{ role: 'assistant', content: answer }] : messagesIn(answer, name);

const beginsWith = (messages: readonly Message[], prompt: readonly Message[]): boolean =>
  sharedMessages(messages, prompt) === prompt.length;

/** whether a prompt stands in the conversations again: from the start, or behind what a system is told */
const repeats = (shared: readonly Message[], given: readonly Message[]): boolean =>
  shared.some((_, at) => beginsWith(shared.slice(at), given));

/** whether conversations have a beginning of their own, so that a text beside them is a name for it */
const isComplete = (shared: readonly Message[]): boolean =>
  shared[0]?.role !== 'assistant' && shared.at(-1)?.role === 'user';

/** @returns two conversations as a prompt and two answers: what both repeat is not to stand twice */
export function chatSides({ prompt, chosen, rejected }: Cells): Sides {
  if (chosen === undefined || chosen === null) return refuse('chosen is missing');
  if (rejected === undefined || rejected === null) return refuse('rejected is missing');
  const [better, worse] = [answerMessages(chosen, 'chosen'), answerMessages(rejected, 'rejected')];
  const given = promptMessages(prompt);
  const shared = better.slice(0, sharedMessages(better, worse));
  const isWhole = given.length === 0 || repeats(shared, given) || (typeof prompt === 'string' && isComplete(shared));
  const context = isWhole ? shared : [...given, ...shared];
  if (context.length === 0) return refuse('no prompt: the two share no first message');
  const answers = {
    chosen: answerIn(better.slice(shared.length), 'chosen'),
    rejected: answerIn(worse.slice(shared.length), 'rejected'),
  };
  return { ...promptSides(context), ...answers };
}

function transcriptSides({ chosen, rejected }: Cells): Sides {
  const [better, worse] = [chosen, rejected].map((text) => transcriptMessages(text as string)) as [
    Message[],
    Message[],
  ];
  for (const [name, turns] of [['chosen', better] as const, ['rejected', worse] as const])
    if (turns.at(-1)?.role !== 'assistant') refuse(`${name} does not end with an Assistant’s turn`);
  const before = better.slice(0, -1);
  if (worse.length !== better.length || !beginsWith(worse, before))
    return refuse('the two transcripts have different prompts');
  return {
    ...promptSides(before),
    chosen: textIn(better.at(-1)?.content, 'chosen'),
    rejected: textIn(worse.at(-1)?.content, 'rejected'),
  };
}

/** @returns where the words end that two texts share: behind white space, or 0 */
function sharedWords(one: string, other: string): number {
  let at = 0;
  let cut = 0;
  while (at < one.length && one[at] === other[at]) {
    at++;
    if (/\s/.test(one[at - 1]!)) cut = at;
  }
  return cut;
}

/** the prompt is the shared beginning, cut between words */
function implicitSides(cells: Cells): Sides {
  const [chosen, rejected] = [textIn(cells.chosen, 'chosen'), textIn(cells.rejected, 'rejected')];
  const [better, worse] = [chosen.trimEnd(), rejected.trimEnd()];
  if (better === worse) return refuse('both completions are the same');
  if (`${better} `.startsWith(`${worse} `) || `${worse} `.startsWith(`${better} `))
    return refuse('one text is the beginning of the other: no completion is left');
  const cut = sharedWords(chosen, rejected);
  const prompt = chosen.slice(0, cut);
  if (prompt.trim() === '') return refuse('no prompt: the two texts share no beginning');
  return { prompt, chosen: chosen.slice(cut), rejected: rejected.slice(cut) };
}

function plainSides(cells: Cells): Sides {
  return {
    prompt: textIn(cells.prompt, 'prompt'),
    chosen: textIn(cells.chosen, 'chosen'),
    rejected: textIn(cells.rejected, 'rejected'),
  };
}

/**
 * @param hasPrompt whether any row of the file has one
 * @returns what a row with `chosen` and `rejected` says
 */
export function readPair(cells: Cells, hasPrompt: boolean): ForeignPair {
  const { prompt, chosen, rejected } = cells;
  const read = [prompt, chosen, rejected].some(isChat)
    ? chatSides
    : !hasPrompt && isTranscript(chosen) && isTranscript(rejected)
      ? transcriptSides
      : hasPrompt
        ? plainSides
        : implicitSides;
  return withMeasures(read(cells), cells);
}
