/**
 * Tokens that are cut out of a text before anything else: special ones, and words that were added later. The longest of
 * those that begin first is taken; `single_word` asks for an edge of a word on both sides, `lstrip` and `rstrip`
 * swallow the white space beside it.
 */
import { escaped, isNumber, isPart, type Part, quoted, refuse } from './kinds';

export interface AddedToken {
  id: number;
  content: string;
  singleWord: boolean;
  lstrip: boolean;
  rstrip: boolean;
  /** looked for in the normalised text */
  normalized: boolean;
  /** no part of what a text says */
  special: boolean;
}

/** A token, or text between tokens. */
export type Section = { id: number } | { text: string };

function tokenIn(value: unknown): AddedToken {
  if (!isPart(value)) return refuse(`${quoted(value)} is no added token`);
  const { id, content }: Part = value;
  if (!isNumber(id) || typeof content !== 'string' || content === '')
    return refuse(`${quoted(value)} is no added token`);
  return {
    id,
    content,
    singleWord: value.single_word === true,
    lstrip: value.lstrip === true,
    rstrip: value.rstrip === true,
    special: value.special === true,
    normalized: value.normalized === true || (value.normalized === undefined && value.special !== true),
  };
}

/** @param numbers of the tokens of the model */
export function addedTokensOf(value: unknown, numbers: ReadonlyMap<string, number>): AddedToken[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return refuse('added_tokens is no list');
  const owners = new Map([...numbers].map(([token, id]) => [id, token]));
  return value.map((one) => {
    const token = tokenIn(one);
    const owner = owners.get(token.id);
    if (owner !== undefined && owner !== token.content)
      refuse(`the tokens ${quoted(owner)} and ${quoted(token.content)} have one number, ${token.id}`);
    owners.set(token.id, token.content);
    return token;
  });
}

const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D]/u;
const SPACE = /\p{White_Space}/u;
const SPACE_AFTER = /^\p{White_Space}+/u;

/** an expression for it would try every run of white space on the way */
function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

const endsInWord = (text: string): boolean => WORD.test([...text.slice(-2)].at(-1) ?? '');
const beginsWithWord = (text: string): boolean => WORD.test([...text.slice(0, 2)][0] ?? '');

/** Cuts texts at some tokens. */
export class AddedTokens {
  private readonly byContent: ReadonlyMap<string, AddedToken>;
  private readonly pattern: RegExp | null;

  /** @param contentOf what is looked for, of each token */
  constructor(tokens: readonly AddedToken[], contentOf = (token: AddedToken): string => token.content) {
    this.byContent = new Map(tokens.map((token) => [contentOf(token), token]));
    const nothing = this.byContent.get('');
    if (nothing) refuse(`the added token ${quoted(nothing.content)} is nothing once it is normalised`);
    const longestFirst = [...this.byContent.keys()].sort((one, other) => other.length - one.length);
    this.pattern = longestFirst.length === 0 ? null : new RegExp(longestFirst.map(escaped).join('|'), 'gu');
  }

  /**
   * @returns the text in order, nothing of it left out but white space that a token swallows; a token that itself
   * stands in such white space is one all the same to the original, unless it would swallow what is swallowed
   */
  cut(text: string): Section[] {
    if (!this.pattern) return text === '' ? [] : [{ text }];
    const sections: Section[] = [];
    let from = 0;
    for (const { 0: content, index } of text.matchAll(this.pattern)) {
      const token = this.byContent.get(content)!;
      const end = index + content.length;
      if (token.singleWord && (endsInWord(text.slice(0, index)) || beginsWithWord(text.slice(end)))) continue;
      const start = token.lstrip ? from + withoutSpaceAtEnd(text.slice(from, index)).length : index;
      const stop = token.rstrip ? end + (SPACE_AFTER.exec(text.slice(end))?.[0].length ?? 0) : end;
      if (from < start) sections.push({ text: text.slice(from, start) });
      if (start < stop) sections.push({ id: token.id });
      from = stop;
    }
    if (from < text.length) sections.push({ text: text.slice(from) });
    return sections;
  }
}
