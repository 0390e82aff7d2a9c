import { RUN_KINDS } from '../../contract/domain';
import type { LabState } from '../state';

type Told = Pick<LabState, 'runs' | 'sweep' | 'lesson' | 'work' | 'session'>;

/** Whether a reload would interrupt something. */
export const isComputing = ({ runs, sweep, lesson, work, session }: Told): boolean =>
  RUN_KINDS.some((kind) => runs[kind].state?.status === 'running' || runs[kind].busy !== null) ||
  sweep.live !== null ||
  lesson.live !== null ||
  session.beside > 0 ||
  Object.keys(work.underway).length > 0;
