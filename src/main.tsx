import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { firstThread, WorkerClient } from './client/workerClient';
import { LESSONS, lessonTexts } from './lessons/lessons';
import { browserAddress } from './store/address/url';
import { createLab, LabContext } from './store/lab';
import { onDemand } from './store/page/onDemand';
import { askToKeep, isKept } from './store/persistence/askToKeep';
import { browserCards } from './store/persistence/cards';
import { idbStorage } from './store/persistence/idbStorage';
import { browserReminder } from './store/persistence/reminder';
import { webLock } from './store/persistence/tabLock';
import { App } from './ui/App';
import { LessonTexts, StageExtras } from './ui/shell/StageExtra';
import { NotesWindow } from './ui/shell/stages';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');

/** The lab in this tab, and all that the page tells it. */
function openLab(root: HTMLElement): void {
  const lab = createLab(new WorkerClient(firstThread()), idbStorage(), {
    address: browserAddress(),
    lock: webLock(),
    reminder: browserReminder(),
    cards: browserCards(),
    askToKeep: askToKeep(),
    isKept,
    versions: onDemand('keeps the page', () =>
      import('./store/persistence/versions').then(({ workerVersions }) => workerVersions()),
    ),
    connect: () => new WorkerClient(),
    storageBeside: (name) => idbStorage(`rlhf-lab-${name}`),
  });
  void lab.getState().session.boot();
  // what does not come now comes with the rest of the page
  const ignore = () => undefined;
  onDemand('keeps the screen awake', () => import('./store/page/wakeLock').then((part) => part.keepAwake(lab)))().catch(
    ignore,
  );
  const sayWhatIsMissing = () => import('./store/page/overHttp').then((part) => part.sayWhatIsMissing(lab));
  if (!isSecureContext) onDemand('knows this browser', sayWhatIsMissing)().catch(ignore);

  /** the tab may be gone in a moment: what runs is stored as it stands */
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void lab.getState().session.saveNow();
  });

  /** a bug that no action caught still reaches the visitor, with the work kept */
  const report = (reason: unknown) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    lab.getState().notices.report({ code: undefined, message: error.message, stack: error.stack });
  };
  addEventListener('error', (event) => {
    // the browser's own remarks (ResizeObserver loops) carry no error
    if (event.error instanceof Error) report(event.error);
  });
  addEventListener('unhandledrejection', (event) => report(event.reason));

  createRoot(root, { onUncaughtError: report }).render(
    <StrictMode>
      <LabContext value={lab}>
        <StageExtras value={LESSONS}>
          <LessonTexts value={lessonTexts}>
            <App />
          </LessonTexts>
        </StageExtras>
      </LabContext>
    </StrictMode>,
  );
}

/** The second window of a presenter knows what that tells it: a lab here would take the stored one away from the first. */
function openNotes(root: HTMLElement, id: string): void {
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={null}>
        <NotesWindow id={id} />
      </Suspense>
    </StrictMode>,
  );
}

const notes = /^#\/notes\/(.+)$/.exec(location.hash)?.[1];
if (notes === undefined) openLab(root);
else openNotes(root, notes);
