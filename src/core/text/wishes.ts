/** Demonstrations from the grammar: stories as a visitor wishes all stories were, picked out of ordinary ones. */

import type { StoryAttributes } from '../../contract/domain';
import type { Wish } from '../../contract/preferences';
import type { Random } from '../tensor/random';
import type { Corpus } from './corpus';
import type { OnProgress } from './steps';

/** words; the shortest polite story has twelve, the average story thirteen */
export const SHORT_STORY_WORDS = 12;
/** stories drawn at once */
const DRAW = 2000;
/** stories looked at before a rare wish is given up, and with it what is missing: a few seconds' worth */
const MOST_DRAWN = 300_000;

/** Whether a story is as wished; only whole stories are. */
export function grants({ happy, polite, short, animal }: Wish, attributes: StoryAttributes): boolean {
  if (!attributes.parses) return false;
  if (happy && attributes.endingMood !== 1) return false;
  if (polite && (attributes.politeWords === 0 || attributes.rudeWords > 0)) return false;
  if (short && attributes.length > SHORT_STORY_WORDS) return false;
  return animal === null || (Object.hasOwn(attributes.mentions, animal) && attributes.mentions[animal]! > 0);
}

/**
 * Different stories of the grammar that grant a wish.
 * @param breathe called between draws, so that the thread stays reachable
 * @returns `count` of them, fewer when the wish is rare, none on text without attributes
 */
export async function storiesAsWished(
  corpus: Corpus,
  wish: Wish,
  count: number,
  random: Random,
  breathe: () => Promise<void>,
  tell: OnProgress = () => {},
): Promise<{ prompt: string; completion: string }[]> {
  if (corpus.kind !== 'stories') return [];
  const found = new Map<string, { prompt: string; completion: string }>();
  for (let drawn = 0; found.size < count && drawn < MOST_DRAWN; drawn += DRAW) {
    for (const { prompt, completion, attributes } of corpus.samples(random, DRAW))
      if (found.size < count && attributes && grants(wish, attributes))
        found.set(`${prompt} ${completion}`, { prompt, completion });
    tell({ done: found.size, total: count, label: 'looking through stories' });
    await breathe();
  }
  return [...found.values()];
}
