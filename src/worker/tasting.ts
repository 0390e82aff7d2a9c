/** What the votes say about taste, and the rule that labels pairs by it. */
import type { Ranking, TasteResult } from '../contract/preferences';
import type { Corpus } from '../core/text/corpus';
import { finishTelling } from '../core/text/steps';
import { fittingTaste, pairVotes, type TasteFit, type TasteInput, tasteResult } from '../core/text/taste';
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

export interface TasteQuestion {
  opinions: readonly Ranking[];
  vetoed: readonly string[];
  seed: number;
}

/** the pool is written only when there are votes enough to fit anything */
async function fitRule(writer: Writer, { opinions, vetoed, seed }: TasteQuestion, steps: Steps): Promise<TasteFit> {
  const input: TasteInput = { votes: pairVotes(opinions), vetoed, attributesOf: attributesIn(writer.corpus), pool: [] };
  const fitOn = (pool: TasteInput['pool']) => finishTelling(fittingTaste({ ...input, pool }), telling(steps));
  const first = await fitOn([]);
  if (first.kind === 'missing') return first;
  return fitOn(await candidatePairs(writer, POOL, seed, SAMPLING, steps.breathe, steps.tell));
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
