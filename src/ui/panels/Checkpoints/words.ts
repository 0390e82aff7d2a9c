import type { AdapterMeta, TrunkRef } from '../../../contract/adapters';
import type { CheckpointInfo, Role, SourceCounts } from '../../../contract/domain';
import { countOf, plural } from '../../../contract/numbers';
import { METHODS } from '../../../store/models/configDiff';
import { isForeign } from '../../../store/models/isForeign';
import { LESSON, MODELS_ON_IT, SWEEP } from '../../../store/models/roles';
import { formatBytes, formatCount, formatInteger } from '../../primitives/format';

const SOURCE_WORDS: Record<keyof SourceCounts, string> = {
  human: 'by you',
  simulated: 'by a simulated rater',
  imported: 'from files',
  grammar: 'from the stories',
};

/**
 * "24 choices: 12 by you, 12 by a simulated rater, ties and repeats included", for those are among what is recorded, and
 * teach nothing; null when it learned from the corpus alone
 */
export function learnedFrom({ lineage }: CheckpointInfo): string | null {
  const counts = Object.entries(lineage?.sources ?? {}) as [keyof SourceCounts, number][];
  if (counts.length === 0) return null;
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  const isShown = lineage?.recipe.kind === 'finetune';
  const from = counts.map(([source, count]) => `${formatInteger(count)} ${SOURCE_WORDS[source]}`).join(', ');
  return `${countOf(sum, isShown ? 'demonstration' : 'choice')}: ${from}${isShown ? '' : ', ties and repeats included'}`;
}

/** "adapters of rank 8 beside 8 matrices; the model is both, merged"; @param trunk whose weights lie in its own file */
export function adapterWords({ changes, saved }: AdapterMeta, trunk?: TrunkRef): string {
  const all = Object.values(changes);
  const ranks = [...new Set(all.map(({ rank }) => rank))].sort((one, other) => one - other);
  const adapters = `adapters of ${plural(ranks.length, 'rank')} ${listed(ranks.map(String))}`;
  const whole = saved.length === 0 ? '' : `, ${countOf(saved.length, 'layer')} trained whole`;
  return `${adapters} beside ${countOf(all.length, 'matrix', 'matrices')}${whole}; ${trunk ? `its file has these alone, the rest is ${trunk.name}` : 'the model is both, merged'}`;
}

const dateOf = (madeAt: number): string =>
  new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** How it came here: "PPO, 2 Jan 2026, 14:02, opened from a.safetensors". */
export function originWords(info: CheckpointInfo): string {
  const { lineage, shipped, importedFrom, madeAt } = info;
  const method = lineage
    ? METHODS[lineage.recipe.kind]
    : shipped
      ? 'ships with the page'
      : isForeign(info)
        ? 'another program'
        : 'how it was made was not recorded';
  const parts = [
    method,
    madeAt === null ? null : dateOf(madeAt),
    importedFrom === null ? null : `opened from ${importedFrom}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** "2 layers, width 64, 2 heads, 214 tokens, 0.12 M parameters, 480 kB" */
export const sizeWords = ({ model, parameters, bytes }: CheckpointInfo): string =>
  [
    countOf(model.layers, 'layer'),
    `width ${model.width}`,
    countOf(model.heads, 'head'),
    countOf(model.vocabSize, 'token'),
    `${formatCount(parameters)} parameters`,
    formatBytes(bytes),
  ].join(', ');

/** One sentence for the top of the drawer: what is here, and from what the next run of PPO begins. */
export function shelfSentence(checkpoints: readonly CheckpointInfo[], roles: Record<Role, string | null>): string {
  const bytes = checkpoints.reduce((sum, info) => sum + info.bytes, 0);
  const here = `${countOf(checkpoints.length, 'model')}, ${formatBytes(bytes)}.`;
  const nameOf = (role: Role) => checkpoints.find(({ checkpointId }) => checkpointId === roles[role])?.name ?? null;
  const [policy, reference, judge] = [nameOf('policy'), nameOf('reference'), nameOf('rewardModel')];
  if (policy === null || reference === null)
    return `${here} None of them writes for the next run yet: choose a policy.`;
  const near = reference === policy ? 'keeps near it' : `keeps near ${reference}`;
  return `${here} The next run begins from ${policy}, ${near}, and is judged by ${judge ?? 'nobody yet'}.`;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * @param users what is not over, runs, the lesson and the sweep: "Not deleted before DPO and Best of N are over or
 * reset."
 */
export function keptUntil(users: readonly string[]): string {
  const runs = users.filter((user) => ![LESSON, SWEEP, MODELS_ON_IT].includes(user));
  const ends = [
    ...(runs.length > 0 ? [`${listed(runs)} ${plural(runs.length, 'is', 'are')} over or reset`] : []),
    ...(users.includes(LESSON) ? ['the lesson is over or cancelled'] : []),
    ...(users.includes(SWEEP) ? ['the sweep is over or cancelled'] : []),
    ...(users.includes(MODELS_ON_IT) ? ['the models that learned on it are deleted'] : []),
  ];
  return `Not deleted before ${ends.join(' and ')}.`;
}
