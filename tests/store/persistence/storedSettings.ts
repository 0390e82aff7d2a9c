/** A sample of every setting that is stored, and the page that takes it back. */
import {
  type Back,
  type Page,
  type Patches,
  type Returning,
  SETTINGS,
} from '../../../src/store/persistence/settingTable';
import type { Settings } from '../../../src/store/persistence/storage';
import type { LabState } from '../../../src/store/state';

const point = { step: 3, kl: 2, proxy: 1, gold: null };
export const slots = { fineTunedId: null, policyId: null, startId: null, referenceId: null, valueId: null };
const story = { prompt: 'once a fox', completions: ['ran .', 'sat .'] as [string, string] };
const heard = { lessonId: 'joy', at: 'end', way: [], guesses: {}, came: {}, kept: {}, begun: true, isDone: true };
const arm = { totalSteps: 4, history: [], rows: [], accuracy: null };
const example = { demonstrationId: 'd1', prompt: 'once', completion: 'a fox ran .' };

/** one of each, none of them as a page has it that nobody touched */
export const STORED = {
  slots: { ...slots, baseId: 'base-1', rewardId: 'reward-1' },
  provenance: { 'base-1': 'shipped' },
  taste: { vetoed: ['length'], useRule: true, answered: true },
  rater: { rater: { name: 'short' }, noise: 0.2, own: undefined },
  examples: { demonstrations: [example], wish: { happy: true, polite: false, short: true, animal: 'fox' } },
  view: { theme: 'dark', presenter: true, smoothing: 0.5 },
  fixedPrompt: 'the fox',
  lessons: {
    joy: {
      lessonId: 'joy',
      seed: 1,
      answer: 'a',
      base: 'b',
      status: 'done',
      arms: { healthy: arm, broken: arm },
      forkAt: 2,
    },
  },
  sweeps: { ppoBeta: { sweepId: 'ppoBeta', seed: 1, status: 'done', runs: [] } },
  guide: { progress: { joy: heard }, own: { mine: 'text' }, translations: { de: 'text' }, language: 'de' },
  classroom: {
    student: {
      code: 'ABCDEF',
      set: { seed: 1, modelHash: 'x', pairs: [story] },
      number: 3,
      choices: ['first'],
      dice: 5,
      shown: [],
    },
    teacher: null,
  },
  dealt: { turn: 4, drawn: 5 },
  dealtGroups: { drawn: 2 },
  earlier: [
    { runId: 'r1', kind: 'ppo', number: 1, spec: { kind: 'ppo', config: {} }, checkpointId: null, points: [point] },
  ],
  placed: [{ checkpointId: 'policy-1', name: 'mine', axis: 'gold', point }],
  rounds: { ended: { 'base-1': ['policy-1'] }, pairing: 'versus' },
  arena: { names: { 'policy-1': 'Ada' }, out: ['policy-2'] },
} as unknown as Settings;
export const KEYS = Object.keys(STORED) as Returning[];
const BACK: { [K in Returning]: Back<K> } = SETTINGS;

export function withPatches(state: LabState, patches: Patches): LabState {
  const after: Record<string, object> = { ...state };
  for (const [slice, fields] of Object.entries(patches)) after[slice] = { ...after[slice], ...fields };
  return after as unknown as LabState;
}
export function patchesOf<K extends Returning>(key: K, page: Page): Patches {
  return BACK[key].back(STORED[key], page);
}
export function take<K extends Returning>(key: K, page: Page): LabState {
  return withPatches(page.here, patchesOf(key, page));
}
