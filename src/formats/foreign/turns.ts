/** Conversations under the less usual names: pairs of a question and an answer, texts in turn, contents in parts. */
import { isChat, type Message, messagesIn } from './chat';
import { refuse, textIn } from './refuse';
import { type Cells, isObject } from './table';

/** @returns texts that user and assistant say in turn; null where a list is of something else */
export function alternating(list: unknown): Message[] | null {
  if (!Array.isArray(list) || list.length < 2 || !list.every((one) => typeof one === 'string')) return null;
  return list.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }));
}

const isExchange = (one: unknown): one is Cells => isObject(one) && 'input' in one && 'output' in one;

const exchanges = (list: readonly Cells[]): Message[] =>
  list.flatMap(({ input, output }): Message[] => [
    { role: 'user', content: textIn(input, 'input') },
    { role: 'assistant', content: textIn(output, 'output') },
  ]);

/** @returns what reads a conversation that stands in a row; null where none does */
export function turnsIn({ conversation, contents }: Cells): (() => Message[]) | null {
  const list = [conversation, contents].find((one) => Array.isArray(one) && one.length > 0) as unknown[] | undefined;
  if (!list) return null;
  if (isChat(list)) return () => messagesIn(list, 'conversation');
  if (list.every(isExchange)) return () => exchanges(list);
  return list === conversation ? () => alternating(list) ?? refuse('conversation is no list of messages') : null;
}
