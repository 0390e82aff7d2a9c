import type { CallKind, Calls, Course, Handlers } from '../../contract/protocol';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { Random } from '../../core/tensor/random';
import { differenceOf } from '../differing';
import { arithmeticOf } from '../inside/arithmetic';
import { headsRanked, heldOutOf, layersOf } from '../inside/layers';
import { attentionMaps, nextTokens } from '../looking';
import { HeadsSchema, IndexSchema, LastMapSchema, PositionSchema, parse, SamplingSchema, SeedSchema } from '../schemas';
import { scoreText } from '../scoring';
import type { Model, Session } from '../session';
import { telling } from '../telling';
import { wordMapOf, wordSumOf } from '../wordMap';
import { write } from '../writing';
import { needJudge, needWriter } from './needs';

type InspectHandlers = Pick<Handlers, Extract<CallKind, `inspect/${string}`> | 'reward/score'>;

/** lends a model once whoever waits was let in */
const readerOf =
  (session: Session, check?: (network: CausalNetwork) => void) =>
  <T>(id: string, { breathe }: Course, work: (model: Model) => T | Promise<T>): Promise<T> =>
    session.lend(id, async (model) => {
      check?.(model.network);
      await breathe();
      return work(model);
    });

export const inspectHandlers = (session: Session): InspectHandlers => {
  const stepsOf = (course: Course) => telling(session.steps(course));
  const read = readerOf(session);
  const readWriter = readerOf(session, needWriter);

  return {
    'inspect/attention': ({ checkpointId, text }, course) =>
      read(checkpointId, course, async ({ network, corpus }) => {
        const step = session.stepOf(checkpointId);
        const maps = await attentionMaps(network, corpus, text);
        return step === null ? maps : { ...maps, step };
      }),

    'inspect/next': ({ checkpointId, text, sampling }, course) =>
      readWriter(checkpointId, course, ({ network, corpus }) =>
        nextTokens(network, corpus, text, parse(SamplingSchema, sampling)),
      ),

    'inspect/arithmetic': ({ checkpointId, text, layer }, course) =>
      read(checkpointId, course, (model) =>
        arithmeticOf(model, text, parse(IndexSchema, layer), session.stepOf(checkpointId), stepsOf(course)),
      ),

    'inspect/layers': ({ checkpointId, text, position, off }, course) =>
      readWriter(checkpointId, course, (model) => {
        const heads = parse(HeadsSchema, off);
        const [at, step] = [parse(PositionSchema, position), session.stepOf(checkpointId)];
        return layersOf(model, text, at, heads, step, stepsOf(course));
      }),

    'inspect/heldOut': ({ checkpointId, off }, course) =>
      readWriter(checkpointId, course, (model) => heldOutOf(model, parse(HeadsSchema, off))),

    'inspect/heads': ({ checkpointId }, course) =>
      readWriter(checkpointId, course, (model) => headsRanked(model, course)),

    'inspect/difference': ({ beforeId, afterId, text }, course) =>
      session.lend(beforeId, (before) => {
        needWriter(before.network);
        return readWriter(afterId, course, (after) =>
          differenceOf(before, after, text, session.stepOf(afterId) ?? session.stepOf(beforeId)),
        );
      }),

    'inspect/words': ({ checkpointId, text, all, last }, course) =>
      read(checkpointId, course, (model) =>
        wordMapOf(model, text, all, parse(LastMapSchema, last), session.stepOf(checkpointId), stepsOf(course)),
      ),

    'inspect/wordSum': ({ checkpointId, from, to, base }, course) =>
      read(checkpointId, course, (model) => wordSumOf(model, { from, to, base })),

    ...askingHandlers(session),
  };
};

/** What a model writes and what it thinks of a text. */
const askingHandlers = (session: Session): Pick<InspectHandlers, 'inspect/complete' | 'reward/score'> => ({
  'inspect/complete': async ({ checkpointIds, ...asked }, course) => {
    const all: string[][] = [];
    for (const id of checkpointIds) all.push(await completions(session, id, asked, course));
    return all;
  },

  'reward/score': ({ checkpointId, text }, course) =>
    session.lend(checkpointId, async ({ network, corpus }, info) => {
      needJudge(network);
      return scoreText(network, corpus, info?.pooling ?? 'last', text, course);
    }),
});

function completions(
  session: Session,
  id: string,
  { prompts, sampling, seed }: Omit<Calls['inspect/complete']['params'], 'checkpointIds'>,
  { breathe }: Course,
): Promise<string[]> {
  return session.lend(id, async ({ network, corpus }, info) => {
    needWriter(network);
    // the same stream for every model, so that what differs is the model
    const random = Random.fromSeed(parse(SeedSchema, seed)).fork('complete');
    // one that learns meanwhile writes in one piece, or its texts would be of several models
    const pauses = info === null ? undefined : breathe;
    const texts = await write(network, corpus, prompts, parse(SamplingSchema, sampling), random, pauses);
    return texts.map(({ completion }) => completion);
  });
}
