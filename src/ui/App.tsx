import { type ReactNode, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../store/lab';
import { corpusWords } from '../store/text/corpusWords';
import './theme/tokens.css';
import './theme/global.css';
import styles from './App.module.css';
import { fetchParts } from './parts';
import { Notices, Toasts } from './primitives/Notices';
import { ExactTokens, Verbatim } from './primitives/StoryText';
import { ErrorBoundary } from './shell/ErrorBoundary';
import { Header } from './shell/Header';
import { OverStage } from './shell/OverStage';
import { CheckpointsDrawer, HEADINGS, InspectDrawer, PANELS, PresenterScreen, SourceSheet } from './shell/stages';
import { Underway } from './shell/Underway';
import { useStrayDrops } from './shell/useStrayDrops';

/**
 * Everything else comes while the visitor looks at the first screen; what did not come is fetched when the network is
 * back.
 */
function useRest(): void {
  const fetchRest = useLab((state) => state.session.fetchRest);
  useEffect(() => {
    const fetch = () => void fetchRest(fetchParts);
    fetch();
    window.addEventListener('online', fetch);
    return () => window.removeEventListener('online', fetch);
  }, [fetchRest]);
}

/** what led here may have asked for something of the stage, which has the focus then */
const hasFocus = (): boolean => document.getElementById('main')?.contains(document.activeElement) === true;

/**
 * Mounted with the stage it stands beside: names the document, and after a change of stage moves the focus to its
 * heading.
 */
function Arrival({ heading, moved }: { heading: string; moved: boolean }) {
  useRest();
  // on a phone the window scrolls, and would stay where the stage before was left
  useLayoutEffect(() => {
    if (moved) scrollTo(0, 0);
  }, [moved]);
  useEffect(() => {
    document.title = `${heading} · RLHF Lab`;
    if (moved && !hasFocus())
      document.querySelector<HTMLElement>('[data-stage-heading]')?.focus({ preventScroll: true });
  }, [heading, moved]);
  return null;
}

function CurrentStage() {
  const stage = useLab((state) => state.view.stage);
  const first = useRef(stage);
  const moved = useRef(false);
  moved.current ||= stage !== first.current;
  const Panel = PANELS[stage];
  return (
    <ErrorBoundary key={stage}>
      <Suspense fallback={<p className={styles.opening}>Opening {HEADINGS[stage]}…</p>}>
        <Panel />
        <Arrival heading={HEADINGS[stage]} moved={moved.current} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Trouble() {
  const { notices, act, dismiss } = useLab(
    useShallow(({ notices }) => ({ notices: notices.notices, act: notices.act, dismiss: notices.dismiss })),
  );
  return <Notices notices={notices} onAct={(action, noticeId) => void act(action, noticeId)} onDismiss={dismiss} />;
}

function Messages() {
  const { toasts, act, dismissToast } = useLab(
    useShallow(({ notices }) => ({ toasts: notices.toasts, act: notices.act, dismissToast: notices.dismissToast })),
  );
  return (
    <Toasts
      toasts={toasts}
      onAct={(action, toastId) => {
        dismissToast(toastId);
        void act(action);
      }}
    >
      <Underway />
    </Toasts>
  );
}

function Inspecting() {
  const { open, hide } = useLab(useShallow(({ inspect }) => ({ open: inspect.open, hide: inspect.hide })));
  return open ? (
    <OverStage title="Inspect" shape="drawer" onClose={hide}>
      <InspectDrawer />
    </OverStage>
  ) : null;
}

function Shelving() {
  const { open, hide } = useLab(useShallow(({ shelf }) => ({ open: shelf.open, hide: shelf.hide })));
  return open ? (
    <OverStage title="Checkpoints" shape="drawer" onClose={hide}>
      <CheckpointsDrawer />
    </OverStage>
  ) : null;
}

function Reading() {
  const { open, close } = useLab(useShallow(({ view }) => ({ open: view.source !== null, close: view.closeSource })));
  return open ? (
    <OverStage title="Source" shape="sheet" onClose={close}>
      <SourceSheet />
    </OverStage>
  ) : null;
}

function Presenting() {
  const { open, present } = useLab(useShallow(({ view }) => ({ open: view.screen !== null, present: view.present })));
  return open ? (
    <OverStage title="Presenter" shape="box" onClose={() => present(null)}>
      <PresenterScreen />
    </OverStage>
  ) : null;
}

/**
 * How texts are shown everywhere: readable or token by token, and never with a sign or space that an own text does not
 * have.
 */
function PageTexts({ children }: { children: ReactNode }) {
  const exactTokens = useLab((state) => state.view.exactTokens);
  const ownText = useLab((state) => corpusWords(state.corpus.summary).ownText);
  return (
    <ExactTokens value={exactTokens}>
      <Verbatim value={ownText}>{children}</Verbatim>
    </ExactTokens>
  );
}

/** The page: header, messages, one stage, and a drawer over it. */
export function App() {
  useStrayDrops();
  return (
    <PageTexts>
      <div className={styles.page}>
        <div className={styles.shell}>
          <Header />
          <Trouble />
          <main className={styles.main} id="main">
            <CurrentStage />
          </main>
        </div>
      </div>
      <Messages />
      <Inspecting />
      <Shelving />
      <Reading />
      <Presenting />
    </PageTexts>
  );
}
