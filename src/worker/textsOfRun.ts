/**
 * The one check that every way into a run goes through: votes, rankings and demonstrations, whether they were made
 * here, opened, restored or given to a lesson. A word that a model does not know would be dropped without a word, and
 * the rest learned.
 */
import type { RunSpec } from '../contract/domain';
import { LabError, type LabErrorCode } from '../contract/errors';
import { type Demonstration, groupsIn, type Ranking, type Vote, votesIn } from '../contract/preferences';
import type { Corpus } from '../core/text/corpus';
import {
  type AskedTexts,
  lookingForMisfit,
  type Room,
  roomToCompare,
  roomToShow,
  whatDoesNotFit,
} from '../core/text/fitness';
import { comparisonsFrom } from '../core/text/rankings';
import type { TrainingProgress } from '../core/text/steps';

/** what a tie, "both bad" or a hidden repeat says teaches nothing */
const textsOfVote = (vote: Vote): AskedTexts | null => (comparisonsFrom([vote]).length > 0 ? vote : null);

/** In steps. @returns "Vote 3 of 18: the model does not know “zebra”"; null when all that would be learned from fits */
export const unfitVote = (corpus: Corpus, whole: Corpus, opinions: readonly Ranking[]) =>
  lookingForMisfit(corpus, 'Vote', votesIn(opinions).map(textsOfVote), roomToCompare(corpus, whole));

export const unfitGroup = (corpus: Corpus, whole: Corpus, opinions: readonly Ranking[]) =>
  lookingForMisfit(corpus, 'Ranking', groupsIn(opinions), roomToCompare(corpus, whole));

/** is read, not learned from, and its end where it is long; tokens of an own text say that a word is unknown */
const firstUnfitPrompt = (corpus: Corpus, prompt: string): string | null => {
  if (corpus.kind === 'text') return null;
  const room: Room = { ...roomToShow(corpus), prompt: Number.POSITIVE_INFINITY };
  const trouble = whatDoesNotFit(corpus, prompt, [], room);
  return trouble && `The fixed prompt does not fit: ${trouble}`;
};

function assertNone(code: LabErrorCode, trouble: string | null): void {
  if (trouble !== null) throw new LabError(code, `${trouble}.`);
}

/** In steps. @throws LabError that names the first one that the model cannot be shown */
export function* assertDemonstrationsFit(
  corpus: Corpus,
  demonstrations: readonly Pick<Demonstration, 'prompt' | 'completion'>[],
): Generator<TrainingProgress, void> {
  const shown = demonstrations.map(({ prompt, completion }): AskedTexts => ({ prompt, completions: [completion] }));
  assertNone('file/demonstrations', yield* lookingForMisfit(corpus, 'Demonstration', shown, roomToShow(corpus)));
}

/**
 * In steps, since there may be a hundred thousand texts.
 * @param corpus fitted to the model that is to learn; `whole` before that
 * @param began whether the run was begun earlier: its fixed prompt is what it is
 * @throws LabError that names the first text that the model cannot learn from
 */
export function* assertTextsFit(
  spec: RunSpec,
  corpus: Corpus,
  whole: Corpus,
  began: boolean,
): Generator<TrainingProgress, void> {
  if (spec.kind === 'pretrain' && !began) assertNone('run/missingInput', firstUnfitPrompt(corpus, spec.fixedPrompt));
  if (spec.kind === 'finetune') yield* assertDemonstrationsFit(corpus, spec.demonstrations);
  if (spec.kind === 'reward' || spec.kind === 'dpo') {
    assertNone('run/votes', yield* unfitVote(corpus, whole, spec.opinions));
    assertNone('file/rankings', yield* unfitGroup(corpus, whole, spec.opinions));
  }
}
