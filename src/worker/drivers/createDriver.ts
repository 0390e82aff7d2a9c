/** From what a run is made of to the thing that runs: new, or where it was saved. */
import type { RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { Corpus } from '../../core/text/corpus';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver } from '../driver';
import { tasteOf } from '../tasting';
import { fitted } from '../writing';
import type { RunPlace } from './place';
import { PpoDriver, type PpoSpec } from './ppoDriver';
import { PretrainDriver } from './pretrainDriver';
import { RewardDriver, type RewardSpec } from './rewardDriver';
import { readState } from './savedState';

async function createReward(place: RunPlace, corpus: Corpus, spec: RewardSpec, saved: SavedRun<unknown> | null): Promise<Driver> {
  const state = saved && readState('reward', saved);
  const { seed, config, votes, vetoed, baseId } = spec;
  const base = place.shelf.createNetwork(baseId, 'base');
  try {
    if (!base.heads.language) throw new LabError('run/missingInput', 'A reward model begins from a model that writes.');
    const writer = { policyId: baseId, network: base, corpus };
    const own = votes.filter(({ source }) => source !== 'simulated'); // the rule is the visitor's, as the page showed it
    const taste = saved || !spec.useRule ? null : await tasteOf(writer, { votes: own, vetoed, seed }, place.breathe);
    return await RewardDriver.create(spec, { seed, config, base, corpus, votes, taste }, place, state);
  } catch (error) {
    base.dispose();
    throw error;
  }
}

function createPpo(place: RunPlace, corpus: Corpus, spec: PpoSpec, saved: SavedRun<unknown> | null): Driver {
  const state = saved && readState('ppo', saved);
  const { meta } = place.shelf.get(spec.rewardId);
  if (meta.pooling === null || !meta.heads.scalar) throw new LabError('run/missingInput', `${meta.name} is no reward model.`);
  if (!place.shelf.get(spec.baseId).meta.heads.language) throw new LabError('run/missingInput', 'PPO begins from a model that writes.');
  if (meta.model.vocabSize !== corpus.tokenizer.vocabSize)
    throw new LabError('run/missingInput', 'The reward model reads other tokens than the base model writes. Train one from this base.');
  const base = place.shelf.createNetwork(spec.baseId, 'reference');
  const rewardModel = place.shelf.createNetwork(spec.rewardId, 'rewardModel');
  const { seed, config, rater } = spec;
  const shorter = { ...corpus, completionLength: Math.min(config.completionLength, corpus.completionLength) };
  return new PpoDriver(spec, { seed, config, base, rewardModel, pooling: meta.pooling, corpus: shorter, rater }, place, state);
}

/**
 * @param saved null for a new run
 * @throws LabError: an upstream checkpoint is missing, there are too few votes, or what was saved does not fit
 */
export async function createDriver(place: RunPlace, corpus: Corpus, spec: RunSpec, saved: SavedRun<unknown> | null): Promise<Driver> {
  const model = spec.kind === 'pretrain' ? spec.model : place.shelf.get(spec.baseId).info.model;
  const fitting = fitted(corpus, model);
  switch (spec.kind) {
    case 'pretrain':
      return new PretrainDriver(spec, fitting, place, saved && readState('pretrain', saved));
    case 'reward':
      return createReward(place, fitting, spec, saved);
    case 'ppo':
      return createPpo(place, fitting, spec, saved);
  }
}
