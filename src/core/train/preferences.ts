/**
 * From votes to pairs a reward model can learn from, and which of them it must not see. Pairs are held out by prompt: two
 * completions of one prompt on different sides would let the model remember instead of judge.
 */
import type { StoryAttributes, Vote } from '../../contract/domain';
import type { CausalNetwork } from '../model/causalNetwork';
import type { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { type Completion, complete } from './texts';

export type PairSource = 'human' | 'simulated' | 'rule';

export interface PreferencePair {
  prompt: string;
  chosen: string;
  rejected: string;
  source: PairSource;
}

/** How much someone likes a text with these attributes, in any unit. */
export type Taste = (attributes: StoryAttributes, text: { prompt: string; completion: string }) => number;

/** fewer votes than this teach nothing */
export const FEWEST_VOTES = 8;

/** Votes that say which text is better. Ties, both bad, equal texts and hidden repeats teach no order. */
export function pairsOf(votes: readonly Vote[]): PreferencePair[] {
  return votes.flatMap(({ prompt, a, b, choice, source, repeatOf }) => {
    if ((choice !== 'a' && choice !== 'b') || a === b || repeatOf !== null) return [];
    const [chosen, rejected] = choice === 'a' ? [a, b] : [b, a];
    return [{ prompt, chosen, rejected, source: source === 'simulated' ? 'simulated' : 'human' }];
  });
}

/** @returns pairs split by prompt, about `heldOutShare` of them held out, at least one on each side when there are two prompts */
export function splitByPrompt(
  pairs: readonly PreferencePair[],
  heldOutShare: number,
  random: Random,
): { train: PreferencePair[]; heldOut: PreferencePair[] } {
  const prompts = random.shuffle([...new Set(pairs.map(({ prompt }) => prompt))]);
  const wanted = heldOutShare > 0 ? Math.max(1, heldOutShare * pairs.length) : 0;
  const kept = new Set<string>();
  let count = 0;
  for (const prompt of prompts.slice(0, Math.max(0, prompts.length - 1))) {
    if (count >= wanted) break;
    kept.add(prompt);
    count += pairs.filter((pair) => pair.prompt === prompt).length;
  }
  return { train: pairs.filter(({ prompt }) => !kept.has(prompt)), heldOut: pairs.filter(({ prompt }) => kept.has(prompt)) };
}

/** completions of one prompt in the pool: each prompt gives six pairs */
const PER_PROMPT = 4;
const PROMPTS_AT_ONCE = 16;
/** pairs closer than this, in standard deviations of the taste over the pool, are too close to label (SCIENCE: tuned for tiny models) */
const CLEAR_DIFFERENCE = 0.3;

/** Completions of the base model, four to a prompt. */
async function writePool(base: CausalNetwork, corpus: Corpus, prompts: number, random: Random): Promise<Completion[][]> {
  const pool: Completion[][] = [];
  while (pool.length < prompts) {
    const group = corpus.prompts(random, PROMPTS_AT_ONCE);
    const repeated = group.flatMap((prompt) => new Array<string>(PER_PROMPT).fill(prompt));
    const texts = await complete(base, corpus, repeated, { temperature: 1, topK: 0, topP: 1 }, random);
    pool.push(...group.map((_, i) => texts.slice(i * PER_PROMPT, (i + 1) * PER_PROMPT)));
  }
  return pool;
}

const standardDeviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
};

/** All pairs within a group whose order is clear, the better text first. */
function labelGroup(group: readonly Completion[], liking: (text: Completion) => number, threshold: number): PreferencePair[] {
  return group.flatMap((first, i) =>
    group.slice(i + 1).flatMap((second) => {
      const difference = liking(first) - liking(second);
      if (Math.abs(difference) < threshold || first.completion === second.completion) return [];
      const [better, worse] = difference > 0 ? [first, second] : [second, first];
      return [{ prompt: better.prompt, chosen: better.completion, rejected: worse.completion, source: 'rule' as const }];
    }),
  );
}

/**
 * Labels pairs of the base model's texts by a rule inferred from the votes. Few clicks cannot teach a reward model; the rule,
 * fitted to a handful of attributes, can label as many pairs as it takes.
 * @returns at most `count` pairs; fewer when the rule hardly tells the texts apart, none on text without attributes
 */
export async function labelByRule(
  base: CausalNetwork,
  corpus: Corpus,
  taste: Taste,
  count: number,
  random: Random,
): Promise<PreferencePair[]> {
  const pool = await writePool(base, corpus, Math.ceil((1.6 * count) / (PER_PROMPT * 1.5)), random);
  const liking = (text: Completion): number => (text.attributes ? taste(text.attributes, text) : 0);
  const spread = standardDeviation(pool.flat().map(liking));
  if (!(spread > 0)) return [];
  const labelled = pool.flatMap((group) => labelGroup(group, liking, CLEAR_DIFFERENCE * spread));
  return random.shuffle(labelled).slice(0, count);
}
