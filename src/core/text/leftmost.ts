/**
 * Where the matches of a regular expression lie, in time that grows as states × characters for each: the states it may
 * be in go along the text once, in the order in which a search that tries again would prefer them, so that the first one
 * to arrive is the match that such a search finds (Pike 1987; https://swtch.com/~rsc/regexp/regexp2.html).
 */
import { holdsAt, machineOf, type Node, type State } from './pattern';

/** Characters of a text from one up to another. */
export interface Span {
  start: number;
  end: number;
}

/** characters looked at between two chances to stop */
const CHARACTERS_PER_STEP = 20_000;

/** a state, and where the match began that it is part of */
type Threads = { id: number; start: number }[];

/** what can be reached without reading, in order of preference; @returns ids of states that read or have found */
class Front {
  private readonly seen: Int32Array;
  private turn = 0;
  threads: Threads = [];

  constructor(
    private readonly states: readonly State[],
    private readonly text: readonly string[],
  ) {
    this.seen = new Int32Array(states.length);
  }

  begin(): void {
    this.turn++;
    this.threads = [];
  }

  add(id: number, start: number, at: number): void {
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.seen[next] === this.turn) continue;
      this.seen[next] = this.turn;
      const state = this.states[next]!;
      if (state.kind === 'fork') for (let i = state.next.length - 1; i >= 0; i--) open.push(state.next[i]!);
      else if (state.kind === 'assertion') {
        if (holdsAt(state.holds, this.text, at)) open.push(state.next);
      } else this.threads.push({ id: next, start });
    }
  }
}

/** whether it can be found without reading anything */
const isNullable = (node: Node): boolean => {
  if (node.kind === 'read') return false;
  if (node.kind === 'all') return node.items.every(isNullable);
  if (node.kind === 'any') return node.ways.some(isNullable);
  return node.kind !== 'repeat' || node.least === 0 || isNullable(node.item);
};

/** repeats of nothing end by rules of their own in every language */
const repeatsNothing = (node: Node): boolean => {
  if (node.kind === 'all') return node.items.some(repeatsNothing);
  if (node.kind === 'any') return node.ways.some(repeatsNothing);
  if (node.kind === 'repeat') return isNullable(node.item) || repeatsNothing(node.item);
  return false;
};

/** Matches one after the other, as `matchAll` gives them; null for a chance to stop. */
export type Search = (text: readonly string[]) => Generator<Span | null>;

/** @returns a search for it; null where it cannot be followed without trying again */
export function searchFor(tree: Node): Search | null {
  const machine = repeatsNothing(tree) ? null : machineOf(tree);
  if (!machine) return null;
  const { states, first } = machine;
  return function* search(text) {
    let looked = 0;
    let [now, next] = [new Front(states, text), new Front(states, text)];
    for (let from = 0; from <= text.length; ) {
      let found: Span | null = null;
      now.begin();
      now.add(first, from, from);
      for (let at = from; at <= text.length && (found === null || now.threads.length > 0); at++) {
        if (++looked % CHARACTERS_PER_STEP === 0) yield null;
        next.begin();
        for (const { id, start } of now.threads) {
          const state = states[id]!;
          if (state.kind === 'found') {
            found = { start, end: at };
            break; // whatever comes later is liked less
          }
          if (state.kind === 'read' && at < text.length && state.reads(text[at]!)) next.add(state.next, start, at + 1);
        }
        if (found === null && at < text.length) next.add(first, at + 1, at + 1);
        [now, next] = [next, now];
      }
      if (found === null) return;
      yield found;
      from = found.end > found.start ? found.end : found.end + 1;
    }
  };
}
