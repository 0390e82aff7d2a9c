/**
 * Models that learn from the votes of a class: a reward model and, by DPO, a policy for each selection of students.
 * They stand in Checkpoints like any other; the visitor's own votes, runs and roles stay as they are.
 */
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import { CLASS_SAMPLING } from '../../contract/classroom';
import type { RunSpec } from '../../contract/domain';
import { levelsOf } from '../../contract/enough';
import type { RewardReview } from '../../contract/observations';
import { toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { CalledOff, Conductor } from '../lessons/conductor';
import { threadRun } from '../lessons/threadRun';
import { onePerLab } from '../onePerLab';
import { countsBeside } from '../page/beside';
import { classroomOf } from './classroom';
import { type Arm, armsOf, type Selection } from './selection';
import { countedVotes } from './taken';

/** What came of one selection. */
export interface TrainedArm {
  name: string;
  votes: number;
  rewardId: string;
  policyId: string;
  /** of the reward model on votes that it did not learn from; null where there are none */
  heldOut: { accuracy: number; pairs: number } | null;
  /** what the policy writes to each of the prompts that all are asked */
  texts: readonly string[];
}

export interface ClassTraining {
  /** what is being trained, and how far it is; null while nothing is */
  live: { name: string; what: 'reward model' | 'policy'; step: number; totalSteps: number } | null;
  trouble: string | null;
  prompts: readonly string[];
  /** what the model writes that all of them began as */
  before: readonly string[];
  trained: readonly TrainedArm[];
  train(selection: Selection): Promise<void>;
  cancel(): Promise<void>;
}

/** prompts on which the policies are laid side by side */
const PROMPTS = 3;

type Patch = (fields: Partial<ClassTraining>) => void;

interface Workshop {
  lab: Lab;
  conductor: Conductor;
  baseId: string;
  patch: Patch;
}

/** a run whose model goes to Checkpoints; @returns its id */
async function trainOne(
  { lab, conductor, patch }: Workshop,
  name: string,
  spec: RunSpec,
  hear: (review: RewardReview) => void = () => {},
): Promise<string> {
  const what = spec.kind === 'reward' ? 'reward model' : 'policy';
  await conductor.turn();
  const tell = ({ step, totalSteps }: { step: number; totalSteps: number }) =>
    patch({ live: { name, what, step, totalSteps } });
  const run = await threadRun(lab.client(), lab.newId('class'), { spec }, { state: tell, review: hear });
  try {
    tell({ step: 0, totalSteps: run.totalSteps });
    const { checkpointId } = await conductor.play(run, run.totalSteps);
    if (checkpointId === null) throw new Error('the model was not kept');
    await lab.getState().shelf.rename(checkpointId, `${name}: ${what}`);
    return checkpointId;
  } finally {
    await run.dispose();
  }
}

async function trainArm(workshop: Workshop, { name, votes }: Arm): Promise<Omit<TrainedArm, 'texts'>> {
  const { lab, baseId } = workshop;
  const { seed, reward, dpo } = lab.getState().config.value;
  // few votes teach little by themselves: the rule that is fitted to them helps, as on Reward model
  const rule = { vetoed: [], useRule: votes.length < levelsOf(false).start };
  let heldOut: TrainedArm['heldOut'] = null;
  const hear = ({ accuracy, heldOutPairs: pairs }: RewardReview) => {
    heldOut = pairs > 0 ? { accuracy, pairs } : null;
  };
  const common = { seed, baseId, opinions: votes, ...rule, rater: null };
  const rewardId = await trainOne(workshop, name, { kind: 'reward', config: reward, ...common }, hear);
  const policyId = await trainOne(workshop, name, { kind: 'dpo', config: dpo, ...common, rewardId });
  return { name, votes: votes.length, rewardId, policyId, heldOut };
}

async function write({ lab }: Workshop, checkpointIds: string[], prompts: readonly string[]): Promise<string[][]> {
  const { seed } = lab.getState().config.value;
  return lab.call('inspect/complete', { checkpointIds, prompts: [...prompts], sampling: CLASS_SAMPLING, seed });
}

async function carryOut(lab: Lab, get: () => ClassTraining, patch: Patch, conductor: Conductor, selection: Selection) {
  const { teacher } = lab.getState().classroom;
  if (!teacher) return;
  const camps = classroomOf(lab).getState().standing?.report.camps ?? null;
  const { checkpointId: baseId } = await lab.call('shelf/shipped', { preset: 'tiny', aside: true });
  const workshop: Workshop = { lab, conductor, baseId, patch };
  const arms = armsOf(selection, countedVotes(teacher), camps, { teacher, policyId: baseId, at: lab.today() });
  const prompts = [...new Set(teacher.set.pairs.map(({ prompt }) => prompt))].slice(0, PROMPTS);
  for (const arm of arms) {
    const trained = await trainArm(workshop, arm);
    const [before = [], texts = []] = await write(workshop, [baseId, trained.policyId], prompts);
    const others = get().trained.filter(({ name }) => name !== arm.name);
    patch({ prompts, before, trained: [...others, { ...trained, texts }] });
  }
}

const NOTHING_TRAINED = { trouble: null, prompts: [], before: [], trained: [] };

/** What came of a class goes with it, and what is being trained on its votes. */
function createTraining(lab: Lab): StoreApi<ClassTraining> {
  const training = trainingStore(lab);
  const tell = countsBeside(lab);
  training.subscribe(({ live }) => tell(live !== null));
  const forget = () => training.setState(NOTHING_TRAINED);
  lab.subscribe(({ classroom: { teacher } }, { classroom: before }) => {
    if (teacher?.code === before.teacher?.code) return;
    forget();
    void training.getState().cancel().then(forget); // an arm may have come while it was called off
  });
  return training;
}

const trainingStore = (lab: Lab): StoreApi<ClassTraining> =>
  createStore<ClassTraining>()((patch, get) => {
    let conductor: Conductor | null = null;
    let work: Promise<void> = Promise.resolve();
    return {
      live: null,
      ...NOTHING_TRAINED,
      async train(selection) {
        if (conductor) return;
        const mine = new Conductor();
        conductor = mine;
        patch({ trouble: null });
        work = carryOut(lab, get, patch, mine, selection)
          .catch((error) => {
            if (!(error instanceof CalledOff)) patch({ trouble: toReport(error).message });
          })
          .then(() => {
            conductor = null;
            patch({ live: null });
          });
        await work;
      },
      async cancel() {
        await conductor?.callOff();
        await work;
      },
    };
  });

/** the one of this lab */
export const classTrainingOf = onePerLab(createTraining);

/** Several fields are compared one by one. */
export function useClassTraining<T>(selector: (state: ClassTraining) => T): T {
  return useStore(classTrainingOf(useLabStore()), useShallow(selector));
}
