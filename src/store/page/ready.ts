import type { LabState } from '../state';
import { howFar } from './tab';

/** Whether the thread answers and everything stored is back: what a press acts on is known from now on. */
export const isReady = ({ engine, session }: LabState): boolean =>
  engine.status === 'ready' && howFar(session.tab) === 'ready';

/** Whether what is done now outlives this window; false while everything is held in memory. */
export const outlivesWindow = ({ session }: LabState): boolean =>
  session.storage !== 'memory' && session.storage !== 'full';
