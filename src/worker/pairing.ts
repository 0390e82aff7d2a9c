/** Pairs to choose between, and raters that choose. */

import type { SamplingConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { type CandidateSet, type Rater, ranksOfChoice, type Vote } from '../contract/preferences';
import type { Course } from '../contract/protocol';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { Random } from '../core/tensor/random';
import type { Corpus } from '../core/text/corpus';
import { simulateChoice, tellsApart } from '../core/text/raters';
import type { Completion } from '../core/train/texts';
import { needGold, voterOf } from './raters';
import { write } from './writing';

/** told how far the work is */
export type Tell = Course['tell'];

/** A network that writes, with the corpus its prompts come from. */
export interface Writer {
  policyId: string;
  network: CausalNetwork;
  corpus: Corpus;
  /** writes the second text of every pair */
  against?: { policyId: string; network: CausalNetwork };
}

/**
 * a pair whose sides are the same text is drawn again this often; a policy that has collapsed may have nothing else to
 * say
 */
const REDRAWS = 8;
/** then so many prompts are asked at once, a few times: a model may know most of a small text by heart, but not all */
const MANY = 16;
const WIDE_REDRAWS = 4;
/** pairs that may be drawn for each one that a rater can tell apart */
const TRIES_PER_VOTE = 40;

export interface WrittenPair {
  first: Completion;
  second: Completion;
}

/** where texts have no end of their own an empty one is all padding: there is nothing to compare */
export const saysSomething =
  ({ tokenizer }: Corpus) =>
  ({ completion }: Completion): boolean =>
    tokenizer.eosId !== null || completion !== '';

/**
 * @returns pairs of different completions of the same prompt, `count` of them unless the policy says the same again and
 * again
 */
export async function writePairs(
  { network, corpus, against }: Writer,
  count: number,
  sampling: SamplingConfig,
  random: Random,
  breathe: () => Promise<void>,
  tell: Tell = () => {},
): Promise<WrittenPair[]> {
  const pairs: WrittenPair[] = [];
  const says = saysSomething(corpus);
  const redraws = REDRAWS + (count < MANY ? WIDE_REDRAWS : 0);
  for (let round = 0; pairs.length < count && round <= redraws; round++) {
    tell({ done: pairs.length, total: count, label: 'writing pairs' });
    if (round > 0) await breathe();
    const asked = round <= REDRAWS ? count - pairs.length : MANY;
    const prompts = corpus.prompts(random, asked);
    const by = (writer: CausalNetwork, all: string[]) => write(writer, corpus, all, sampling, random, breathe);
    const texts = against
      ? [...(await by(network, prompts)), ...(await by(against.network, prompts))]
      : await by(network, [...prompts, ...prompts]);
    for (let i = 0; i < asked && pairs.length < count; i++) {
      const [first, second] = [texts[i], texts[asked + i]];
      if (first && second && first.completion !== second.completion && [first, second].every(says))
        pairs.push({ first, second });
    }
  }
  return pairs;
}

/** whose texts the pairs are */
const writersOf = ({ policyId, against }: Writer) => ({ policyId, ...(against && { againstId: against.policyId }) });
const nameOf = ({ policyId, against }: Writer): string => (against ? `${policyId}/${against.policyId}` : policyId);

/** @throws LabError('run/sameTexts') when the policy writes one text only, whatever it is asked */
export async function candidatePairs(
  writer: Writer,
  count: number,
  seed: number,
  sampling: SamplingConfig,
  breathe: () => Promise<void>,
  tell?: Tell,
): Promise<CandidateSet[]> {
  const pairs = await writePairs(writer, count, sampling, Random.fromSeed(seed).fork('pairs'), breathe, tell);
  if (pairs.length === 0 && count > 0)
    throw new LabError('run/sameTexts', 'To every prompt that was tried, this model wrote the same text both times.');
  return pairs.map(({ first, second }, i) => ({
    setId: `${nameOf(writer)}/${seed}/${i}`,
    prompt: first.prompt,
    completions: [first.completion, second.completion],
    ...writersOf(writer),
  }));
}

export interface SimulateOptions {
  rater: Rater;
  count: number;
  /** share of flipped choices */
  noise: number;
  seed: number;
  sampling: SamplingConfig;
}

function voteOf(
  pair: WrittenPair,
  writer: Writer,
  { rater, noise, seed }: SimulateOptions,
  random: Random,
  index: number,
): Vote | null {
  const [one, two] = [pair.first, pair.second].map(({ prompt, completion, finished, attributes }) => {
    const gold = writer.corpus.gold(rater, prompt, completion, finished);
    return gold === null ? null : { completion, attributes, gold };
  });
  if (!one || !two || !tellsApart(rater, one, two)) return null;
  const swapped = random.next() < 0.5;
  const [left, right] = swapped ? [two, one] : [one, two];
  return {
    rankingId: `${nameOf(writer)}/simulated/${seed}/${index}`,
    pairId: `${nameOf(writer)}/simulated/${seed}/${index}`,
    prompt: pair.first.prompt,
    completions: [left.completion, right.completion],
    ...ranksOfChoice(simulateChoice(left.gold, right.gold, noise, random)),
    source: 'simulated',
    rater: voterOf(rater),
    swapped,
    repeatOf: null,
    ...writersOf(writer),
    seconds: 0,
    at: 0,
    strengths: null,
  };
}

/**
 * Votes of a simulated rater. Pairs it cannot tell apart are dropped and drawn again, a bounded number of times.
 * @throws LabError when the corpus has no gold score, or when the rater found no difference anywhere
 */
export async function simulateVotes(
  writer: Writer,
  options: SimulateOptions,
  breathe: () => Promise<void>,
  tell: Tell = () => {},
): Promise<Vote[]> {
  needGold(writer.corpus, options.rater);
  const random = Random.fromSeed(options.seed).fork('simulate');
  const choices = random.fork('choices');
  const votes: Vote[] = [];
  for (let tries = 0; votes.length < options.count && tries < options.count * TRIES_PER_VOTE; ) {
    const batch = Math.min(128, Math.max(16, options.count - votes.length));
    tries += batch;
    for (const pair of await writePairs(writer, batch, options.sampling, random, breathe)) {
      const vote = votes.length < options.count ? voteOf(pair, writer, options, choices, votes.length) : null;
      if (vote) votes.push(vote);
    }
    tell({ done: votes.length, total: options.count, label: 'writing and judging pairs' });
    await breathe();
  }
  if (votes.length === 0 && options.count > 0)
    throw new LabError('run/tooFewVotes', 'This rater could not tell any two texts of this model apart.');
  return votes;
}
