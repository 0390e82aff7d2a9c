/** From what a run is made of to the thing that runs: new, or where it was saved. */
import type { Pooling } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { RulePair } from '../../contract/preferences';
import { asksGold, asksModel } from '../../contract/settings/whichReward';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import type { Corpus } from '../../core/text/corpus';
import { finishTelling } from '../../core/text/steps';
import type { Judges } from '../../core/train/freshTexts';
import { type LabelRule, labelByRule, ruleRandom } from '../../core/train/ruleLabels';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver } from '../driver';
import { needGold, readRater } from '../raters';
import { sameTokens } from '../sameTokens';
import { tasteOf } from '../tasting';
import { telling } from '../telling';
import { assertTextsFit } from '../textsOfRun';
import { fitted } from '../writing';
import { BestOfDriver, type BestOfSpec } from './bestOfDriver';
import { DpoDriver, type DpoSpec } from './dpoDriver';
import { FineTuneDriver, type FineTuneSpec } from './fineTuneDriver';
import { type Lend, lending } from './lending';
import { PpoDriver, type PpoSpec } from './ppoDriver';
import { PretrainDriver } from './pretrainDriver';
import { RewardDriver, type RewardSpec } from './rewardDriver';
import type { RunContext } from './runContext';
import { readState } from './savedState';

type Shelved = ReturnType<RunContext['shelf']['get']>;

/** What is there of a run already. */
export interface Stored {
  /** null for a new run */
  saved: SavedRun<unknown> | null;
  /** pairs that the rule labelled when it was first made; empty where it is to label them now, if it says anything */
  labels: readonly RulePair[];
}

/** @throws LabError('run/missingInput') with this sentence when the checkpoint writes no texts */
function assertWrites(context: RunContext, checkpointId: string, sentence: string): void {
  if (!context.shelf.get(checkpointId).meta.heads.language) throw new LabError('run/missingInput', sentence);
}

/** @throws LabError('run/missingInput') when one of them would read every token of the other as something else */
function assertSameTokens(one: Shelved, other: Shelved): void {
  if (!sameTokens(one.meta.tokenizer, other.meta.tokenizer))
    throw new LabError('run/missingInput', `${one.info.name} reads other tokens than ${other.info.name}.`);
}

/**
 * @returns how the reward model reads a text. @throws LabError('run/missingInput') when it cannot judge texts of this
 * corpus
 */
function judgeFor(context: RunContext, corpus: Corpus, rewardId: string): Pooling {
  const { meta } = context.shelf.get(rewardId);
  if (meta.pooling === null || !meta.heads.scalar)
    throw new LabError('run/missingInput', `${meta.name} is no reward model.`);
  if (!sameTokens(meta.tokenizer, corpus.tokenizer.save()))
    throw new LabError(
      'run/missingInput',
      'The reward model reads other tokens than the base model writes. Train one from this base.',
    );
  return meta.pooling;
}

/** a reward model beside a method that does not need one; null for none */
function lendJudge(context: RunContext, corpus: Corpus, lend: Lend, rewardId: string | null): Judges['rewardModel'] {
  return rewardId === null
    ? null
    : { pooling: judgeFor(context, corpus, rewardId), network: lend(rewardId, 'rewardModel') };
}

/**
 * Who pays: a reward model, unless a rule does alone; then none is asked for, even where there is one.
 * @throws LabError('run/missingInput') when nobody can
 */
function lendPayer(context: RunContext, corpus: Corpus, lend: Lend, { config, rewardId, rater }: PpoSpec | BestOfSpec) {
  if (asksGold(config)) needGold(corpus, rater);
  if (!asksModel(config)) return { rewardModel: null, pooling: 'last' as const };
  if (rewardId === null)
    throw new LabError('run/missingInput', 'There is no reward model to pay. Train one, or let a rule pay.');
  return { pooling: judgeFor(context, corpus, rewardId), rewardModel: lend(rewardId, 'rewardModel') };
}

function createFineTune(
  context: RunContext,
  corpus: Corpus,
  spec: FineTuneSpec,
  saved: SavedRun<unknown> | null,
  lend: Lend,
): Driver {
  const state = saved && readState('finetune', saved);
  const { seed, config, demonstrations, wish, rater, baseId, rewardId } = spec;
  if (config.selectBy === 'score' && rewardId === null)
    throw new LabError('run/missingInput', 'Epochs can be selected by score only when there is a reward model.');
  assertWrites(context, baseId, 'Fine-tuning begins from a model that writes.');
  const [base, rewardModel] = [lend(baseId, 'reference'), lendJudge(context, corpus, lend, rewardId)];
  return new FineTuneDriver(
    spec,
    { seed, config, base, corpus, demonstrations, wish, rater, rewardModel, breathe: context.betweenSlices },
    context,
    state,
  );
}

/** The policy of an earlier round. @throws LabError('run/missingInput') when it is no relative of the reference */
function lendStart(context: RunContext, { startId, baseId }: PpoSpec | DpoSpec, lend: Lend): CausalNetwork | undefined {
  if (startId === undefined) return undefined;
  const [start, base] = [startId, baseId].map((id) => context.shelf.get(id));
  assertSameTokens(start!, base!);
  if (!start!.meta.heads.language || JSON.stringify(start!.info.model) !== JSON.stringify(base!.info.model))
    throw new LabError(
      'run/missingInput',
      `${start!.info.name} and ${base!.info.name} are models of different shapes.`,
    );
  return lend(startId, 'start');
}

/**
 * The visitor's rule, as the page showed it: simulated votes have no say in it. Null where none is wanted, or the votes
 * do not say.
 */
async function ruleOf(
  context: RunContext,
  corpus: Corpus,
  base: CausalNetwork,
  spec: RewardSpec | DpoSpec,
): Promise<LabelRule | null> {
  const { opinions, seed, baseId, useRule = false, vetoed = [] } = spec;
  if (!useRule) return null;
  const own = opinions.filter(({ source }) => source !== 'simulated');
  const question = { opinions: own, vetoed, seed, own: spec.rater?.taste };
  return tasteOf({ policyId: baseId, network: base, corpus }, question, context);
}

/** Pairs that the rule labels for DPO, the same that it labels for a reward model of this seed. */
async function labelsFor(context: RunContext, corpus: Corpus, base: CausalNetwork, spec: DpoSpec): Promise<RulePair[]> {
  const rule = spec.config.ruleLabels > 0 ? await ruleOf(context, corpus, base, spec) : null;
  return rule ? labelByRule(base, corpus, rule, spec.config.ruleLabels, ruleRandom(spec.seed), telling(context)) : [];
}

async function createDpo(
  context: RunContext,
  corpus: Corpus,
  spec: DpoSpec,
  { saved, labels }: Stored,
  lend: Lend,
): Promise<Driver> {
  const state = saved && readState('dpo', saved);
  const { seed, config, opinions, rater, baseId, rewardId } = spec;
  assertWrites(context, baseId, 'DPO begins from a model that writes.');
  const start = lendStart(context, spec, lend);
  const [base, rewardModel] = [lend(baseId, 'reference'), lendJudge(context, corpus, lend, rewardId)];
  const rulePairs = saved || labels.length > 0 ? labels : await labelsFor(context, corpus, base, spec);
  const around = { rater, rewardModel, breathe: context.betweenSlices };
  return new DpoDriver(spec, { seed, config, base, start, corpus, opinions, rulePairs, ...around }, context, state);
}

async function createReward(
  context: RunContext,
  corpus: Corpus,
  spec: RewardSpec,
  { saved, labels }: Stored,
  lend: Lend,
): Promise<Driver> {
  const state = saved && readState('reward', saved);
  const { seed, config, opinions, baseId, rater = null } = spec;
  assertWrites(context, baseId, 'A reward model begins from a model that writes.');
  const base = lend(baseId, 'base');
  const isLabelled = saved !== null || labels.length > 0;
  const taste = isLabelled ? null : await ruleOf(context, corpus, base, spec);
  const learned = { opinions, taste, rulePairs: isLabelled ? labels : undefined };
  const breathe = context.betweenSlices;
  return RewardDriver.create(spec, { seed, config, base, corpus, ...learned, rater, breathe }, context, state);
}

/**
 * Another model than the reward model, for the critic to begin at. @throws LabError('run/missingInput') when it cannot
 * be one
 */
function lendCritic(context: RunContext, { valueId, baseId }: PpoSpec, lend: Lend): CausalNetwork | undefined {
  if (valueId === undefined) return undefined;
  const [critic, base] = [valueId, baseId].map((id) => context.shelf.get(id));
  assertSameTokens(critic!, base!);
  if (!critic!.meta.heads.scalar || JSON.stringify(critic!.info.model) !== JSON.stringify(base!.info.model))
    throw new LabError(
      'run/missingInput',
      `${critic!.info.name} cannot be the value model: that scores texts and has the policy's shape.`,
    );
  return lend(valueId, 'critic');
}

function createPpo(
  context: RunContext,
  corpus: Corpus,
  spec: PpoSpec,
  saved: SavedRun<unknown> | null,
  lend: Lend,
): Driver {
  const state = saved && readState('ppo', saved);
  const { seed, config, rater, baseId } = spec;
  const payer = lendPayer(context, corpus, lend, spec);
  assertWrites(context, baseId, 'PPO begins from a model that writes.');
  const [start, critic] = [lendStart(context, spec, lend), lendCritic(context, spec, lend)];
  const base = lend(baseId, 'reference');
  const shorter = { ...corpus, completionLength: Math.min(config.completionLength, corpus.completionLength) };
  const breathe = context.betweenSlices;
  return new PpoDriver(
    spec,
    { seed, config, base, start, critic, ...payer, corpus: shorter, rater, breathe },
    context,
    state,
  );
}

function createBestOf(
  context: RunContext,
  corpus: Corpus,
  spec: BestOfSpec,
  saved: SavedRun<unknown> | null,
  lend: Lend,
): Driver {
  const state = saved && readState('bestOf', saved);
  const { seed, config, rater, baseId } = spec;
  const payer = lendPayer(context, corpus, lend, spec);
  assertWrites(context, baseId, 'Best of N samples a model that writes.');
  const policy = lend(baseId, 'policy');
  const breathe = context.betweenSlices;
  return new BestOfDriver(spec, { seed, config, policy, ...payer, corpus, rater, breathe }, context, state);
}

function createOn(
  context: RunContext,
  corpus: Corpus,
  spec: RunSpec,
  stored: Stored,
  lend: Lend,
): Driver | Promise<Driver> {
  const { saved } = stored;
  switch (spec.kind) {
    case 'pretrain':
      return new PretrainDriver(spec, corpus, context, saved && readState('pretrain', saved));
    case 'finetune':
      return createFineTune(context, corpus, spec, saved, lend);
    case 'dpo':
      return createDpo(context, corpus, spec, stored, lend);
    case 'reward':
      return createReward(context, corpus, spec, stored, lend);
    case 'ppo':
      return createPpo(context, corpus, spec, saved, lend);
    case 'bestOf':
      return createBestOf(context, corpus, spec, saved, lend);
  }
}

/**
 * @throws LabError: an upstream checkpoint is missing, a text is none that this model can learn from, there are too few
 * votes, or what was saved does not fit
 */
export async function createDriver(
  context: RunContext,
  corpus: Corpus,
  spec: RunSpec,
  stored: Stored,
): Promise<Driver> {
  if ('rater' in spec && spec.rater) readRater(spec.rater);
  const model = spec.kind === 'pretrain' ? spec.model : context.shelf.get(spec.baseId).info.model;
  const fitting = fitted(corpus, model);
  await finishTelling(assertTextsFit(spec, fitting, corpus, stored.saved !== null), telling(context));
  return lending(context, spec, model, (lend) => createOn(context, fitting, spec, stored, lend));
}
