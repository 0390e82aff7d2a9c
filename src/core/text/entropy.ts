/**
 * The exact entropy of the grammar: what the best possible model would still pay, the floor under every loss curve.
 *
 *   H(story) = H(prompt) + Σ over scenes P(scene) · H(completion | scene)        nats per story
 *   nats per token = H(story) / E[predicted tokens]            words of prompt and completion, and <eos>; not <bos>
 *
 * It is the entropy of one story as `writeStory` draws it, which is also what training rows and held-out rows hold. All
 * loss averages here are Σ nats / Σ tokens over many rows, so they compare with the ratio of the two expectations.
 *
 * Completions are counted by outline: mood, then one template per sentence. All fillings of an outline have the same
 * length and the same probability, and (tested) no two outlines write the same text, the mood being visible in the
 * ending. Completions that are too long are drawn again within their mood and number of sentences, so the probability
 * of the rest is divided by the share Z(mood, sentences) that fits.
 */
import type { StoryConfig } from '../../contract/config';
import { ENDINGS_OF_MOOD, MIDDLES_OF_KIND } from './generator';
import { MAX_COMPLETION_WORDS, MIDDLE_KINDS, MOODS, type StoryRates, storyRates } from './storyRates';
import { type Mood, PROMPTS, type Template } from './templates';
import { ANIMAL_NAMES, CHOICES, OBJECTS } from './words';

const ANIMALS = ANIMAL_NAMES.length;

/** nats of a template's free choices */
const choiceNats = (template: Template): number =>
  template.parts.reduce((sum, part) => sum + (part.type === 'choice' ? Math.log(CHOICES[part.choice].length) : 0), 0);
const names = (template: Template, slot: string): boolean =>
  template.parts.some((part) => part.type === 'bound' && part.slot === slot);
/** {friend} is two words, {hero} two for one hero ("the fox") and one for two ("they") */
const lengthOf = (template: Template, heroes: number): number =>
  template.parts.length + (names(template, 'friend') ? 1 : 0) + (heroes === 1 && names(template, 'hero') ? 1 : 0);

export const promptNats = (template: Template, share: number, heroes: number): number =>
  -Math.log(share) +
  choiceNats(template) +
  Math.log(ANIMALS) +
  (heroes === 2 ? Math.log(ANIMALS - 1) : 0) +
  Math.log(OBJECTS.length);

/**
 * A set of texts that share sentences' templates: `nats` is −log of the probability of each one of them before redraws.
 */
export interface Outline {
  probability: number;
  nats: number;
  length: number;
  friend: boolean;
}
export const EMPTY: Outline = { probability: 1, nats: 0, length: 0, friend: false };

/** @param heroes 1 or 2: it decides lengths and how many animals a friend may be */
export const extend = (outline: Outline, template: Template, probability: number, heroes: number): Outline => {
  const bindsFriend = names(template, 'friend') && !outline.friend;
  return {
    probability: outline.probability * probability,
    nats: outline.nats - Math.log(probability) + choiceNats(template) + (bindsFriend ? Math.log(ANIMALS - heroes) : 0),
    length: outline.length + lengthOf(template, heroes),
    friend: outline.friend || bindsFriend,
  };
};

function* outlines(rates: StoryRates, mood: Mood, middles: number, heroes: number, start = EMPTY): Generator<Outline> {
  if (middles === 0) {
    const endings = ENDINGS_OF_MOOD[mood];
    for (const template of endings) yield extend(start, template, 1 / endings.length, heroes);
    return;
  }
  for (const kind of MIDDLE_KINDS) {
    const templates = MIDDLES_OF_KIND[kind];
    const probability = rates.kind[mood][kind] / templates.length;
    if (probability === 0) continue;
    for (const template of templates) {
      yield* outlines(rates, mood, middles - 1, heroes, extend(start, template, probability, heroes));
    }
  }
}

/** Of the completions with this mood and number of sentences: the share that is short enough, and means over those. */
function summarise(rates: StoryRates, mood: Mood, middles: number, heroes: number) {
  let fits = 0;
  let nats = 0;
  let words = 0;
  for (const outline of outlines(rates, mood, middles, heroes)) {
    if (outline.length > MAX_COMPLETION_WORDS) continue;
    fits += outline.probability;
    nats += outline.probability * outline.nats;
    words += outline.probability * outline.length;
  }
  return { fits, nats: nats / fits + Math.log(fits), words: words / fits };
}

/** probability and summary of every (mood, number of middle sentences) that occurs */
export const branches = (rates: StoryRates, heroes: number) =>
  MOODS.flatMap((mood) =>
    rates.middles.flatMap((share, middles) => {
      const probability = rates.mood[mood] * share;
      return probability > 0 ? [{ mood, middles, probability, ...summarise(rates, mood, middles, heroes) }] : [];
    }),
  );

export interface StoryEntropy {
  natsPerToken: number;
  natsPerStory: number;
  /** of a story, without the prompt's part */
  natsPerCompletion: number;
  /** expected predicted tokens of a story, <eos> included */
  tokensPerStory: number;
}

/** @returns the exact entropy of the grammar with these knobs */
export function storyEntropy(config: StoryConfig): StoryEntropy {
  const rates = storyRates(config);
  let prompt = 0;
  let completion = 0;
  let tokens = 0;
  for (const heroes of [1, 2] as const) {
    const templates = PROMPTS.filter((template) => template.heroes === heroes);
    const share = templates.reduce((sum, template) => sum + template.share, 0);
    for (const template of templates) {
      prompt += template.share * promptNats(template, template.share, heroes);
      tokens += template.share * template.parts.length;
    }
    for (const branch of branches(rates, heroes)) {
      completion += share * branch.probability * (branch.nats - Math.log(branch.probability));
      tokens += share * branch.probability * branch.words;
    }
  }
  tokens += 1; // <eos>
  const natsPerStory = prompt + completion;
  return { natsPerToken: natsPerStory / tokens, natsPerStory, natsPerCompletion: completion, tokensPerStory: tokens };
}
