/**
 * A text as the walk that it is: from the visitor's last rollout of PPO, or, before there is one, written now by the
 * model that ships with the lab.
 */
import { maxOf } from '../../contract/many';
import type { RolloutRow } from '../../contract/observations';
import type { PpoBatch } from '../../contract/ppoBatch';
import type { LabState, TeachingSlice } from '../state';

export interface WrittenWord {
  text: string;
  /** π of the word where it was written; null where only its ratio to the reference is known */
  probability: number | null;
}

/** What stands in the right column of the table. */
export interface Writing {
  prompt: string;
  words: WrittenWord[];
  /** the word that the table speaks of */
  chosen: number;
  /** of the model that wrote it; null where the page does not know them */
  size: { words: number | null; parameters: number | null };
  /** null before there is a rollout: nobody judged the text */
  rollout: { row: RolloutRow; number: number; iteration: number } | null;
}

/** the word that turned out most unlike what the critic expected */
function tellingWord({ tokens }: RolloutRow): number {
  const sizes = tokens.map(({ advantage }) => Math.abs(advantage));
  return Math.max(0, sizes.indexOf(maxOf(sizes)));
}

/** @returns the visitor's last rollout; null before PPO has written any */
export function lastRollout({
  runs,
  corpus,
  shelf,
}: Pick<LabState, 'corpus' | 'shelf'> & { runs: Pick<LabState['runs'], 'ppo'> }): Writing | null {
  const { rollouts, spec } = runs.ppo;
  const baseId = spec?.kind === 'ppo' ? spec.baseId : null;
  const row = rollouts?.rows[0];
  if (!rollouts || !row || row.tokens.length === 0) return null;
  return {
    prompt: row.prompt,
    words: row.tokens.map(({ text }) => ({ text, probability: null })),
    chosen: tellingWord(row),
    size: {
      words: corpus.summary?.vocabSize ?? null,
      parameters: shelf.checkpoints.find(({ checkpointId }) => checkpointId === baseId)?.parameters ?? null,
    },
    rollout: { row, number: 1, iteration: rollouts.step },
  };
}

/**
 * @param batch what PPO was trained on last
 * @returns the text with how likely each of its words was, where the batch holds the same text; else as it was
 */
export function withChances(writing: Writing, batch: PpoBatch | null): Writing {
  const { rollout, words } = writing;
  if (!rollout || batch?.iteration !== rollout.iteration) return writing;
  const at = rollout.number - 1;
  const tokens = batch.rollouts[at]?.tokens ?? [];
  if (tokens.length !== words.length || tokens.some((token, i) => token !== words[i]!.text)) return writing;
  const chances = batch.tokens.logprobs.subarray(at * batch.length);
  return { ...writing, words: words.map(({ text }, i) => ({ text, probability: Math.exp(chances[i]!) })) };
}

const PROMPT = 'once a brave robin made a shiny key .';
/** so sure of itself that each word is among those whose probability is told */
const SAMPLING = { temperature: 0.5, topK: 20, topP: 1 };
/** words whose probability is asked one by one */
const MOST_WORDS = 24;

/** Lets the model that ships with the lab write one text, and asks how likely each word was. @throws LabError */
export async function shippedWriting(ask: TeachingSlice['ask']): Promise<Writing> {
  const { checkpointId, model, parameters } = await ask('shelf/shipped', { preset: 'tiny', aside: true });
  const asked = { checkpointIds: [checkpointId], prompts: [PROMPT], sampling: SAMPLING, seed: 1 };
  const [[completion = ''] = []] = await ask('inspect/complete', asked);
  const words = completion
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const written: WrittenWord[] = [];
  for (const [i, word] of words.entries()) {
    const text = [PROMPT, ...words.slice(0, i)].join(' ');
    const next = await ask('inspect/next', { checkpointId, text, sampling: SAMPLING });
    written.push({ text: word, probability: next.find((token) => token.text === word)?.probability ?? null });
  }
  return {
    prompt: PROMPT,
    words: written,
    chosen: Math.min(5, Math.max(0, words.length - 1)),
    size: { words: model.vocabSize, parameters },
    rollout: null,
  };
}
