/** The screen is kept awake while something goes on that a visitor watches: a run, a class, a talk. */
import { RUN_KINDS } from '../../contract/domain';
import type { Lab } from '../lab';
import type { LabState } from '../state';

type Watched = Pick<LabState, 'runs' | 'sweep' | 'lesson' | 'view' | 'classroom' | 'session'>;

/** @returns whether something goes on */
export function isWatched({ runs, sweep, lesson, view, classroom, session }: Watched): boolean {
  const isClass = view.stage === 'class' && (classroom.teacher !== null || classroom.student !== null);
  return (
    RUN_KINDS.some((kind) => runs[kind].state?.status === 'running') ||
    sweep.live !== null ||
    session.beside > 0 ||
    lesson.live !== null ||
    view.stage === 'lesson' ||
    view.screen !== null ||
    isClass
  );
}

/** what of the browser it needs; `wakeLock` is absent over plain http and in older browsers */
export interface Screen {
  wakeLock: Pick<WakeLock, 'request'> | undefined;
  isVisible(): boolean;
  /** @returns what stops listening */
  onVisibility(listener: () => void): () => void;
}

const browserScreen = (): Screen => ({
  wakeLock: (navigator as { wakeLock?: WakeLock }).wakeLock,
  isVisible: () => document.visibilityState === 'visible',
  onVisibility(listener) {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
});

/**
 * Asks for the screen when something begins, and lets go of it at its end. The browser takes it back whenever the page is
 * hidden, so it is asked again when the page is seen; what it refuses, with an empty battery say, stays refused until then.
 * @returns what stops it
 */
export function keepAwake(lab: Lab, screen: Screen = browserScreen()): () => void {
  const { wakeLock } = screen;
  if (!wakeLock) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let isAsking = false;
  let wasWanted = false;

  const ask = async (): Promise<void> => {
    isAsking = true;
    const sentinel = await wakeLock.request('screen').catch(() => null);
    isAsking = false;
    held = sentinel;
    sentinel?.addEventListener('release', () => {
      if (held === sentinel) held = null;
    });
    if (sentinel && !wasWanted) letGo(); // it was over before the browser had answered
  };
  const letGo = (): void => {
    void held?.release().catch(() => undefined);
    held = null;
  };
  const follow = (): void => {
    const wanted = isWatched(lab.getState());
    if (wanted === wasWanted) return;
    wasWanted = wanted;
    if (!wanted) letGo();
    else if (!isAsking && held === null && screen.isVisible()) void ask();
  };
  const seenAgain = (): void => {
    if (wasWanted && held === null && !isAsking && screen.isVisible()) void ask();
  };
  const stops = [lab.subscribe(follow), screen.onVisibility(seenAgain)];
  follow();
  return () => {
    for (const stop of stops) stop();
    wasWanted = false;
    letGo();
  };
}
