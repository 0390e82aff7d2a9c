import type { CallKind, Handlers } from '../../contract/protocol';
import { KnobsSchema, parse, UntilSchema } from '../schemas';
import type { Session } from '../session';

type RunHandlers = Pick<Handlers, Extract<CallKind, `run/${string}`>>;

export const runHandlers = (session: Session): RunHandlers => ({
  'run/create': ({ runId, spec, labels }, course) => session.createRun(runId, spec, labels, course),
  'run/restore': ({ runId, snapshot, madeFrom, labels }, course) =>
    session.restoreRun(runId, snapshot, madeFrom, labels, course),
  'run/play': async ({ runId, until }) => {
    await session.recovery.settled();
    return session.run(runId).play(parse(UntilSchema, until));
  },
  'run/pause': async ({ runId }) => session.run(runId).pause(),
  'run/step': async ({ runId }) => {
    await session.recovery.settled();
    return session.run(runId).step();
  },
  'run/adjust': async ({ runId, knobs }) => {
    const given = Object.entries(parse(KnobsSchema, knobs)).filter(([, value]) => value !== undefined);
    return session.run(runId).adjust(Object.fromEntries(given));
  },
  'run/snapshot': async ({ runId, changes = false }) => session.saveRun(runId, changes),
  'run/keep': async ({ runId }) => session.run(runId).keep(),
  'run/dispose': async ({ runId }) => {
    await session.disposeRun(runId);
  },
  'run/batch': ({ runId }) => session.run(runId).batch(),
  'run/watch': async ({ runId, attention }) => {
    session.run(runId).watch(attention);
  },
});
