/**
 * Whether a regular expression is found in a text, in time that grows as states × characters, whatever the expression:
 * the set of states that it may be in goes along the text once (Thompson 1968), so nothing is ever tried again. What
 * makes that impossible, looking around and going back to a group, is refused in words.
 *
 *   (a+)+$   →   0 split(1, 3)… : states, each of which reads one character, forks, or asks where in the text it is
 *
 * A state that reads a character asks the language's own expressions about that one character alone, so sets, escapes
 * and properties are what a reader of JavaScript expects.
 */

import { append } from '../../contract/many';

/** more would take seconds on long texts */
export const MOST_STATES = 1000;
/** repeats of nothing make no states, and take their time all the same */
const MOST_EMITTED = 20_000;

type Reads = (character: string) => boolean;
type Assertion = 'start' | 'end' | 'edge' | 'inside';
/** asks about the character before or behind a place, where there is none too */
interface Look {
  reads: Reads;
  ahead: boolean;
  is: boolean;
}
export type State =
  | { kind: 'read'; reads: Reads; next: number }
  /** ways in the order in which they are preferred */
  | { kind: 'fork'; next: number[] }
  | { kind: 'assertion'; holds: Assertion | Look; next: number }
  | { kind: 'found' };

export type Node =
  | { kind: 'read'; source: string; flags: string }
  | { kind: 'assertion'; holds: Assertion }
  | { kind: 'look'; inner: Node; ahead: boolean; is: boolean }
  | { kind: 'all'; items: Node[] }
  | { kind: 'any'; ways: Node[] }
  | { kind: 'repeat'; item: Node; least: number; most: number; lazy: boolean };

/** A regular expression that always comes to an end. */
export interface Pattern {
  /** states, as a measure of its cost */
  size: number;
  isIn(text: string): boolean;
}
export type PatternOrTrouble = Pattern | { trouble: string };

class Refused extends Error {}
const refuse = (sentence: string): never => {
  throw new Refused(sentence);
};

const TOO_LARGE = `Written out this expression has more than ${MOST_STATES} parts: ask for fewer repeats.`;
const GOES_BACK = 'This expression looks around or goes back to a group, which can take for ever: leave that out.';

/** an escape as a whole, `\u` with the second half of its pair */
const ESCAPE =
  /^\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|.)/su;
const SET = /^\[(?:\\.|[^\]\\])*\]/su;
const REPEAT = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/u;
const LOOK = /^\(\?(<?)([=!])/u;
const GROUP = /^\((?:\?:|\?<[^=!>][^>]*>|\?(-?)i:)?/u;

/** Reads an expression that the language itself takes. */
class Reader {
  private at = 0;
  constructor(
    private readonly source: string,
    /** whether it may look around; what it then looks for is judged where states are written */
    private readonly looks: boolean,
  ) {}

  whole(): Node {
    return this.ways('u');
  }

  private take(form: RegExp): RegExpExecArray | null {
    const found = form.exec(this.source.slice(this.at));
    this.at += found?.[0].length ?? 0;
    return found;
  }

  /** one|other, up to a closing bracket */
  private ways(flags: string): Node {
    const ways = [this.row(flags)];
    while (this.take(/^\|/)) ways.push(this.row(flags));
    return ways.length === 1 ? ways[0]! : { kind: 'any', ways };
  }

  private row(flags: string): Node {
    const items: Node[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at]!)) items.push(this.repeated(flags));
    return { kind: 'all', items };
  }

  private repeated(flags: string): Node {
    const item = this.one(flags);
    const found = this.take(REPEAT);
    if (!found) return item;
    const [sign, from, comma, to] = found;
    const lazy = sign.length > 1 && sign.endsWith('?');
    if (from === undefined)
      return { kind: 'repeat', item, least: sign[0] === '+' ? 1 : 0, most: sign[0] === '?' ? 1 : Infinity, lazy };
    const least = Number(from);
    return { kind: 'repeat', item, least, most: comma === undefined ? least : to ? Number(to) : Infinity, lazy };
  }

  private one(flags: string): Node {
    if (this.take(/^\^/)) return { kind: 'assertion', holds: 'start' };
    if (this.take(/^\$/)) return { kind: 'assertion', holds: 'end' };
    if (this.take(/^\\b/)) return { kind: 'assertion', holds: 'edge' };
    if (this.take(/^\\B/)) return { kind: 'assertion', holds: 'inside' };
    const look = this.looks ? this.take(LOOK) : null;
    if (look) return this.around(look, flags);
    if (/^(?:\(\?<?[=!]|\\[1-9k])/u.test(this.source.slice(this.at))) return refuse(GOES_BACK);
    const group = this.take(GROUP);
    if (group) return this.inside(group, flags);
    const read = this.take(SET) ?? this.take(ESCAPE) ?? this.take(/^./su);
    return { kind: 'read', source: read![0], flags };
  }

  private around([, back, sign]: RegExpExecArray, flags: string): Node {
    const inner = this.ways(flags);
    this.take(/^\)/);
    return { kind: 'look', inner, ahead: back === '', is: sign === '=' };
  }

  private inside([opened, minus]: RegExpExecArray, flags: string): Node {
    if (opened === '(' && this.source[this.at] === '?')
      return refuse('This expression has a group that is not known here.');
    const inner = this.ways(minus === undefined ? flags : minus === '-' ? 'u' : 'iu');
    this.take(/^\)/);
    return inner;
  }
}

/** asked of each character once */
function reader(source: string, flags: string): Reads {
  const form = new RegExp(`^${source}$`, flags);
  const known = new Map<string, boolean>();
  return (character) => {
    const answer = known.get(character) ?? form.test(character);
    known.set(character, answer);
    return answer;
  };
}

/** Writes the states from the end of the expression to its beginning. */
class Writer {
  readonly states: State[] = [{ kind: 'found' }];
  private readonly readers = new Map<string, Reads>();
  private emitted = 0;

  private add(state: State): number {
    if (this.states.push(state) > MOST_STATES) refuse(TOO_LARGE);
    return this.states.length - 1;
  }

  /** @returns the first state of what reads this and goes on at `next` */
  write(node: Node, next: number): number {
    if (++this.emitted > MOST_EMITTED) refuse(TOO_LARGE);
    switch (node.kind) {
      case 'read':
        return this.add({ kind: 'read', reads: this.reader(node.source, node.flags), next });
      case 'assertion':
        return this.add({ kind: 'assertion', holds: node.holds, next });
      case 'look':
        return this.add({ kind: 'assertion', holds: this.look(node), next });
      case 'all':
        return node.items.reduceRight((after, item) => this.write(item, after), next);
      case 'any':
        return this.add({ kind: 'fork', next: node.ways.map((way) => this.write(way, next)) });
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  /** a repeat writes the same one often */
  private reader(source: string, flags: string): Reads {
    const key = `${flags} ${source}`;
    const reads = this.readers.get(key) ?? reader(source, flags);
    this.readers.set(key, reads);
    return reads;
  }

  private look({ inner, ahead, is }: Node & { kind: 'look' }): Look {
    const [one, ...more] = inner.kind === 'all' ? inner.items : [inner];
    if (one?.kind !== 'read' || more.length > 0) return refuse(GOES_BACK);
    const { source, flags } = one;
    return { reads: this.reader(source, flags), ahead, is };
  }

  private repeat({ item, least, most, lazy }: Node & { kind: 'repeat' }, next: number): number {
    const ways = (again: number): number[] => (lazy ? [next, again] : [again, next]);
    let first = next;
    if (most === Infinity) {
      const again: State & { kind: 'fork' } = { kind: 'fork', next: [] };
      first = this.add(again);
      again.next = ways(this.write(item, first));
    } else {
      for (let i = least; i < most; i++) first = this.add({ kind: 'fork', next: ways(this.write(item, first)) });
    }
    for (let i = 0; i < least; i++) first = this.write(item, first);
    return first;
  }
}

const isWordSign = (character: string | undefined): boolean => character !== undefined && /^\w$/.test(character);

const HOLDS: Record<Assertion, (text: readonly string[], at: number) => boolean> = {
  start: (_, at) => at === 0,
  end: (text, at) => at === text.length,
  edge: (text, at) => isWordSign(text[at - 1]) !== isWordSign(text[at]),
  inside: (text, at) => isWordSign(text[at - 1]) === isWordSign(text[at]),
};

export const holdsAt = (holds: Assertion | Look, text: readonly string[], at: number): boolean => {
  if (typeof holds === 'string') return HOLDS[holds](text, at);
  const beside = text[holds.ahead ? at : at - 1];
  return (beside !== undefined && holds.reads(beside)) === holds.is;
};

/** @returns whether the last state is reached anywhere in the text */
function isFound(states: readonly State[], first: number, text: readonly string[]): boolean {
  let waiting: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const [seen, reading] = [new Set<number>(), [] as number[]];
    const open = [...waiting, first];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const state = states[id]!;
      if (state.kind === 'found') return true;
      if (state.kind === 'fork') append(open, state.next);
      else if (state.kind === 'read') reading.push(id);
      else if (holdsAt(state.holds, text, at)) open.push(state.next);
    }
    waiting = reading.flatMap((id) => {
      const state = states[id] as State & { kind: 'read' };
      return at < text.length && state.reads(text[at]!) ? [state.next] : [];
    });
  }
  return false;
}

/** "Invalid regular expression: /(/u: Unterminated group" → "Unterminated group" */
const reasonOf = (error: unknown): string =>
  String((error as Error).message)
    .split(': ')
    .at(-1) as string;

interface Machine {
  states: readonly State[];
  first: number;
}

function statesOf(tree: Node): Machine {
  const writer = new Writer();
  const first = writer.write(tree, 0);
  return { states: writer.states, first };
}

const orNull = <T>(make: () => T): T | null => {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
};

/** @returns what an expression is made of, one that looks around as well; null where it goes back to a group */
export const treeOf = (source: string): Node | null => orNull(() => new Reader(source, true).whole());

/** @returns its states; null where it looks at more than one character around, or has too many */
export const machineOf = (tree: Node): Machine | null => orNull(() => statesOf(tree));

/** @returns the expression, or a sentence that says why it cannot be used */
export function readPattern(source: string): PatternOrTrouble {
  try {
    new RegExp(source, 'u'); // says what is no expression; nothing is searched with it
  } catch (error) {
    return { trouble: `This is no regular expression: ${reasonOf(error)}.` };
  }
  try {
    const { states, first } = statesOf(new Reader(source, false).whole());
    return { size: states.length, isIn: (text) => isFound(states, first, [...text]) };
  } catch (error) {
    if (error instanceof Refused) return { trouble: error.message };
    throw error;
  }
}
