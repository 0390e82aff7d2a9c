import type { RunKind, RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { isUsable, modelConfig, TASTE_FROM } from './selectors';
import type { LabState } from './state';

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
  if (kind === 'pretrain') return { kind, seed, config: config.pretrain, model: modelConfig(state), fixedPrompt: state.runs.fixedPrompt };
  const baseId = needed(state.shelf.slots.baseId, 'There is no base model yet: finish Pretrain, or start with the trained model.');
  if (kind === 'reward') return rewardSpec(state, baseId);
  const rewardId = needed(state.shelf.slots.rewardId, 'There is no reward model yet: train one in Reward model.');
  return { kind, seed, config: config.ppo, baseId, rewardId, rater: state.votes.rater };
}

function rewardSpec(state: LabState, baseId: string): RunSpec {
  const { seed, reward: config } = state.config.value;
  const { votes } = state.votes;
  if (votes.length === 0) throw new LabError('run/tooFewVotes', 'There are no votes yet: choose between some pairs in Compare first.');
  return { kind: 'reward', seed, config, baseId, votes, vetoed: state.taste.vetoed, useRule: appliesRule(state) };
}

/** A rule can be fitted only on the grammar's stories, and from the votes on from which it is shown. */
const canHaveRule = ({ corpus, votes }: LabState): boolean =>
  corpus.summary?.kind === 'stories' && votes.votes.filter(isUsable).length >= TASTE_FROM;

/** The rule labels pairs when something about it is clear or the visitor wants it all the same, never once it is switched off. */
export const appliesRule = (state: LabState): boolean =>
  state.taste.useRule && state.taste.result?.kind !== 'missing' && canHaveRule(state);

/** Whether a fit could still change what the rule does. */
export const mayApplyRule = (state: LabState): boolean => (state.taste.useRule || !state.taste.answered) && canHaveRule(state);
