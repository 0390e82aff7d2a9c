/** From what a run is made of to the thing that runs: new, or where it was saved. */
import type { Pooling } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import { LabError, type LabErrorCode } from '../../contract/errors';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import type { Corpus } from '../../core/text/corpus';
import { whatDoesNotFit } from '../../core/text/fitness';
import type { Judges } from '../../core/train/freshTexts';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver } from '../driver';
import { tasteOf, votesOfRankings } from '../tasting';
import { fitted } from '../writing';
import { BestOfDriver, type BestOfSpec } from './bestOfDriver';
import { DpoDriver, type DpoSpec } from './dpoDriver';
import { FineTuneDriver, type FineTuneSpec } from './fineTuneDriver';
import type { RunPlace } from './place';
import { PpoDriver, type PpoSpec } from './ppoDriver';
import { PretrainDriver } from './pretrainDriver';
import { RewardDriver, type RewardSpec } from './rewardDriver';
import { readState } from './savedState';

/** @throws LabError('run/missingInput') when the checkpoint writes no texts */
function createWriter(place: RunPlace, checkpointId: string, name: string, sentence: string): CausalNetwork {
  if (!place.shelf.get(checkpointId).meta.heads.language) throw new LabError('run/missingInput', sentence);
  return place.shelf.createNetwork(checkpointId, name);
}

/** a reward model for texts of this corpus, owned by the caller; null for none */
function createJudge(place: RunPlace, corpus: Corpus, rewardId: string | null): Judges['rewardModel'] {
  if (rewardId === null) return null;
  const { meta } = place.shelf.get(rewardId);
  if (meta.pooling === null || !meta.heads.scalar) throw new LabError('run/missingInput', `${meta.name} is no reward model.`);
  if (meta.model.vocabSize !== corpus.tokenizer.vocabSize)
    throw new LabError('run/missingInput', 'The reward model reads other tokens than the base model writes. Train one from this base.');
  return { network: place.shelf.createNetwork(rewardId, 'rewardModel'), pooling: meta.pooling };
}

/** @throws LabError that names the first text this model cannot learn from */
function assertFit(corpus: Corpus, code: LabErrorCode, name: string, texts: readonly { prompt: string; completions: string[] }[]): void {
  for (const [i, { prompt, completions }] of texts.entries()) {
    const trouble = whatDoesNotFit(corpus, prompt, completions);
    if (trouble) throw new LabError(code, `${name} ${i + 1} of ${texts.length}: ${trouble}.`);
  }
}

function createFineTune(place: RunPlace, corpus: Corpus, spec: FineTuneSpec, saved: SavedRun<unknown> | null): Driver {
  const state = saved && readState('finetune', saved);
  const { seed, config, demonstrations, wish, rater } = spec;
  if (config.selectBy === 'score' && spec.rewardId === null)
    throw new LabError('run/missingInput', 'Epochs can be selected by score only when there is a reward model.');
  const texts = demonstrations.map(({ prompt, completion }) => ({ prompt, completions: [completion] }));
  assertFit(corpus, 'file/demonstrations', 'Demonstration', texts);
  const base = createWriter(place, spec.baseId, 'reference', 'Fine-tuning begins from a model that writes.');
  let rewardModel: Judges['rewardModel'] = null;
  try {
    rewardModel = createJudge(place, corpus, spec.rewardId);
    return new FineTuneDriver(spec, { seed, config, base, corpus, demonstrations, wish, rater, rewardModel }, place, state);
  } catch (error) {
    base.dispose();
    rewardModel?.network.dispose();
    throw error;
  }
}

function createDpo(place: RunPlace, corpus: Corpus, spec: DpoSpec, saved: SavedRun<unknown> | null): Driver {
  const state = saved && readState('dpo', saved);
  const { seed, config, votes, rankings, rater } = spec;
  assertFit(corpus, 'file/rankings', 'Ranking', rankings);
  const base = createWriter(place, spec.baseId, 'reference', 'DPO begins from a model that writes.');
  let rewardModel: Judges['rewardModel'] = null;
  try {
    rewardModel = createJudge(place, corpus, spec.rewardId);
    return new DpoDriver(spec, { seed, config, base, corpus, votes, rankings, rater, rewardModel }, place, state);
  } catch (error) {
    base.dispose();
    rewardModel?.network.dispose();
    throw error;
  }
}

async function createReward(place: RunPlace, corpus: Corpus, spec: RewardSpec, saved: SavedRun<unknown> | null): Promise<Driver> {
  const state = saved && readState('reward', saved);
  const { seed, config, votes, rankings, vetoed, baseId } = spec;
  assertFit(corpus, 'file/rankings', 'Ranking', rankings);
  const base = createWriter(place, baseId, 'base', 'A reward model begins from a model that writes.');
  try {
    const writer = { policyId: baseId, network: base, corpus };
    // the rule is the visitor's, as the page showed it
    const own = [...votes, ...votesOfRankings(rankings)].filter(({ source }) => source !== 'simulated');
    const taste = saved || !spec.useRule ? null : await tasteOf(writer, { votes: own, vetoed, seed }, place.breathe);
    return await RewardDriver.create(spec, { seed, config, base, corpus, votes, rankings, taste }, place, state);
  } catch (error) {
    base.dispose();
    throw error;
  }
}

/** Writer and judge for methods that need both. @throws LabError('run/missingInput') when they do not belong together */
function checkJudge(place: RunPlace, corpus: Corpus, { baseId, rewardId }: { baseId: string; rewardId: string }): Pooling {
  const { meta } = place.shelf.get(rewardId);
  if (meta.pooling === null || !meta.heads.scalar) throw new LabError('run/missingInput', `${meta.name} is no reward model.`);
  if (!place.shelf.get(baseId).meta.heads.language) throw new LabError('run/missingInput', 'This begins from a model that writes.');
  if (meta.model.vocabSize !== corpus.tokenizer.vocabSize)
    throw new LabError('run/missingInput', 'The reward model reads other tokens than the base model writes. Train one from this base.');
  return meta.pooling;
}

/** The policy of an earlier round. @throws LabError('run/missingInput') when it is no relative of the reference */
function createStart(place: RunPlace, { startId, baseId }: PpoSpec): CausalNetwork | undefined {
  if (startId === undefined) return undefined;
  const [start, base] = [startId, baseId].map((id) => place.shelf.get(id));
  if (!start!.meta.heads.language || JSON.stringify(start!.info.model) !== JSON.stringify(base!.info.model))
    throw new LabError('run/missingInput', `${start!.info.name} and ${base!.info.name} are models of different shapes.`);
  return place.shelf.createNetwork(startId, 'start');
}

function createPpo(place: RunPlace, corpus: Corpus, spec: PpoSpec, saved: SavedRun<unknown> | null): Driver {
  const state = saved && readState('ppo', saved);
  const pooling = checkJudge(place, corpus, spec);
  const start = createStart(place, spec);
  const base = place.shelf.createNetwork(spec.baseId, 'reference');
  const rewardModel = place.shelf.createNetwork(spec.rewardId, 'rewardModel');
  const { seed, config, rater } = spec;
  const shorter = { ...corpus, completionLength: Math.min(config.completionLength, corpus.completionLength) };
  return new PpoDriver(spec, { seed, config, base, start, rewardModel, pooling, corpus: shorter, rater }, place, state);
}

function createBestOf(place: RunPlace, corpus: Corpus, spec: BestOfSpec, saved: SavedRun<unknown> | null): Driver {
  const state = saved && readState('bestOf', saved);
  const pooling = checkJudge(place, corpus, spec);
  const policy = place.shelf.createNetwork(spec.baseId, 'policy');
  const rewardModel = place.shelf.createNetwork(spec.rewardId, 'rewardModel');
  const { seed, config, rater } = spec;
  return new BestOfDriver(spec, { seed, config, policy, rewardModel, pooling, corpus, rater }, place, state);
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
    case 'finetune':
      return createFineTune(place, fitting, spec, saved);
    case 'dpo':
      return createDpo(place, fitting, spec, saved);
    case 'reward':
      return createReward(place, fitting, spec, saved);
    case 'ppo':
      return createPpo(place, fitting, spec, saved);
    case 'bestOf':
      return createBestOf(place, fitting, spec, saved);
  }
}
