/**
 * Texts that differ in one thing alone, where no grammar could write them: texts of the model itself, each changed in one
 * thing that the visitor's own rater looks at. Five of every attribute, as far as there are texts that can be so changed;
 * a change that moves anything else that is looked at is not taken.
 */
import type { OwnTaste } from '../../contract/ownTaste';
import type { Contrast } from '../../contract/taste';
import { ownAttributes, ownVector } from './ownRater';

type Sides = readonly [before: string, after: string];
interface Written {
  prompt: string;
  completion: string;
}

const OF_EACH = 5;
const SAME = 1e-9;

/** words and what stands between them, in turn */
const piecesOf = (text: string): string[] => text.split(/(\s+)/);
const isWord = (piece: string): boolean => piece !== '' && !/^\s/.test(piece);

/** @returns the text for every place but the first and the last at which so many of its words can be others */
function replaced(text: string, count: number, by: (words: readonly string[], at: number) => string): string[] {
  const pieces = piecesOf(text);
  const places = [...pieces.keys()].filter((at) => isWord(pieces[at]!));
  return places.slice(1, -count).map((from, i) => {
    const to = places[i + count]!;
    const words = places.map((at) => pieces[at]!);
    return [...pieces.slice(0, from), by(words, i + 1), ...pieces.slice(to + 1)].join('');
  });
}

const withPhrase = (text: string, phrases: readonly string[]): Sides[] =>
  phrases.flatMap((phrase) =>
    replaced(text, piecesOf(phrase.trim()).filter(isWord).length, () => phrase.trim()).map(
      (after): Sides => [text, after],
    ),
  );

/** two words again where two others stood */
const toldTwice = (text: string): Sides[] =>
  replaced(text, 2, (words, at) => words.slice(at - 2, at).join(' ')).map((after): Sides => [text, after]);

/** without some of its words, the last one stays */
const shortened = (text: string): Sides[] => {
  const half = Math.floor(piecesOf(text).filter(isWord).length / 2);
  return [half, 3, 2].flatMap((count) =>
    count < 1 ? [] : replaced(text, count, () => '').map((before): Sides => [before.replace(/(\s)\s+/g, '$1'), text]),
  );
};

/** with the end of a sentence, or without */
const ended = (text: string): Sides[] => {
  const open = text.replace(/[\s.!?…。！？"'”’»)\]]+$/u, '');
  return open === '' ? [] : [[open, `${open}.`]];
};

/** of a text that fits the expression, one word another of its words */
const unfitting = (text: string): Sides[] =>
  replaced(text, 1, (words, at) => words[at - 1]!).map((before): Sides => [before, text]);

const CHANGES: Readonly<Record<string, (text: string, taste: OwnTaste) => Sides[]>> = {
  liked: (text, { liked }) => withPhrase(text, liked),
  disliked: (text, { disliked }) => withPhrase(text, disliked),
  length: shortened,
  repetition: toldTwice,
  ends: ended,
  pattern: unfitting,
};

/**
 * @param texts as the model writes them
 * @param fits  whether a completion is one that the judge can read whole
 */
export function writeOwnContrasts(
  taste: OwnTaste,
  texts: readonly Written[],
  fits: (completion: string) => boolean,
): Contrast[] {
  const attributes = ownAttributes(taste);
  return attributes.flatMap(({ name, label }, i) => {
    const found: Contrast[] = [];
    for (const { prompt, completion } of texts) {
      if (found.length === OF_EACH) break;
      const measured = (text: string) =>
        ownVector(taste, { before: prompt.slice(-1), completion: text, finished: true });
      const isOne = ([before, after]: Sides): boolean => {
        if (before === after || !fits(before) || !fits(after)) return false;
        const moved = measured(after).map((value, j) => value - measured(before)[j]!);
        return moved.every((by, j) => (j === i ? by > SAME : Math.abs(by) <= SAME));
      };
      const sides = CHANGES[name]?.(completion, taste).find(isOne);
      if (sides) found.push({ attribute: name, label, prompt, before: sides[0], after: sides[1] });
    }
    return found;
  });
}
