import { LabError } from '../../contract/errors';
import { hasAtMost, inWords, LIMITS } from '../../contract/limits';
import type { Handlers } from '../../contract/protocol';
import { Random } from '../../core/tensor/random';
import { finishTelling } from '../../core/text/steps';
import { storyCorpusInSteps } from '../../core/text/storyCorpus';
import { createTextCorpus } from '../../core/text/textCorpus';
import { restoreForeign } from '../../core/text/textTokenizers';
import { count, StorySchema, TextSchema } from '../../formats/schemas';
import { decodeText } from '../../formats/text';
import { parse, SeedSchema } from '../schemas';
import type { Session } from '../session';
import { telling } from '../telling';

type CorpusHandlers = Pick<
  Handlers,
  'corpus/stories' | 'corpus/text' | 'corpus/checkpoint' | 'corpus/samples' | 'corpus/tokens'
>;

export const corpusHandlers = (session: Session): CorpusHandlers => ({
  'corpus/stories': async ({ config, seed }, course) => {
    const [checked, from] = [parse(StorySchema, config), parse(SeedSchema, seed)];
    if (session.corpora.knows(checked, from)) return session.corpora.takeStories(checked, from).summary;
    const corpus = await finishTelling(storyCorpusInSteps(checked, from), telling(session.steps(course)));
    return session.corpora.takeStories(checked, from, () => corpus).summary;
  },

  'corpus/text': async ({ bytes, config, contextLength, seed, tokensOf, shortens }, course) => {
    const known = tokensOf === undefined ? null : restoreForeign(session.shelf.memoryOf(tokensOf).tokenizer);
    const checked = parse(TextSchema, config);
    const length = parse(count(2, 1024), contextLength);
    const corpus = await createTextCorpus(
      decodeText(bytes),
      checked,
      length,
      parse(SeedSchema, seed),
      telling(session.steps(course)),
      known,
      shortens,
    );
    return session.corpora.takeText(corpus, checked, seed).summary;
  },

  'corpus/checkpoint': async ({ checkpointId }) => session.corpora.take(session.shelf.memoryOf(checkpointId)).summary,

  'corpus/samples': async ({ count: wanted, seed, shown = false }) => {
    const random = Random.fromSeed(parse(SeedSchema, seed)).fork('shown');
    const { current } = session.corpora;
    const draw = shown ? current.shown : current.samples;
    return draw(random, parse(count(0, 1000), wanted));
  },

  'corpus/tokens': async ({ text }) => {
    const { tokenizer } = session.corpora.current;
    if (!hasAtMost(text, LIMITS.shownText))
      throw new LabError('text/tooLong', `The token view takes texts up to ${inWords(LIMITS.shownText)} characters.`);
    return tokenizer.encode(text).map((id) => ({ id, text: tokenizer.tokenText(id) }));
  },
});
