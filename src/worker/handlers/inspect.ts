import { LabError } from '../../contract/errors';
import type { CallKind, Handlers } from '../../contract/protocol';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { Random } from '../../core/tensor/random';
import { differenceOf } from '../differing';
import { arithmeticOf, headsRanked, heldOutOf, layersOf } from '../inside';
import { attentionMaps, nextTokens } from '../looking';
import { HeadsSchema, IndexSchema, LastMapSchema, PositionSchema, parse, SamplingSchema, SeedSchema } from '../schemas';
import { scoreText } from '../scoring';
import type { Session } from '../session';
import { telling } from '../telling';
import { wordMapOf, wordSumOf } from '../wordMap';
import { write } from '../writing';

type InspectHandlers = Pick<Handlers, Extract<CallKind, `inspect/${string}`> | 'reward/score'>;

function needWriter(network: CausalNetwork): void {
  if (!network.heads.language)
    throw new LabError(
      'run/missingInput',
      'A reward model judges texts and writes none. Choose a base model or a policy.',
    );
}

function needJudge(network: CausalNetwork): void {
  if (!network.heads.scalar)
    throw new LabError('run/missingInput', 'This model writes texts and scores none. Train a reward model first.');
}

export const inspectHandlers = (session: Session): InspectHandlers => ({
  'inspect/attention': ({ checkpointId, text }, { breathe }) =>
    session.lend(checkpointId, async ({ network, corpus }) => {
      await breathe();
      return attentionMaps(network, corpus, text);
    }),

  'inspect/next': ({ checkpointId, text, sampling }, { breathe }) =>
    session.lend(checkpointId, async ({ network, corpus }) => {
      needWriter(network);
      await breathe();
      return nextTokens(network, corpus, text, parse(SamplingSchema, sampling));
    }),

  'inspect/arithmetic': ({ checkpointId, text, layer }, course) =>
    session.lend(checkpointId, async (model) => {
      await course.breathe();
      const steps = telling(session.steps(course));
      return arithmeticOf(model, text, parse(IndexSchema, layer), session.stepOf(checkpointId), steps);
    }),

  'inspect/layers': ({ checkpointId, text, position, off }, course) =>
    session.lend(checkpointId, async (model) => {
      needWriter(model.network);
      await course.breathe();
      const heads = parse(HeadsSchema, off);
      const [at, step] = [parse(PositionSchema, position), session.stepOf(checkpointId)];
      return layersOf(model, text, at, heads, step, telling(session.steps(course)));
    }),

  'inspect/heldOut': ({ checkpointId, off }, { breathe }) =>
    session.lend(checkpointId, async (model) => {
      needWriter(model.network);
      await breathe();
      return heldOutOf(model, parse(HeadsSchema, off));
    }),

  'inspect/heads': ({ checkpointId }, course) =>
    session.lend(checkpointId, async (model) => {
      needWriter(model.network);
      return headsRanked(model, course);
    }),

  'inspect/difference': ({ beforeId, afterId, text }, { breathe }) =>
    session.lend(beforeId, (before) =>
      session.lend(afterId, async (after) => {
        for (const { network } of [before, after]) needWriter(network);
        await breathe();
        return differenceOf(before, after, text);
      }),
    ),

  'inspect/words': ({ checkpointId, text, all, last }, course) =>
    session.lend(checkpointId, async (model) => {
      await course.breathe();
      const [before, step] = [parse(LastMapSchema, last), session.stepOf(checkpointId)];
      return wordMapOf(model, text, all, before, step, telling(session.steps(course)));
    }),

  'inspect/wordSum': ({ checkpointId, from, to, base }, { breathe }) =>
    session.lend(checkpointId, async (model) => {
      await breathe();
      return wordSumOf(model, { from, to, base });
    }),

  'inspect/complete': async ({ checkpointIds, prompts, sampling, seed }, { breathe }) => {
    const all: string[][] = [];
    for (const id of checkpointIds) {
      const texts = await session.lend(id, async ({ network, corpus }, info) => {
        needWriter(network);
        // the same stream for every model, so that what differs is the model
        const random = Random.fromSeed(parse(SeedSchema, seed)).fork('complete');
        // one that learns meanwhile writes in one piece, or its texts would be of several models
        const stays = info !== null;
        return write(network, corpus, prompts, parse(SamplingSchema, sampling), random, stays ? breathe : undefined);
      });
      all.push(texts.map(({ completion }) => completion));
    }
    return all;
  },

  'reward/score': ({ checkpointId, text }, course) =>
    session.lend(checkpointId, async ({ network, corpus }, info) => {
      needJudge(network);
      return scoreText(network, corpus, info?.pooling ?? 'last', text, course);
    }),
});
