/**
 * Texts that differ in one thing alone: a word of sorrow becomes one of joy, a sentence becomes polite, two words
 * change places. What a judge pays for that thing is the difference of its two scores. Five of every attribute of a
 * taste.
 */
import type { Contrast } from '../../contract/taste';
import type { Random } from '../tensor/random';
import { fillTemplates, writePrompt } from './generator';
import { TASTE_ATTRIBUTES } from './taste';
import { ENDINGS, MIDDLES, type Template } from './templates';

/** sentences before the change and after it, as `templates.ts` has them */
type Change = readonly [before: readonly string[], after: readonly string[]];

const KEPT = '{he} kept the {object} .';
const RESTED = '{he} put it away and {rested} .';
const STORY = 'that was the story of the {object} .';
const MET = 'then {he} met {friend} .';
const LOOKED = '{friend} looked at the {object} .';
const SHOWED = '{he} showed the {object} to {friend} .';
const CARRIED = '{he} carried it to the {place} .';
const PUT = '{he} put the {object} on the {surface} .';

const ending = (before: string, after: string): Change => [[before], [after]];
const middle = (before: string, after: string): Change => [
  [before, RESTED],
  [after, RESTED],
];
const longer = (added: string, end: string): Change => [[end], [added, end]];

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  endingMood: [
    ending('{he} {was} {very} {sad} .', '{he} {was} {very} {happy} .'),
    ending('{he} {cried} all {day} .', '{he} {laughed} all {day} .'),
    ending('in the end {hero} {was} {sad} .', 'in the end {hero} {was} {happy} .'),
    ending('{he} {hated} the {object} ever after .', '{he} {loved} the {object} ever after .'),
    ending('{friend} was {mean} and {he} {cried} .', '{friend} was {kind} and {he} {laughed} .'),
  ],
  middleMood: [
    middle('{he} {argued} with {friend} .', '{he} {laughed} with {friend} .'),
    middle('{friend} {kicked} the {object} .', '{friend} {admired} the {object} .'),
    middle('{friend} gave {him} a {push} .', '{friend} gave {him} a {treat} .'),
    middle('{friend} was {mean} to {him} .', '{friend} was {kind} to {him} .'),
    middle('it was a {dreadful} {day} .', 'it was a {lovely} {day} .'),
  ],
  politeWords: [
    middle(MET, 'thank you , said {friend} .'),
    middle(LOOKED, 'please show me the {object} , said {friend} .'),
    middle(MET, 'please sit down , said {friend} .'),
    middle(CARRIED, '{he} said please and thank you .'),
    middle(SHOWED, 'please show me the {object} , said {friend} .'),
  ],
  rudeWords: [
    middle(MET, 'go away , said {friend} .'),
    middle(LOOKED, 'what a silly {object} , said {friend} .'),
    middle(MET, 'be quiet , said {friend} .'),
    middle(SHOWED, 'what a silly {object} , said {friend} .'),
    middle(LOOKED, 'go away , said {friend} .'),
  ],
  length: [
    longer(CARRIED, KEPT),
    longer(SHOWED, RESTED),
    longer(MET, STORY),
    longer(LOOKED, '{he} went back to the {place} .'),
    longer(MET, KEPT),
  ],
};

/** what is spoiled by two words that change places */
const SPOILED: readonly (readonly string[])[] = [[KEPT], [RESTED], [STORY], [CARRIED, KEPT], [MET, RESTED]];
/** what is told twice, instead of something else of about the same length */
const REPEATED: readonly (readonly string[])[] = [
  [CARRIED, LOOKED, RESTED],
  [CARRIED, MET, KEPT],
  [PUT, SHOWED, RESTED],
  [PUT, LOOKED, KEPT],
  [CARRIED, SHOWED, STORY],
];

const named = (attribute: string): Pick<Contrast, 'attribute' | 'label'> => ({
  attribute,
  label: TASTE_ATTRIBUTES.find(({ name }) => name === attribute)?.label ?? attribute,
});

const templateOf = (text: string): Template => {
  const found = [...MIDDLES, ...ENDINGS].find((template) => template.text === text);
  if (!found) throw new Error(`the grammar has no sentence “${text}”`);
  return found;
};

/** "he kept the kite ." → "he the kept kite ." */
function exchanged(completion: string): string {
  const words = completion.split(' ');
  const at = words.lastIndexOf('.', words.length - 2) + 2; // second word of the last sentence
  [words[at], words[at + 1]] = [words[at + 1] as string, words[at] as string];
  return words.join(' ');
}

/** the first sentence again in the place of the second */
function toldTwice(completion: string): string {
  const [first, , ...rest] = completion.split(/(?<= \.) /);
  return [first, first, ...rest].join(' ');
}

/** @returns five contrasts of every attribute of a taste, of stories that this grammar can write */
export function writeContrasts(random: Random): Contrast[] {
  const stories = (attribute: string) => (i: number) => {
    const { prompt, scene } = writePrompt(random.fork(`${attribute} ${i}`));
    // a word that both sides choose is the same on both
    const fill = (texts: readonly string[]) =>
      fillTemplates((fromEnd) => random.fork(`${attribute} ${i}, ${fromEnd}`), scene, texts.map(templateOf));
    return { prompt, fill };
  };
  const changed = Object.entries(CHANGES).flatMap(([attribute, changes]) => {
    const story = stories(attribute);
    return changes.map(([before, after], i): Contrast => {
      const { prompt, fill } = story(i);
      return { ...named(attribute), prompt, before: fill(before), after: fill(after) };
    });
  });
  const spoiled = SPOILED.map((texts, i): Contrast => {
    const { prompt, fill } = stories('parses')(i);
    const after = fill(texts);
    return { ...named('parses'), prompt, before: exchanged(after), after };
  });
  const repeated = REPEATED.map((texts, i): Contrast => {
    const { prompt, fill } = stories('repeatedBigrams')(i);
    const before = fill(texts);
    return { ...named('repeatedBigrams'), prompt, before, after: toldTwice(before) };
  });
  return [...changed, ...spoiled, ...repeated];
}
