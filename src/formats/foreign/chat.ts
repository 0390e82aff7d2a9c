/**
 * Texts that are conversations: lists of messages, as chats are stored, and transcripts with Human and Assistant at the
 * beginning of paragraphs (Bai et al. 2022).
 */
import { refuse } from './refuse';
import { type Cells, isObject } from './table';

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** names of roles elsewhere */
const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  prompter: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
};

const isMessage = (value: unknown): value is Cells =>
  isObject(value) &&
  ('role' in value || 'from' in value) &&
  ('content' in value || 'value' in value || Array.isArray(value.parts));

/** @returns whether a value is a message or a list of them, be it empty */
export const isChat = (value: unknown): boolean =>
  isMessage(value) || (Array.isArray(value) && value.every((one) => isMessage(one)));

/** a content may be in parts; those that are no text say nothing here */
function contentOf(one: Cells, name: string): string {
  const value = one.content ?? one.value ?? one.parts;
  const calls = one.tool_calls ?? one.function_call;
  if (typeof value === 'string') return value;
  if (calls) return refuse(`${name} has a call of a tool, and the lab reads texts alone`);
  if (!Array.isArray(value)) return refuse(`${name} has a message without text`);
  return value
    .map((part) =>
      isObject(part) && typeof part.text === 'string' ? part.text : refuse(`${name} has a part that is no text`),
    )
    .join('');
}

/** what a tool answers, and what a program is told of one, is no turn of a conversation */
const strange = (name: string, role: unknown): string =>
  `${name} has a message of ${JSON.stringify(role)}, and the lab reads those of system, user and assistant`;

/** @param name of the column, for what is said when it is none */
export function messagesIn(value: unknown, name: string): Message[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (!isMessage(one)) return refuse(`${name} is no list of messages`);
    const role = one.role ?? one.from;
    const known = typeof role === 'string' ? ROLES[role.toLowerCase()] : undefined;
    return {
      role: known ?? refuse(strange(name, role)),
      content: contentOf(one, name),
    };
  });
}

const sameMessage = (one: Message | undefined, other: Message | undefined): boolean =>
  one !== undefined && one.role === other?.role && one.content.trim() === other.content.trim();

/** @returns how many messages two conversations begin with alike */
export function sharedMessages(one: readonly Message[], other: readonly Message[]): number {
  let count = 0;
  while (sameMessage(one[count], other[count])) count++;
  return count;
}

/** of a line break of any system */
const TURN = /(?:^|(?:\r\n?|\n){2})(Human|Assistant):/g;

export const isTranscript = (value: unknown): value is string =>
  typeof value === 'string' && /^\s*Human:/.test(value) && /(?:\r\n?|\n){2}Assistant:/.test(value);

/** @returns the turns of a transcript; a name inside a paragraph is text */
export function transcriptMessages(text: string): Message[] {
  const trimmed = text.trimStart();
  const turns = [...trimmed.matchAll(TURN)];
  return turns.map(({ index, 0: mark, 1: who }, i) => ({
    role: who === 'Human' ? 'user' : 'assistant',
    content: trimmed.slice(index + mark.length, turns[i + 1]?.index).trim(),
  }));
}

const NAMES: Record<Message['role'], string> = { system: 'System', user: 'Human', assistant: 'Assistant' };

/**
 * How the lab writes a conversation as one text, everywhere: one message of a user is its text alone; more are
 * paragraphs that begin with who speaks, and the last one waits for the answer.
 */
export function promptOf(messages: readonly Message[]): string {
  const [first] = messages;
  if (messages.length === 1 && first?.role === 'user') return first.content;
  return [...messages.map(({ role, content }) => `${NAMES[role]}: ${content}`), 'Assistant:'].join('\n\n');
}
