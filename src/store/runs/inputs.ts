/** What a run is made from, as keys that change with it: a model made from something else than is here now is stale. */
import { LIVE_KNOBS } from '../../contract/config';
import type { RunKind, RunSpec } from '../../contract/domain';
import { tasteKey } from '../../contract/ownTaste';
import type { Demonstration } from '../../contract/preferences';
import { asHeld } from '../../contract/settings/setting';
import { SETTINGS } from '../../contract/settings/table';
import { asksGold, asksModel } from '../../contract/settings/whichReward';
import { rolesOf } from '../models/inUse';
import { opinionKeys } from '../opinions/counts';
import { ownMeasure, raterInUse } from '../opinions/raterInUse';
import { rememberLast } from '../rememberLast';
import { writerId } from '../rounds/rounds';
import type { LabState, RunView } from '../state';

/** @returns what a corpus was made from, as a key; generating the same thing again changes nothing */
const corpusKey = (state: LabState): string => {
  const { origin } = state.corpus;
  if (origin?.kind === 'checkpoint')
    return state.shelf.provenance[origin.checkpointId] ?? `checkpoint ${origin.checkpointId}`;
  return origin ? JSON.stringify(origin) : '';
};

const idsOf = rememberLast((demonstrations: readonly Demonstration[]) =>
  demonstrations.map(({ demonstrationId }) => demonstrationId),
);

/** @returns what a run of this kind would be made from if it started now */
export function inputsKey(state: LabState, kind: RunKind): string {
  const { slots } = state.shelf;
  if (kind === 'pretrain') return corpusKey(state);
  if (kind === 'reward') {
    const { vetoed, useRule } = state.taste;
    const [votes, ...groups] = opinionKeys(state.opinions.all);
    return JSON.stringify([writerId(state), votes, [...vetoed].sort(), useRule, ...groups, ...ruleMeasures(state)]);
  }
  if (kind === 'finetune') return JSON.stringify([slots.baseId, idsOf(state.demonstrations.all)]);
  const { policy, reference } = rolesOf(state);
  if (kind === 'bestOf') return JSON.stringify([policy, ...payerKey(state, kind)]);
  const start = policy === reference ? [] : [`from ${policy}`];
  if (kind === 'dpo')
    return JSON.stringify([reference, ...opinionKeys(state.opinions.all), ...start, ...dpoRuleKey(state)]);
  const critic = slots.valueId === null ? [] : [`critic from ${slots.valueId}`];
  return JSON.stringify([reference, ...payerKey(state, kind), ...start, ...critic]);
}

/** the reward model where it pays, and the rater where its gold does */
function payerKey(state: LabState, kind: 'ppo' | 'bestOf'): (string | null)[] {
  const { config, shelf } = state;
  const choice = config.value[kind];
  const model = asksModel(choice) ? shelf.slots.rewardId : null;
  return asksGold(choice) ? [model, `gold of ${JSON.stringify(raterInUse(state))}`] : [model];
}

/** changes with what an own rater looks at, where a rule may be fitted to that */
function ruleMeasures(state: LabState): string[] {
  const { own } = ownMeasure(state);
  return own && state.taste.useRule ? [tasteKey(own)] : [];
}

/** changes with the rule where it labels pairs for DPO, and is nothing where it does not */
const dpoRuleKey = (state: LabState): string[] =>
  state.config.value.dpo.ruleLabels > 0
    ? [`rule ${state.taste.useRule} ${[...state.taste.vetoed].sort()}`, ...ruleMeasures(state)]
    : [];

/** Whether a run was made from something else than one would be made from now. */
export function isMadeFromOther(state: LabState, kind: RunKind): boolean {
  const { madeFrom } = state.runs[kind];
  if (madeFrom === null || (kind === 'pretrain' && state.corpus.origin === null)) return false;
  return madeFrom !== inputsKey(state, kind);
}

/** There is something to go on with: a step, or the first phase of an iteration. */
export const isBegun = ({ state }: RunView): boolean => state !== null && (state.step > 0 || state.elapsedMs > 0);

/**
 * A run that was begun and has not come to its end, where one would be made from something else now: it goes on with
 * what it was begun from.
 */
export function isBegunOnOther(state: LabState, kind: RunKind): boolean {
  const run = state.runs[kind];
  const isUnfinished = isBegun(run) && run.state?.status !== 'done' && run.busy !== 'restoring';
  return isUnfinished && isMadeFromOther(state, kind);
}

function withoutLiveKnobs({ kind, config: set }: RunSpec) {
  const config = asHeld(SETTINGS[kind], set);
  if (kind === 'finetune') return { ...config, learningRate: 0 };
  return kind === 'ppo' ? { ...config, ...Object.fromEntries(LIVE_KNOBS.map((knob) => [knob, 0])) } : config;
}

/** The configuration was changed in a way that this run cannot follow: offer "Apply and restart". */
export function runIsOutdated(state: LabState, kind: RunKind): boolean {
  const { spec } = state.runs[kind];
  if (!spec) return false;
  const config = state.config.value;
  const now = { ...spec, config: config[spec.kind] } as RunSpec;
  if (JSON.stringify(withoutLiveKnobs(spec)) !== JSON.stringify(withoutLiveKnobs(now)) || spec.seed !== config.seed)
    return true;
  return spec.kind === 'pretrain' && JSON.stringify(spec.model) !== JSON.stringify({ ...spec.model, ...config.model });
}
