/** A notebook in words: what it holds, what was left out of it, and what goes on otherwise than where it was saved. */
import type { Arithmetic } from '../../contract/config';
import { type EngineInfo, type RunKind, stepNoun } from '../../contract/domain';
import { inWords, shortened } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { groupsIn, votesIn } from '../../contract/preferences';
import type { Examined, FoundRun } from './examine';
import type { NotebookContents } from './notebookState';

export const RUN_NAMES: Record<RunKind, string> = {
  pretrain: 'Pretraining',
  finetune: 'Fine-tuning',
  reward: 'The reward model',
  ppo: 'PPO',
  dpo: 'DPO',
  bestOf: 'Best of N',
};

const standing = ({ record: { kind, state } }: FoundRun): string =>
  state
    ? `${RUN_NAMES[kind]}, ${stepNoun(kind)} ${inWords(state.step)} of ${inWords(state.totalSteps)}`
    : RUN_NAMES[kind];

export function holdings({
  settings,
  opinions,
  duels,
  demonstrations,
  models,
  runs,
  lessons: made,
}: Examined): string[] {
  const { lessons = {}, sweeps = {}, guide, classroom } = settings;
  const begun = { ...lessons, ...guide?.progress };
  const counted: (string | false)[] = [
    votesIn(opinions).length > 0 && countOf(votesIn(opinions).length, 'vote'),
    groupsIn(opinions).length > 0 && countOf(groupsIn(opinions).length, 'ranking'),
    demonstrations.length > 0 && countOf(demonstrations.length, 'demonstration'),
    models.length > 0 && countOf(models.length, 'model'),
    duels.length > 0 && `${countOf(duels.length, 'duel')} of the arena`,
    Object.keys(begun).length > 0 && `${countOf(Object.keys(begun).length, 'lesson')} with what came of them`,
    made.length > 0 && `what ${countOf(made.length, 'lesson')} made`,
    Object.keys(sweeps).length > 0 && countOf(Object.keys(sweeps).length, 'sweep'),
    classroom?.teacher != null && `the class ${classroom.teacher.code}`,
    classroom?.student != null && `votes in the class ${classroom.student.code}`,
    ...runs.map(standing),
  ];
  return counted.filter((words) => words !== false);
}

const ARITHMETIC_WORDS: Record<Arithmetic, string> = {
  'tf.js': 'tf.js',
  webgpu: 'a graphics card',
  wasm: 'WebAssembly',
  wasmFast: 'WebAssembly with products that round once',
};

/** whether a run goes on here with the rounding that it had; of another card's nobody knows */
function isKept(arithmetic: Arithmetic, { backend, executor, fast }: EngineInfo): boolean {
  if (arithmetic === 'webgpu') return backend === 'webgpu' && executor === 'fused';
  if (backend !== 'wasm') return false;
  if (arithmetic === 'wasmFast') return fast !== null;
  return arithmetic === 'tf.js' || executor === 'fused';
}

/** @returns null where it goes on to the same numbers */
export function noteOnRun({ record: { kind, state }, snapshots }: FoundRun, engine: EngineInfo | null): string | null {
  const arithmetic = snapshots.at(-1)?.arithmetic;
  if (!arithmetic || !engine || state?.status === 'done') return null;
  const begun = `${RUN_NAMES[kind]} was computed by ${ARITHMETIC_WORDS[arithmetic]}`;
  if (!isKept(arithmetic, engine))
    return `${begun}, which this machine does not use at the moment: from here the last digits may differ.`;
  return arithmetic === 'webgpu' ? `${begun}: on another card the last digits may differ from here.` : null;
}

/** @param found what is sound, @param taken what of it is not here yet */
export function contentsInWords(
  name: string,
  savedAt: number | null,
  found: Examined,
  taken: Examined,
  engine: EngineInfo | null,
): NotebookContents {
  const stays = found.runs
    .filter((run) => !taken.runs.includes(run))
    .map(({ record: { kind } }) => `${RUN_NAMES[kind]} is here already, and the run of the notebook is left in it.`);
  const notes = taken.runs.map((run) => noteOnRun(run, engine)).filter((note) => note !== null);
  return {
    name,
    savedAt,
    holds: holdings(found),
    leftOut: found.damaged.map(({ path, why }) => `${shortened(path)}: ${why}`),
    notes: [...stays, ...notes],
  };
}
