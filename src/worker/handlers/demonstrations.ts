import type { Handlers } from '../../contract/protocol';
import { Random } from '../../core/tensor/random';
import { whatDoesNotFit } from '../../core/text/fitness';
import { storiesAsWished } from '../../core/text/wishes';
import { CheckedTextsSchema, count, parse, SeedSchema, WishSchema } from '../schemas';
import type { Session } from '../session';
import { fitted } from '../writing';

type DemonstrationHandlers = Pick<Handlers, 'finetune/demonstrations' | 'texts/check'>;

const MOST_DEMONSTRATIONS = 5000;

export const demonstrationHandlers = (session: Session): DemonstrationHandlers => ({
  'finetune/demonstrations': async ({ baseId, wish, count: wanted, seed }) => {
    const corpus = session.corpora.whole(session.shelf.memoryOf(baseId));
    const random = Random.fromSeed(parse(SeedSchema, seed)).fork('wish');
    const most = parse(count(0, MOST_DEMONSTRATIONS), wanted);
    const stories = await storiesAsWished(corpus, parse(WishSchema, wish), most, random, session.surroundings.breathe);
    const source = 'grammar' as const;
    return stories.map((story, i) => ({ demonstrationId: `wish/${seed}/${i}/${JSON.stringify(wish)}`, ...story, source }));
  },

  'texts/check': ({ baseId, texts }) =>
    session.lend(baseId, async ({ network, corpus }) => {
      const fitting = fitted(corpus, network.config);
      return parse(CheckedTextsSchema, texts).map(({ prompt, completions }) => whatDoesNotFit(fitting, prompt, completions));
    }),
});
