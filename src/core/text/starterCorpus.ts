/**
 * What a model that another program made reads before its visitor opens a text: it came with tokens and without texts.
 */
import type { TextConfig } from '../../contract/config';
import { STORIES, TEXT } from '../../contract/settings/lab';
import { defaultsOf } from '../../contract/settings/setting';
import { readable } from '../../contract/storyText';
import { Random } from '../tensor/random';
import type { Corpus, TextTokenizer } from './corpus';
import { writeStory } from './generator';
import { finish } from './steps';
import { storyRates } from './storyRates';
import { corpusOf, encodeAll } from './textCorpus';

const STORIES_WRITTEN = 400;
const SEED = 1;
const CONFIG: TextConfig = { ...defaultsOf(TEXT, 'tiny'), tokenizer: 'bpe' };

/** where such a model comes from, as checkpoints remember it; @param window tokens of a prompt and its continuation */
export const starterOrigin = (window: number) =>
  ({ kind: 'text', config: { ...CONFIG, textWindow: window }, seed: SEED }) as const;

/** Stories of the grammar as a person would print them. @returns the same for the same tokenizer and window */
export function starterCorpus(tokenizer: TextTokenizer, window: number): Corpus {
  const random = Random.fromSeed(SEED).fork('starter');
  const rates = storyRates(defaultsOf(STORIES, 'tiny'));
  const stories = Array.from({ length: STORIES_WRITTEN }, () => writeStory(random, rates));
  const text = stories.map(({ prompt, completion }) => readable(`${prompt} ${completion}`)).join('\n');
  const stream = finish(encodeAll(text, tokenizer));
  const corpus = corpusOf({ text, tokenizer, stream }, { ...CONFIG, textWindow: window }, window, SEED);
  return { ...corpus, summary: { ...corpus.summary, starter: true } };
}
