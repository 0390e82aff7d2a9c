/** Demonstrations from the stories: those that grant a wish. */
import { LIMITS } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import type { Demonstration, Wish } from '../../contract/preferences';
import type { Context } from '../context';
import { longWork } from '../page/longWork';
import type { DemonstrationsSlice } from '../state';
import { addDemonstrations, keyOf, needBase, whileBusy, wishWords } from './demonstrations';
import { hasPlace } from './room';

export const FIRST_WISH: Wish = { happy: false, polite: true, short: true, animal: null };

/** asks for more than are here, since the same seed draws the same stories first */
async function drawStories(context: Context, count: number): Promise<Demonstration[]> {
  const { config, demonstrations } = context.get();
  const { all, wish } = demonstrations;
  const asked = { baseId: needBase(context.get()), wish, count: count + all.length, seed: config.value.seed };
  const stories = await longWork(context, 'wishes', ({ context: { call } }) => call('finetune/demonstrations', asked));
  const here = context.get().demonstrations.all; // some may have been put back or taken out meanwhile
  const known = new Set(here.map(keyOf));
  const ids = new Set(here.map(({ demonstrationId }) => demonstrationId));
  const fresh = stories.filter((story) => !known.has(keyOf(story))).slice(0, count);
  return fresh.map((story) =>
    ids.has(story.demonstrationId) ? { ...story, demonstrationId: context.newId('wish') } : story,
  );
}

async function addStories(context: Context, asked: number): Promise<void> {
  const { demonstrations, notices } = context.get();
  if (!hasPlace(context, 'demonstrations')) return;
  const stories = await drawStories(context, asked);
  if (addDemonstrations(context, stories) < stories.length) return;
  const words = wishWords(demonstrations.wish);
  notices.toast(
    stories.length === asked
      ? `${countOf(asked, 'demonstration')} added: ${words}.`
      : `Only ${stories.length} more like that (${words}) turned up in the stories: the wish is rare.`,
  );
}

export const wishes = (context: Context): Pick<DemonstrationsSlice, 'setWish' | 'addWished'> => ({
  setWish: (wish) => context.patch('demonstrations', { wish: { ...context.get().demonstrations.wish, ...wish } }),
  addWished: (count) =>
    whileBusy(context, 'wishing', () => addStories(context, Math.min(LIMITS.wished, Math.max(1, Math.floor(count))))),
});
