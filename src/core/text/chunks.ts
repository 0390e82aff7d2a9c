/** A text as the bag of chunks that byte-pair encoding learns from. */
import { gpt2Pieces } from './splitting';
import type { TrainingProgress } from './steps';
import { GAP, TokenLine } from './tokenLine';

export const BPE_MODES = ['bytes', 'gpt2_split'] as const;
export type BpeMode = (typeof BPE_MODES)[number];

/** The different chunks of a text, one after the other in the order they are first met. */
export interface Chunks {
  line: TokenLine;
  /** where each chunk begins, ascending */
  starts: Int32Array;
  /** how often each occurs */
  counts: Float64Array;
}

const encoder = new TextEncoder();

/** pieces of a text that no merge reaches across, in order */
export function* splitChunks(text: string, mode: BpeMode): Generator<string> {
  if (mode === 'gpt2_split') yield* gpt2Pieces(text);
  else if (text !== '') yield text;
}

const CHUNKS_PER_REPORT = 50_000;

function* countChunks(text: string, mode: BpeMode): Generator<TrainingProgress, Map<string, number>> {
  const counts = new Map<string, number>();
  let seen = 0;
  let read = 0;
  for (const chunk of splitChunks(text, mode)) {
    counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
    read += chunk.length;
    if (++seen % CHUNKS_PER_REPORT === 0) yield { done: read, total: text.length, label: 'counting words' };
  }
  return counts;
}

/** @returns bytes of a text in UTF-8; half of a surrogate pair becomes U+FFFD, three bytes */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code > 0xffff) i++;
  }
  return bytes;
}

function lineUp(counted: ReadonlyMap<string, number>): Chunks {
  let cells = 1;
  for (const chunk of counted.keys()) cells += utf8Length(chunk) + 1;
  const ids = new Int32Array(cells).fill(GAP);
  const starts = new Int32Array(counted.size);
  let [index, at] = [0, 1];
  for (const chunk of counted.keys()) {
    const bytes = encoder.encode(chunk);
    ids.set(bytes, at);
    starts[index++] = at;
    at += bytes.length + 1;
  }
  return { line: new TokenLine(ids), starts, counts: Float64Array.from(counted.values()) };
}

/** @returns the bag, by way of progress reports */
export function* collectChunks(text: string, mode: BpeMode): Generator<TrainingProgress, Chunks> {
  return lineUp(yield* countChunks(text, mode));
}
