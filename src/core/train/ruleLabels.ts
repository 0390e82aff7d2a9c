/**
 * Labels by a rule. Few clicks cannot teach a reward model, but they can tell a rule over seven attributes, and the
 * rule can then label as many texts of the base model as it takes.
 */
import type { SamplingConfig } from '../../contract/config';
import { append } from '../../contract/many';
import type { RulePair } from '../../contract/preferences';
import type { CausalNetwork } from '../model/causalNetwork';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import type { PreferencePair } from '../text/pairs';
import type { OnProgress } from '../text/steps';
import { labelByTaste, type Taste, type TextSet } from '../text/taste';
import { complete } from './texts';

/** a rule that can say how much it likes a text */
export type LabelRule = Pick<Taste, 'score'>;

/** completions of one prompt in the pool, which make six pairs */
const PER_PROMPT = 4;
const PAIRS_PER_PROMPT = 6;
const PROMPTS_AT_ONCE = 16;
/**
 * pairs in the pool for each one that is wanted: about a third are too close for the rule to call, and fewer repeats of
 * a text help
 */
const POOL_FACTOR = 2;
const AS_IS: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };
/** votes count this often beside the labels of a rule (tuned for tiny models) */
const VOTE_COPIES = 2;

/**
 * By which pairs are written and drawn: of one seed the same for every method, so that methods compare on the same
 * pairs.
 */
export const ruleRandom = (seed: number): Random => Random.fromSeed(seed).fork('reward').fork('rule labels');

/** What is learned from beside the labels of a rule: votes and rankings twice. */
export const besideRule = <T extends { source: PreferencePair['source'] }>(train: readonly T[]): T[] =>
  train.flatMap((one) => new Array<T>(one.source === 'rule' ? 1 : VOTE_COPIES).fill(one));

/** Texts of the base model in which there are so many pairs. */
async function writePool(
  base: CausalNetwork,
  corpus: Corpus,
  count: number,
  random: Random,
  onProgress: OnProgress,
): Promise<TextSet[]> {
  const pool: TextSet[] = [];
  const rounds = Math.ceil(count / (PROMPTS_AT_ONCE * PAIRS_PER_PROMPT));
  for (let round = 0; round < rounds; round++) {
    await onProgress({ done: pool.length * PAIRS_PER_PROMPT, total: count, label: 'writing pairs for the rule' });
    const prompts = corpus.prompts(random, PROMPTS_AT_ONCE);
    const repeated = prompts.flatMap((prompt) => new Array<string>(PER_PROMPT).fill(prompt));
    const texts = await complete(base, corpus, repeated, AS_IS, random);
    append(
      pool,
      prompts.map((prompt, i) => ({
        prompt,
        completions: texts.slice(i * PER_PROMPT, (i + 1) * PER_PROMPT).map(({ completion }) => completion),
      })),
    );
  }
  return pool;
}

/**
 * Labels pairs of fresh texts of the base model.
 * @returns at most `count` pairs; fewer when the rule hardly tells the texts apart, none on text without attributes
 */
export async function labelByRule(
  base: CausalNetwork,
  corpus: Corpus,
  rule: LabelRule,
  count: number,
  random: Random,
  onProgress: OnProgress = () => {},
): Promise<RulePair[]> {
  if (count <= 0) return [];
  const pool = await writePool(
    base,
    corpus,
    Math.max(POOL_FACTOR * count, PROMPTS_AT_ONCE * PAIRS_PER_PROMPT),
    random,
    onProgress,
  );
  return labelByTaste(rule, pool, count, random);
}
