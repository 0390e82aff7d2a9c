/** What the votes say about taste, and the rule that labels pairs by it. */
import type { Pooling } from '../contract/config';
import { asksAnything, type OwnTaste } from '../contract/ownTaste';
import type { CandidateSet, Ranking, TasteResult } from '../contract/preferences';
import type { LearnedTaste } from '../contract/taste';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { Random } from '../core/tensor/random';
import { writeContrasts } from '../core/text/contrasts';
import type { Corpus } from '../core/text/corpus';
import { learnedWeights, learnedWeightsOf, type Measured } from '../core/text/learnedTaste';
import { writeOwnContrasts } from '../core/text/ownContrasts';
import { ownAttributes, ownVector } from '../core/text/ownRater';
import { finishTelling } from '../core/text/steps';
import { fittingTaste, pairVotes, type TasteFit, type TasteInput, tasteResult } from '../core/text/taste';
import { scoreTexts } from '../core/train/rewardReview';
import type { LabelRule } from '../core/train/ruleLabels';
import { candidatePairs, type Writer } from './pairing';
import { type Steps, telling } from './telling';

/** pairs of the policy on which the spread of every attribute is measured, and from which the examples are taken */
const POOL = 96;
const SAMPLING = { temperature: 1, topK: 0, topP: 1 };

/** whether a text ended by itself is not stored with a vote; the checker sees it in the text in all but rare cases */
const attributesIn =
  (corpus: Corpus): TasteInput['attributesOf'] =>
  (prompt, completion) =>
    corpus.attributes(prompt, completion, true);

/** only where there are no attributes, and it says anything */
const ownIn = ({ kind }: Corpus, own: OwnTaste | undefined): OwnTaste | undefined =>
  kind === 'text' && own && asksAnything(own) ? own : undefined;

export interface TasteQuestion {
  opinions: readonly Ranking[];
  vetoed: readonly string[];
  seed: number;
  /** of the visitor's own rater: what a rule is fitted to on text without attributes */
  own?: OwnTaste | undefined;
}

/** texts of the policy, two of one prompt each */
const writePool = (writer: Writer, seed: number, steps: Steps): Promise<CandidateSet[]> =>
  candidatePairs(writer, POOL, seed, SAMPLING, steps.breathe, steps.tell);

/** the pool is written only when there are votes enough to fit anything */
async function fitRule(
  writer: Writer,
  { opinions, vetoed, seed, own }: TasteQuestion,
  steps: Steps,
  poolOf = () => writePool(writer, seed, steps),
): Promise<TasteFit> {
  const input: TasteInput = {
    votes: pairVotes(opinions),
    vetoed,
    attributesOf: attributesIn(writer.corpus),
    own: ownIn(writer.corpus, own),
    pool: [],
  };
  const fitOn = (pool: TasteInput['pool']) => finishTelling(fittingTaste({ ...input, pool }), telling(steps));
  const first = await fitOn([]);
  if (first.kind === 'missing') return first;
  return fitOn(await poolOf());
}

/** for the page: the rule with its weights and examples, or what is missing for one */
export async function describeTaste(writer: Writer, question: TasteQuestion, steps: Steps): Promise<TasteResult> {
  return tasteResult(await fitRule(writer, question, steps));
}

/** for training: how much the visitor would like a text; null when the votes do not say */
export async function tasteOf(writer: Writer, question: TasteQuestion, steps: Steps): Promise<LabelRule | null> {
  const fitted = await fitRule(writer, question, steps);
  return fitted.kind === 'missing' ? null : fitted.taste;
}

/** A reward model that is asked what it pays for. */
export interface Judge {
  network: CausalNetwork;
  corpus: Corpus;
  pooling: Pooling;
}

/** what an own rater looks at, of every text */
function measuredBy(own: OwnTaste, texts: readonly { prompt: string; completion: string }[]): Measured[] {
  const vectors = texts.map(({ prompt, completion }) =>
    ownVector(own, { before: prompt.slice(-1), completion, finished: true }),
  );
  return ownAttributes(own).map(({ name, label }, i) => ({ name, label, values: vectors.map((vector) => vector[i]!) }));
}

/** whether a completion is read whole, every word of it known */
const readableBy =
  ({ corpus: { tokenizer, completionLength } }: Judge) =>
  (completion: string): boolean => {
    const { length } = tokenizer.encode(completion);
    return length > 0 && length <= completionLength && tokenizer.unknownWords(completion).length === 0;
  };

/** what the votes ask for beside what the judge pays for, on the same texts; and texts that differ in one thing alone */
export async function learnedTaste(
  writer: Writer,
  judge: Judge,
  question: Omit<TasteQuestion, 'vetoed'>,
  steps: Steps,
): Promise<LearnedTaste> {
  const pool = await writePool(writer, question.seed, steps);
  const fit = await fitRule(writer, { ...question, vetoed: [] }, steps, async () => pool);
  const texts = pool.flatMap(({ prompt, completions }) => completions.map((completion) => ({ prompt, completion })));
  const attributesOf = attributesIn(judge.corpus);
  const known = texts.flatMap((text) => {
    const attributes = attributesOf(text.prompt, text.completion);
    return attributes ? [{ ...text, attributes }] : [];
  });
  const scoreAll = (all: readonly { prompt: string; completion: string }[]) => {
    steps.tell({ done: 0, total: 0, label: 'scoring texts' });
    return scoreTexts(judge.network, judge.corpus, all, judge.pooling, steps.breathe);
  };
  const own = ownIn(judge.corpus, question.own);
  const judged = own ? texts : known;
  const scores = await scoreAll(judged);
  const contrasts = own
    ? writeOwnContrasts(own, texts, readableBy(judge))
    : known.length > 0
      ? writeContrasts(Random.fromSeed(question.seed).fork('contrasts'))
      : [];
  const sides = contrasts.flatMap(({ prompt, before, after }) => [
    { prompt, completion: before },
    { prompt, completion: after },
  ]);
  const paid = await scoreAll(sides);
  return {
    voted: tasteResult(fit),
    texts: judged.length,
    weights: own
      ? learnedWeightsOf(measuredBy(own, texts), scores)
      : learnedWeights(known.map(({ attributes }, i) => ({ attributes, score: scores[i]! }))),
    contrasts: contrasts.map((one, i) => ({ ...one, scores: { before: paid[2 * i]!, after: paid[2 * i + 1]! } })),
  };
}
