/** Every call of the protocol and who answers it. */
import type { Course, Handlers } from '../../contract/protocol';
import type { Session } from '../session';
import { arenaHandlers } from './arena';
import { classHandlers } from './classroom';
import { compareHandlers } from './compare';
import { corpusHandlers } from './corpus';
import { demonstrationHandlers } from './demonstrations';
import { engineHandlers } from './engine';
import { gridHandlers } from './grid';
import { inspectHandlers } from './inspect';
import { measureHandlers } from './measure';
import { runHandlers } from './runs';
import { shelfHandlers } from './shelf';
import { tasteHandlers } from './taste';
import { translateHandlers } from './translate';

export const createHandlers = (session: Session): Handlers =>
  surviving(session, {
    ...engineHandlers(session),
    ...corpusHandlers(session),
    ...shelfHandlers(session),
    ...runHandlers(session),
    ...inspectHandlers(session),
    ...compareHandlers(session),
    ...tasteHandlers(session),
    ...measureHandlers(session),
    ...demonstrationHandlers(session),
    ...translateHandlers(session),
    ...gridHandlers(),
    ...arenaHandlers(),
    ...classHandlers(session),
  });

/** the same handlers; a device that goes away under one of them costs its caller time and nothing else */
function surviving(session: Session, handlers: Handlers): Handlers {
  const again = Object.entries(handlers).map(([kind, handle]) => [
    kind,
    (params: unknown, course: Course) =>
      session.recovery.survive(() => (handle as (params: unknown, course: Course) => Promise<unknown>)(params, course)),
  ]);
  return Object.fromEntries(again) as Handlers;
}
