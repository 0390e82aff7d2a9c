import type { RunKind, RunSpec } from '../../contract/domain';
import { RULE_FROM } from '../../contract/enough';
import { LabError } from '../../contract/errors';
import { asksModel } from '../../contract/settings/whichReward';
import { modelConfig, rolesOf } from '../models/inUse';
import { usableChoices } from '../opinions/counts';
import { hasAttributes, raterInUse } from '../opinions/raterInUse';
import { roundStamp, writerId } from '../rounds/rounds';
import type { LabState } from '../state';

const needed = (id: string | null, what: string): string => {
  if (id === null) throw new LabError('run/missingInput', what);
  return id;
};

/**
 * Everything a run is made from, as the page stands now.
 * @throws LabError run/missingInput or run/tooFewVotes, naming the stage to finish first
 */
export function runSpec(state: LabState, kind: RunKind): RunSpec {
  const { value: config } = state.config;
  const { seed } = config;
  if (kind === 'pretrain')
    return { kind, seed, config: config.pretrain, model: modelConfig(state), fixedPrompt: state.runs.fixedPrompt };
  const noBase = 'There is no base model yet: finish Pretrain, or start with the trained model.';
  if (kind === 'finetune') return fineTuneSpec(state, needed(state.shelf.slots.baseId, noBase));
  if (kind === 'reward') return rewardSpec(state, needed(writerId(state), noBase));
  const { policy, reference } = rolesOf(state);
  const baseId = needed(reference, noBase);
  const start = policy === null || policy === baseId ? {} : { startId: policy };
  if (kind === 'dpo') return { ...dpoSpec(state, baseId), ...start, ...roundStamp(state) };
  const rewardId = payerId(state, kind);
  const rater = raterInUse(state);
  if (kind === 'bestOf') return { kind, seed, config: config.bestOf, baseId: policy ?? baseId, rewardId, rater };
  const { valueId } = state.shelf.slots;
  return {
    kind: 'ppo',
    seed,
    config: config.ppo,
    baseId,
    rewardId,
    rater,
    ...start,
    ...roundStamp(state),
    ...(valueId !== null && { valueId }),
  };
}

/** @returns null where a rule alone pays */
const payerId = ({ config, shelf }: LabState, kind: 'ppo' | 'bestOf'): string | null =>
  asksModel(config.value[kind])
    ? needed(shelf.slots.rewardId, 'There is no reward model yet: train one in Reward model, or let a rule pay.')
    : null;

function rewardSpec(state: LabState, baseId: string): RunSpec {
  const { seed, reward: config } = state.config.value;
  const [opinions, rater] = [state.opinions.all, raterInUse(state)];
  needVotes(state);
  const rule = { vetoed: state.taste.vetoed, useRule: appliesRule(state) };
  return { kind: 'reward', seed, config, baseId, opinions, ...rule, rater, ...roundStamp(state) };
}

function needVotes({ opinions }: LabState): void {
  if (opinions.all.length === 0)
    throw new LabError('run/tooFewVotes', 'There are no votes yet: choose between some pairs in Compare first.');
}

function dpoSpec(state: LabState, baseId: string): RunSpec {
  const { seed, dpo: config } = state.config.value;
  const [opinions, rater] = [state.opinions.all, raterInUse(state)];
  needVotes(state);
  const rule = config.ruleLabels > 0 && appliesRule(state) ? { vetoed: state.taste.vetoed, useRule: true } : {};
  return { kind: 'dpo', seed, config, baseId, opinions, ...rule, rewardId: state.shelf.slots.rewardId, rater };
}

/** demonstrations that nobody wished for in words are counted by no wish */
function fineTuneSpec(state: LabState, baseId: string): RunSpec {
  const { seed, finetune: config } = state.config.value;
  const { all: demonstrations, wish } = state.demonstrations;
  if (demonstrations.length === 0)
    throw new LabError(
      'run/tooFewDemonstrations',
      'There are no demonstrations yet: take some from the stories by a wish, or write them.',
    );
  const wished = demonstrations.some(({ source }) => source === 'grammar') ? wish : null;
  const { rewardId } = state.shelf.slots;
  return {
    kind: 'finetune',
    seed,
    config,
    baseId,
    demonstrations,
    wish: wished,
    rewardId,
    rater: raterInUse(state),
  };
}

/** A rule can be fitted only where texts can be measured, and from the votes on from which it is shown. */
export const canHaveRule = (state: LabState): boolean =>
  state.corpus.summary !== null && hasAttributes(state) && usableChoices(state.opinions.all) >= RULE_FROM;

/**
 * The rule labels pairs when something about it is clear or the visitor wants it all the same, never once it is
 * switched off.
 */
export const appliesRule = (state: LabState): boolean =>
  state.taste.useRule && state.taste.result?.kind !== 'missing' && canHaveRule(state);

/** Whether a rule may label pairs for a run of this kind. */
const mayLabelPairs = ({ config }: LabState, kind: RunKind): boolean =>
  kind === 'reward' || (kind === 'dpo' && config.value.dpo.ruleLabels > 0);

/** Whether a fit could still change what the rule does for a run of this kind. */
export const mayApplyRule = (state: LabState, kind: RunKind): boolean =>
  mayLabelPairs(state, kind) && (state.taste.useRule || !state.taste.answered) && canHaveRule(state);

/** Whether there is a rule that labels nothing and could: what advice may speak of. */
export const ruleIsOff = (state: LabState): boolean =>
  canHaveRule(state) && state.taste.result?.kind === 'rule' && !state.taste.useRule;
