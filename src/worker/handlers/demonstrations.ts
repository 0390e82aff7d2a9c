import { LIMITS } from '../../contract/limits';
import type { CallKind, Handlers } from '../../contract/protocol';
import { Random } from '../../core/tensor/random';
import { roomToCompare, whatDoesNotFit } from '../../core/text/fitness';
import { finish } from '../../core/text/steps';
import { grants, storiesAsWished } from '../../core/text/wishes';
import { trainingRow } from '../../core/train/trainingRow';
import { count } from '../../formats/schemas';
import { CheckedTextsSchema, PlainTextsSchema, parse, SeedSchema, WishSchema } from '../schemas';
import type { Session } from '../session';
import { assertDemonstrationsFit } from '../textsOfRun';
import { fitted } from '../writing';

type DemonstrationHandlers = Pick<Handlers, Extract<CallKind, `finetune/${string}`> | 'texts/check'>;

/** texts looked at between two chances to hear that nobody waits any more */
const CHECKED_PER_SLICE = 500;
/** as many new ones as are looked for in one go, beside all that may be here */
const MOST_DEMONSTRATIONS = LIMITS.demonstrations + LIMITS.wished;

export const demonstrationHandlers = (session: Session): DemonstrationHandlers => ({
  'finetune/demonstrations': async ({ baseId, wish, count: wanted, seed }, { breathe, tell }) => {
    const corpus = session.corpora.whole(session.shelf.memoryOf(baseId));
    const random = Random.fromSeed(parse(SeedSchema, seed)).fork('wish');
    const most = parse(count(0, MOST_DEMONSTRATIONS), wanted);
    const stories = await storiesAsWished(corpus, parse(WishSchema, wish), most, random, breathe, tell);
    const source = 'grammar' as const;
    return stories.map((story, i) => ({
      demonstrationId: `wish/${seed}/${i}/${JSON.stringify(wish)}`,
      ...story,
      source,
    }));
  },

  'finetune/row': ({ modelId, prompt, completion }) =>
    session.lend(modelId, async ({ network, corpus }) => {
      const [text] = parse(PlainTextsSchema, [{ prompt, completion }]);
      const fitting = fitted(corpus, network.config);
      finish(assertDemonstrationsFit(fitting, [text!]));
      return trainingRow(network, fitting, text!);
    }),

  'finetune/granted': async ({ baseId, wish, texts }) => {
    const corpus = fitted(
      session.corpora.readable(session.shelf.memoryOf(baseId)),
      session.shelf.get(baseId).info.model,
    );
    const wanted = parse(WishSchema, wish);
    return parse(PlainTextsSchema, texts).map(({ prompt, completion }) => {
      // else there was no room for an end
      const finished = corpus.tokenizer.encode(completion).length < corpus.completionLength;
      const attributes = corpus.attributes(prompt, completion, finished);
      return attributes !== null && grants(wanted, attributes);
    });
  },

  'texts/check': ({ baseId, texts, compared }, { breathe }) =>
    session.lend(baseId, async ({ network, corpus }) => {
      const fitting = fitted(corpus, network.config);
      const room = compared && roomToCompare(fitting, corpus);
      const verdicts: (string | null)[] = [];
      for (const { prompt, completions } of parse(CheckedTextsSchema, texts)) {
        verdicts.push(whatDoesNotFit(fitting, prompt, completions, room));
        if (verdicts.length % CHECKED_PER_SLICE === 0) await breathe();
      }
      return verdicts;
    }),
});
