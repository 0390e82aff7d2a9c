/** Every call of the protocol and who answers it. */
import type { Handlers } from '../../contract/protocol';
import type { Session } from '../session';
import { compareHandlers } from './compare';
import { corpusHandlers } from './corpus';
import { engineHandlers } from './engine';
import { inspectHandlers } from './inspect';
import { runHandlers } from './runs';
import { shelfHandlers } from './shelf';

export const createHandlers = (session: Session): Handlers => ({
  ...engineHandlers(session),
  ...corpusHandlers(session),
  ...shelfHandlers(session),
  ...runHandlers(session),
  ...inspectHandlers(session),
  ...compareHandlers(session),
});
