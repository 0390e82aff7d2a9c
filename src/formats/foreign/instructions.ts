/** LLaMA-Factory's two forms: instruction and input (after Alpaca), and conversations from human and gpt (ShareGPT). */
import { isChat, type Message, messagesIn } from './chat';
import { type ForeignPair, promptSides, withMeasures } from './pairs';
import { refuse, textIn } from './refuse';
import { type Cells, isObject } from './table';
import { alternating, turnsIn } from './turns';

/** A prompt and an answer to learn from. */
export interface ForeignDemonstration {
  prompt: string;
  messages?: Message[];
  completion: string;
}

export interface ForeignPrompt {
  prompt: string;
}

/** two whole conversations beside an instruction are pairs of another form */
export const isAlpaca = ({ chosen, rejected, ...cells }: Cells): boolean =>
  'instruction' in cells && !('prompt' in cells) && ![chosen, rejected].some(isChat);
/** whether an instruction is not all of the prompt */
export const saysMore = (cells: Cells): boolean =>
  ['input', 'context', 'system', 'history'].some((name) => name in cells) || Array.isArray(cells.output);
export const isShareGpt = ({ conversations }: Cells): boolean => Array.isArray(conversations);

/** whether a conversation stands alone, under another name */
export const isTalk = (cells: Cells): boolean => !('chosen' in cells || 'rejected' in cells) && turnsIn(cells) !== null;
export const readTalk = (cells: Cells): ForeignDemonstration =>
  demonstrationOf([...systemOf(cells), ...turnsIn(cells)!()], 'conversation');

function systemOf({ system }: Cells): Message[] {
  return typeof system === 'string' && system.trim() !== '' ? [{ role: 'system', content: system }] : [];
}

/** earlier turns: [question, answer] each */
function historyOf({ history }: Cells): Message[] {
  if (history === undefined || history === null) return [];
  if (!Array.isArray(history)) return refuse('history is no list of questions and answers');
  return history.flatMap((turn): Message[] => {
    const [question, answer] = Array.isArray(turn) ? turn : [];
    return [
      { role: 'user', content: textIn(question, 'history') },
      { role: 'assistant', content: textIn(answer, 'history') },
    ];
  });
}

/** instruction and input are one text, a line apart */
function alpacaPrompt(cells: Cells) {
  const { instruction, input = cells.context } = cells; // Dolly's name (Conover et al. 2023)
  const parts = [instruction, input].filter((part) => typeof part === 'string' && part.trim() !== '');
  const content = parts.length > 0 ? parts.join('\n') : textIn(instruction, 'instruction');
  return promptSides([...systemOf(cells), ...historyOf(cells), { role: 'user', content }]);
}

/** @returns two answers, of which the first is better; the older form has them in one list. null: one to learn from */
export function readAlpaca(cells: Cells): ForeignPair | ForeignDemonstration | ForeignPrompt {
  const { output = cells.response } = cells;
  if (!['output', 'response', 'chosen', 'rejected'].some((name) => name in cells)) return alpacaPrompt(cells);
  const [chosen, rejected] = Array.isArray(output) ? output : [cells.chosen, cells.rejected];
  const before = alpacaPrompt(cells);
  if (output !== undefined && output !== null && !Array.isArray(output) && (chosen === undefined || chosen === null))
    return { ...before, completion: textIn(output, 'output') };
  return withMeasures({ ...before, chosen: textIn(chosen, 'chosen'), rejected: textIn(rejected, 'rejected') }, cells);
}

const contentOf = (value: unknown, name: string): string => {
  if (value === undefined || value === null) return refuse(`${name} is missing`);
  return textIn(isObject(value) || Array.isArray(value) ? messagesIn(value, name).at(-1)?.content : value, name);
};

export function readShareGpt(cells: Cells): ForeignPair | ForeignDemonstration {
  const turns = [
    ...systemOf(cells),
    ...(alternating(cells.conversations) ?? messagesIn(cells.conversations, 'conversations')),
  ];
  if ('chosen' in cells || 'rejected' in cells)
    return withMeasures(
      {
        ...promptSides(turns),
        chosen: contentOf(cells.chosen, 'chosen'),
        rejected: contentOf(cells.rejected, 'rejected'),
      },
      cells,
    );
  return demonstrationOf(turns, 'conversations');
}

/** OpenAI's own rows, with other names for the same */
function openAiSides({ input, preferred_output, non_preferred_output, ...cells }: Cells): Cells {
  if (!isObject(input) || preferred_output === undefined) return cells;
  return { messages: input.messages, chosen: preferred_output, rejected: non_preferred_output };
}

/** messages so far, and two answers that are one message each */
export function isOpenAi(cells: Cells): boolean {
  const { messages, chosen, rejected } = openAiSides(cells);
  return isChat(messages) && [chosen, rejected].every((side) => isAnswer(side));
}
const isAnswer = (side: unknown): boolean => isChat(side) && (isObject(side) || (side as unknown[]).length === 1);

export function readOpenAi(given: Cells): ForeignPair {
  const cells = openAiSides(given);
  return readShareGpt({ ...cells, conversations: cells.messages }) as ForeignPair;
}

/** @returns the last turn as an answer to those before */
export function demonstrationOf(turns: readonly Message[], name: string): ForeignDemonstration {
  const answer = turns.at(-1);
  if (answer?.role !== 'assistant') return refuse(`${name} does not end with the assistant’s answer`);
  return { ...promptSides(turns.slice(0, -1)), completion: textIn(answer.content, name) };
}
