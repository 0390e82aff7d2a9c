/** What the votes say about taste, and the rule that labels pairs by it. */
import type { Ranking, TasteResult, Vote } from '../contract/preferences';
import type { Corpus } from '../core/text/corpus';
import { comparisonsFrom, pairsOf } from '../core/text/rankings';
import { finishTelling } from '../core/text/steps';
import { fittingTaste, type TasteFit, type TasteInput, tasteResult } from '../core/text/taste';
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

/** Every pair of a ranking as the vote for one side that it is, its better side on the left. */
export function votesOfRankings(rankings: readonly Ranking[]): Vote[] {
  return rankings.flatMap((ranking) =>
    comparisonsFrom([], [ranking])
      .flatMap(pairsOf)
      .map(({ prompt, chosen, rejected }, i) => {
        const { rankingId, source, rater, policyId, seconds, at } = ranking;
        const voteId = `${rankingId}/${i}`;
        const meta = { choice: 'a' as const, source, rater, swapped: false, repeatOf: null, policyId, seconds, at };
        return { voteId, pairId: voteId, prompt, a: chosen, b: rejected, ...meta };
      }),
  );
}

export interface Opinion {
  votes: readonly Vote[];
  vetoed: readonly string[];
  seed: number;
}

/** the pool is written only when there are votes enough to fit anything */
async function fitRule(writer: Writer, { votes, vetoed, seed }: Opinion, steps: Steps): Promise<TasteFit> {
  const input: TasteInput = { votes, vetoed, attributesOf: attributesIn(writer.corpus), pool: [] };
  const fitOn = (pool: TasteInput['pool']) => finishTelling(fittingTaste({ ...input, pool }), telling(steps));
  const first = await fitOn([]);
  if (first.kind === 'missing') return first;
  return fitOn(await candidatePairs(writer, POOL, seed, SAMPLING, steps.breathe, steps.tell));
}

/** for the page: the rule with its weights and examples, or what is missing for one */
export async function describeTaste(writer: Writer, opinion: Opinion, steps: Steps): Promise<TasteResult> {
  return tasteResult(await fitRule(writer, opinion, steps));
}

/** for training: how much the visitor would like a text; null when the votes do not say */
export async function tasteOf(writer: Writer, opinion: Opinion, steps: Steps): Promise<LabelRule | null> {
  const fitted = await fitRule(writer, opinion, steps);
  return fitted.kind === 'missing' ? null : fitted.taste;
}
