import * as v from 'valibot';
import type { CallKind, Handlers } from '../../contract/protocol';
import { count, ModelSchema } from '../../formats/schemas';
import { estimateModel } from '../estimate';
import { probe } from '../probe';
import { parse } from '../schemas';
import type { Session } from '../session';

type EngineHandlers = Pick<Handlers, Extract<CallKind, `engine/${string}`> | 'model/estimate'>;

export const engineHandlers = (session: Session): EngineHandlers => ({
  'engine/start': ({ backend, executor, swiftest }) => session.start(backend, executor, swiftest),

  'engine/fast': async ({ fast }) => session.engine.preferFast(parse(v.boolean(), fast)),

  'engine/probe': async (_, course) => {
    const { result, flopsPerSecond } = await probe(session.surroundings.now, course);
    session.flopsPerSecond = flopsPerSecond;
    return result;
  },

  'engine/fetchFiles': async () => {
    await session.surroundings.fetchFiles();
    return undefined;
  },

  'engine/time': async () => session.timeline.look(),

  'engine/trace': async () => {
    const { timeline, surroundings } = session;
    return { spans: timeline.trace(), nowMs: timeline.now(), today: surroundings.today() };
  },

  'engine/memory': async () => session.engine.memory(),

  'model/estimate': async ({ model, batchSize }) => {
    const shape = parse(ModelSchema, model);
    const columns = Math.min(shape.contextLength, session.corpora.rowLength);
    return estimateModel(shape, parse(count(1, 1024), batchSize), columns, session.flopsPerSecond);
  },
});
