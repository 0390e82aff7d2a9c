import { VOTES_NEEDED } from '../../contract/enough';
import type { Ranking } from '../../contract/preferences';
import type { Handlers } from '../../contract/protocol';
import { countingAgreement } from '../../core/text/agreement';
import { tasteText } from '../../core/text/ownRater';
import { comparisonsFrom, countPairs, pairsOf } from '../../core/text/rankings';
import { finishTelling } from '../../core/text/steps';
import { OpinionsSchema, OwnTasteSchema } from '../../formats/opinionSchemas';
import { readRater, readTaste, troubleOf } from '../raters';
import { PlainTextsSchema, parse, SeedSchema, VetoedSchema } from '../schemas';
import type { Session } from '../session';
import { describeTaste, learnedTaste } from '../tasting';
import { telling } from '../telling';
import { unfitGroup, unfitVote } from '../textsOfRun';
import { fitted } from '../writing';
import { writingIn } from './compare';
import { needJudge } from './needs';

type TasteHandlers = Pick<Handlers, 'taste/infer' | 'taste/learned' | 'taste/agreement' | 'taste/own'>;

/** What the votes say of who voted. */
export const tasteHandlers = (session: Session): TasteHandlers => ({
  'taste/infer': ({ opinions, vetoed, policyId, seed, own }, course) =>
    writingIn(session)(policyId, async (writer) => {
      const all = parse(OpinionsSchema, opinions) as Ranking[];
      const fitting = fitted(writer.corpus, writer.network.config);
      const steps = session.steps(course);
      await course.breathe();
      const trouble =
        (await finishTelling(unfitVote(fitting, writer.corpus, all), telling(steps))) ??
        (await finishTelling(unfitGroup(fitting, writer.corpus, all), telling(steps)));
      if (trouble)
        return {
          kind: 'missing',
          usableVotes: countPairs(comparisonsFrom(all)),
          needed: VOTES_NEEDED,
          sentence: `${trouble}. So no rule can be guessed.`,
        };
      return describeTaste(
        writer,
        { opinions: all, vetoed: parse(VetoedSchema, vetoed), seed: parse(SeedSchema, seed), own: readTaste(own) },
        steps,
      );
    }),

  'taste/learned': ({ opinions, rewardId, policyId, seed, own }, course) =>
    writingIn(session)(policyId, (writer) =>
      session.lend(rewardId, async ({ network, corpus }, info) => {
        needJudge(network);
        await course.breathe();
        const judge = { network, corpus, pooling: info?.pooling ?? 'last' };
        const question = {
          opinions: parse(OpinionsSchema, opinions) as Ranking[],
          seed: parse(SeedSchema, seed),
          own: readTaste(own),
        };
        return learnedTaste(writer, judge, question, session.steps(course));
      }),
    ),

  'taste/own': ({ taste, texts, policyId }) =>
    session.lend(policyId, async ({ corpus }) => {
      const asked = parse(OwnTasteSchema, taste);
      const trouble = troubleOf(asked);
      if (trouble !== null) return { tasted: [], trouble };
      const joined = corpus.kind === 'text';
      const tasted = parse(PlainTextsSchema, texts).map(({ prompt, completion }) =>
        tasteText(asked, { before: joined ? prompt.slice(-1) : '', completion, finished: true }),
      );
      return { tasted, trouble: null };
    }),

  'taste/agreement': ({ opinions, rater, policyId }, course) =>
    session.lend(policyId, async ({ corpus }) => {
      const pairs = comparisonsFrom(parse(OpinionsSchema, opinions) as Ranking[]).flatMap(pairsOf);
      return finishTelling(countingAgreement(corpus, readRater(rater), pairs), telling(session.steps(course)));
    }),
});
