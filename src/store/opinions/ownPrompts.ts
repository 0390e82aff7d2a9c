/** Prompts of the visitor's own: the models that write now answer each twice, and those pairs are shown next. */
import { LabError } from '../../contract/errors';
import { type Context, derivedSeed } from '../context';
import type { Course } from '../page/longWork';
import { pairWriters, roundStamp } from '../rounds/rounds';
import { canBeJudged } from './dealer';
import { NO_WRITER } from './room';
import { checkTexts } from './textCheck';

/** of one file; more than anybody votes on in a sitting */
export const MOST_ASKED = 64;

export interface AskedPrompts {
  pairs: number;
  left: number;
  /** of the first that was left out */
  why: string;
}

/** @returns what came of them: none where the model writes one text twice, or does not know a word of a prompt */
export async function askPrompts(
  context: Context,
  given: readonly string[],
  { context: asking }: Course,
): Promise<AskedPrompts> {
  const state = context.get();
  const writers = pairWriters(state);
  if (writers === null) throw new LabError('run/missingInput', NO_WRITER);
  const { policyId, againstId } = writers;
  const prompts = [...new Set(given)].slice(0, MOST_ASKED);
  const { seed, sampling } = state.config.value;
  const write = async (checkpointId: string, side: number): Promise<string[]> => {
    const asked = { checkpointIds: [checkpointId], prompts, sampling, seed: derivedSeed(seed, 'own prompts', side) };
    return (await asking.call('inspect/complete', asked))[0] ?? [];
  };
  const { turn } = state.pairs;
  const [first, second] = [await write(policyId, 2 * turn), await write(againstId ?? policyId, 2 * turn + 1)];
  const sets = prompts.map((prompt, i) => ({
    setId: context.newId('asked'),
    prompt,
    completions: [first[i] ?? '', second[i] ?? ''],
    ...writers,
    ...roundStamp(state),
  }));
  const verdicts = await checkTexts(asking, policyId, sets, true);
  const fit = sets.filter((one, i) => verdicts[i] === null && canBeJudged(one));
  context.patch('pairs', { queue: [...fit, ...context.get().pairs.queue] });
  const why = verdicts.find((verdict) => verdict !== null) ?? 'the model writes the same text twice';
  return { pairs: fit.length, left: sets.length - fit.length, why };
}
