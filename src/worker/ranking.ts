/** Sets of completions to rank, and raters that rank them. */
import type { SamplingConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import type { CandidateSet, Ranking } from '../contract/preferences';
import { Random } from '../core/tensor/random';
import { rankByGold } from '../core/text/rankings';
import { tellsApart } from '../core/text/raters';
import type { Completion } from '../core/train/texts';
import { type SimulateOptions, saysSomething, type Tell, type Writer } from './pairing';
import { needGold, voterOf } from './raters';
import { write } from './writing';

/** completions written for each that is wanted: a few are the same text twice */
const SPARE = 1.5;
/** rounds of writing for sets that a policy repeats itself in; one that has collapsed may have nothing else to say */
const ROUNDS = 8;
/** sets that may be drawn for each one in which a rater finds a difference */
const TRIES_PER_RANKING = 20;

/**
 * @returns sets of `size` different completions of one prompt each, `count` of them unless the policy says the same
 * again and again
 */
async function writeSets(
  { network, corpus }: Writer,
  count: number,
  size: number,
  sampling: SamplingConfig,
  random: Random,
  breathe: () => Promise<void>,
  tell: Tell = () => {},
): Promise<Completion[][]> {
  const sets: Completion[][] = [];
  const written = Math.ceil(size * SPARE);
  for (let round = 0; sets.length < count && round <= ROUNDS; round++) {
    tell({ done: sets.length, total: count, label: 'writing groups' });
    if (round > 0) await breathe();
    const prompts = corpus.prompts(random, count - sets.length);
    const texts = await write(
      network,
      corpus,
      prompts.flatMap((prompt) => new Array<string>(written).fill(prompt)),
      sampling,
      random,
      breathe,
    );
    for (const [i] of prompts.entries()) {
      const own = texts.slice(i * written, (i + 1) * written).filter(saysSomething(corpus));
      const different = own.filter(
        (text, j) => own.findIndex(({ completion }) => completion === text.completion) === j,
      );
      if (different.length >= size) sets.push(different.slice(0, size));
    }
  }
  return sets;
}

/** @throws LabError('run/sameTexts') when the policy writes too few different texts */
export async function candidateSets(
  writer: Writer,
  count: number,
  size: number,
  seed: number,
  sampling: SamplingConfig,
  breathe: () => Promise<void>,
  tell?: Tell,
): Promise<CandidateSet[]> {
  const sets = await writeSets(writer, count, size, sampling, Random.fromSeed(seed).fork('sets'), breathe, tell);
  if (sets.length === 0 && count > 0)
    throw new LabError(
      'run/sameTexts',
      `To no prompt that was tried did this model write ${size} different texts. Ranking fewer may help.`,
    );
  return sets.map((texts, i) => ({
    setId: `${writer.policyId}/${size}/${seed}/${i}`,
    prompt: texts[0]!.prompt,
    completions: texts.map(({ completion }) => completion),
    policyId: writer.policyId,
  }));
}

/** @returns null when the rater finds no difference that shows its taste */
function ranksOf(
  texts: readonly Completion[],
  { corpus }: Writer,
  { rater, noise }: SimulateOptions,
  random: Random,
): number[] | null {
  const judged = texts.flatMap(({ prompt, completion, finished, attributes }) => {
    const gold = corpus.gold(rater, prompt, completion, finished);
    return gold === null ? [] : [{ attributes, gold }];
  });
  if (judged.length < texts.length) return null;
  const differs = judged.some((one, i) => judged.slice(i + 1).some((other) => tellsApart(rater, one, other)));
  if (!differs) return null;
  return rankByGold(
    judged.map(({ gold }) => gold),
    noise,
    random,
  );
}

/**
 * Rankings of a simulated rater, equal texts tied. Sets in which it finds no difference are drawn again, a bounded
 * number of times.
 * @throws LabError when the corpus has no gold score, or when the rater found no difference anywhere
 */
export async function simulateRankings(
  writer: Writer,
  size: number,
  options: SimulateOptions,
  breathe: () => Promise<void>,
  tell: Tell = () => {},
): Promise<Ranking[]> {
  const { rater, count, seed, sampling } = options;
  needGold(writer.corpus, rater);
  const random = Random.fromSeed(seed).fork('rank');
  const mistakes = random.fork('mistakes');
  const rankings: Ranking[] = [];
  for (let tries = 0; rankings.length < count && tries < count * TRIES_PER_RANKING; ) {
    const wanted = Math.max(4, count - rankings.length);
    tries += wanted;
    for (const texts of await writeSets(writer, wanted, size, sampling, random, breathe)) {
      const ranks = rankings.length < count ? ranksOf(texts, writer, options, mistakes) : null;
      if (!ranks) continue;
      rankings.push({
        rankingId: `${writer.policyId}/ranked/${size}/${seed}/${rankings.length}`,
        prompt: texts[0]!.prompt,
        completions: texts.map(({ completion }) => completion),
        ranks,
        strengths: null,
        source: 'simulated',
        rater: voterOf(rater),
        policyId: writer.policyId,
        seconds: 0,
        at: 0,
      });
    }
    tell({ done: rankings.length, total: count, label: 'writing and judging groups' });
    await breathe();
  }
  if (rankings.length === 0 && count > 0)
    throw new LabError('run/tooFewVotes', 'This rater could not tell any of these texts apart.');
  return rankings;
}
