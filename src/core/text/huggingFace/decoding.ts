/**
 * The decoders of a `tokenizer.json`, token by token as the original has them: the library's drop a byte-order mark,
 * write a letter that is no byte as U+0000, and end words by themselves.
 */
import { BYTE_LETTERS } from '../../../contract/byteLetters';
import { append } from '../../../contract/many';
import { inOrder, kindOf, normalizerAlone, normalizerOf, type Part, refuse } from './kinds';

/** tokens in, pieces of text out */
type Step = (tokens: readonly string[]) => string[];

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const encoder = new TextEncoder();

const BYTE_OF = new Map(BYTE_LETTERS.map((letter, byte) => [letter, byte]));

/** letters stand for bytes; a token with any other sign is that text */
const byteLevel: Step = (tokens) => {
  const bytes = tokens.flatMap((token) => {
    const known = Array.from(token, (letter) => BYTE_OF.get(letter));
    return known.includes(undefined) ? [...encoder.encode(token)] : (known as number[]);
  });
  return [utf8.decode(Uint8Array.from(bytes))];
};

/** what a run of bytes reads as: all of it, or a sign that cannot be read for each */
function textOfRun(bytes: readonly number[]): string[] {
  try {
    return bytes.length === 0 ? [] : [strictUtf8.decode(Uint8Array.from(bytes))];
  } catch {
    return bytes.map(() => '\uFFFD');
  }
}

const BYTE = /^<0x([\dA-Fa-f]{2})>$/;

const byteFallback: Step = (tokens) => {
  const pieces: string[] = [];
  let run: number[] = [];
  const endRun = () => {
    append(pieces, textOfRun(run));
    run = [];
  };
  for (const token of tokens) {
    const byte = BYTE.exec(token)?.[1];
    if (byte !== undefined) {
      run.push(Number.parseInt(byte, 16));
      continue;
    }
    endRun();
    pieces.push(token);
  }
  endRun();
  return pieces;
};

function bpeDecoder({ suffix = '</w>' }: Part): Step {
  if (typeof suffix !== 'string' || suffix === '') return refuse('the decoder BPEDecoder has no suffix');
  return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? '' : ' '));
}

/** so many of a sign from both ends; the original ends the program where a token has fewer signs than are taken */
function strip({ content, start, stop }: Part): Step {
  const [from, to] = [start ?? 0, stop ?? 0].map((count) =>
    Number.isSafeInteger(count) && (count as number) >= 0
      ? (count as number)
      : refuse('the decoder Strip has no counts'),
  ) as [number, number];
  if (typeof content !== 'string') return refuse('the decoder Strip has no sign');
  return (tokens) =>
    tokens.map((token) => {
      const signs = Array.from(token);
      let [first, end] = [0, signs.length];
      while (first < from && signs[first] === content) first++;
      while (end > first && signs.length - end < to && signs[end - 1] === content) end--;
      return signs.slice(first, end).join('');
    });
}

/**
 * @param part `decoder` of the file
 * @returns a function from tokens to their text
 */
export function decoderOf(part: unknown): (tokens: readonly string[]) => string {
  if (part === undefined || part === null) return (tokens) => tokens.join(' ');
  const steps = inOrder(part, 'decoders').map((one): Step => {
    const kind = kindOf(one);
    if (kind === 'ByteLevel') return byteLevel;
    if (kind === 'ByteFallback') return byteFallback;
    if (kind === 'BPEDecoder') return bpeDecoder(one);
    if (kind === 'Strip') return strip(one);
    if (kind === 'Fuse') return (tokens) => [tokens.join('')];
    if (kind !== 'Replace') return refuse(`the decoder ${kind} is not among those that the lab computes`);
    const replace = normalizerAlone(normalizerOf(one));
    return (tokens) => tokens.map(replace);
  });
  return (tokens) => steps.reduce((found, step) => step(found), [...tokens]).join('');
}
