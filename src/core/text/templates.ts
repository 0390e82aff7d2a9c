/**
 * The sentences of the micro-stories, once: the generator fills these templates, the checker matches text against them,
 * and the entropy counts them.
 *
 * A story is a prompt (who got what), 0–2 middle sentences and one ending. A slot in braces is either
 *   a choice  any word of the list of that name in `words.ts`, or
 *   bound     decided by the story so far: {he} {him} {was} follow the hero, {hero} names the hero ("they" for two),
 *             {object} repeats the prompt's object, {friend} is a further animal: once "the owl", then "his friend".
 */
import { CHOICES, type Choice } from './words';

export const BOUND_SLOTS = ['animal', 'partner', 'object', 'he', 'him', 'was', 'hero', 'friend'] as const;
export type BoundSlot = (typeof BOUND_SLOTS)[number];

export type Part =
  | { type: 'word'; word: string }
  | { type: 'choice'; choice: Choice }
  | { type: 'bound'; slot: BoundSlot };

export type Mood = -1 | 0 | 1;
export type MiddleKind = 'neutral' | 'happy' | 'sad' | 'polite' | 'rude';

export interface Template {
  text: string;
  parts: Part[];
}
export interface PromptTemplate extends Template {
  share: number;
  /** 1 or 2 animals got the object */
  heroes: 1 | 2;
}
export interface MiddleTemplate extends Template {
  kind: MiddleKind;
}
export interface EndingTemplate extends Template {
  mood: Mood;
}

const toPart = (token: string): Part => {
  const name = /^\{(\w+)\}$/.exec(token)?.[1];
  if (name === undefined) return { type: 'word', word: token };
  const slot = BOUND_SLOTS.find((bound) => bound === name);
  if (slot) return { type: 'bound', slot };
  if (name in CHOICES) return { type: 'choice', choice: name as Choice };
  throw new Error(`template slot {${name}} has no list of words`);
};
const compile = (text: string): Template => ({ text, parts: text.split(' ').map(toPart) });
const prompt = (heroes: 1 | 2, share: number, text: string): PromptTemplate => ({ ...compile(text), heroes, share });
const middles = (kind: MiddleKind, ...texts: string[]): MiddleTemplate[] =>
  texts.map((text) => ({ ...compile(text), kind }));
const endings = (mood: Mood, ...texts: string[]): EndingTemplate[] => texts.map((text) => ({ ...compile(text), mood }));

/** Shares add up to 1; a quarter of the stories has two heroes, hence "they" and "were". */
export const PROMPTS: readonly PromptTemplate[] = [
  prompt(1, 0.2, 'once a {character} {animal} {got} a {look} {object} .'),
  prompt(1, 0.15, 'in the {inside} the {animal} {got} a {object} .'),
  prompt(1, 0.1, 'by the {beside} the {animal} {got} a {object} .'),
  prompt(1, 0.15, 'one {weather} {day} the {animal} {got} a {object} .'),
  prompt(1, 0.15, 'one day the {character} {animal} {got} a {object} .'),
  prompt(2, 0.25, 'the {animal} and the {partner} {got} a {object} .'),
];

export const MIDDLES: readonly MiddleTemplate[] = [
  ...middles(
    'neutral',
    '{he} put the {object} on the {surface} .',
    '{he} carried it to the {place} .',
    '{he} showed the {object} to {friend} .',
    '{friend} looked at the {object} .',
    'then {he} met {friend} .',
  ),
  ...middles(
    'happy',
    '{he} {laughed} with {friend} .',
    '{friend} {admired} the {object} .',
    '{friend} gave {him} a {treat} .',
    '{friend} was {kind} to {him} .',
    'it was a {lovely} {day} .',
  ),
  ...middles(
    'sad',
    '{he} {argued} with {friend} .',
    '{friend} {kicked} the {object} .',
    '{friend} gave {him} a {push} .',
    '{friend} was {mean} to {him} .',
    'it was a {dreadful} {day} .',
    '{he} dropped the {object} in the {mud} .',
  ),
  ...middles(
    'polite',
    'thank you , said {friend} .',
    'please sit down , said {friend} .',
    'please show me the {object} , said {friend} .',
    '{he} said please and thank you .',
  ),
  ...middles(
    'rude',
    'go away , said {friend} .',
    'be quiet , said {friend} .',
    'what a silly {object} , said {friend} .',
  ),
];

export const ENDINGS: readonly EndingTemplate[] = [
  ...endings(
    1,
    '{he} {was} {very} {happy} .',
    '{he} {laughed} all {day} .',
    '{he} {hugged} {friend} and {laughed} .',
    'in the end {hero} {was} {happy} .',
    '{he} {loved} the {object} ever after .',
    '{he} {was} {happy} and {laughed} all {day} .',
    'it was a {lovely} {day} and {he} {laughed} .',
    '{friend} was {kind} and {he} {laughed} .',
  ),
  ...endings(
    -1,
    '{he} {was} {very} {sad} .',
    '{he} {cried} all {day} .',
    '{he} {blamed} {friend} and {cried} .',
    'in the end {hero} {was} {sad} .',
    '{he} {hated} the {object} ever after .',
    '{he} {was} {sad} and {cried} all {day} .',
    'it was a {dreadful} {day} and {he} {cried} .',
    '{friend} was {mean} and {he} {cried} .',
  ),
  ...endings(
    0,
    'then {he} went home with {friend} .',
    '{he} kept the {object} .',
    '{he} put it away and {rested} .',
    '{he} went back to the {place} .',
    'that was the story of the {object} .',
  ),
];
