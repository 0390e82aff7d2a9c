import { Suspense } from 'react';
import { useStore } from 'zustand';
import { type RunKind, stepNoun } from '../../contract/domain';
import type { LessonPlace, ShownPart } from '../../contract/lesson';
import { inWords } from '../../contract/limits';
import { type Lab, LabContext, useLabStore } from '../../store/lab';
import { RUN_NAMES } from '../../store/notebook/words';
import { stageOf } from '../../store/page/stageStatus';
import { recordedLabOf, usePlayer } from '../../store/recorded/player';
import { InLesson } from '../../ui/panels/LessonView';
import { Button } from '../../ui/primitives/Button';
import { formatDuration } from '../../ui/primitives/format';
import { Segments } from '../../ui/primitives/Segments';
import { ErrorBoundary } from '../../ui/shell/ErrorBoundary';
import { HEADINGS, PANELS } from '../../ui/shell/stages';
import { PlayerBar } from './PlayerBar';
import styles from './Recorded.module.css';

/** pictures of a run; what asks the thread is not there while nothing is computed */
const PICTURES: readonly ShownPart[] = [
  'samples',
  'loss',
  'accuracy',
  'margins',
  'disagreements',
  'chart:iterations',
  'chart:small',
  'health',
  'rollouts',
  'beforeAfter',
];

const placeOf = (kind: RunKind): LessonPlace =>
  kind === 'ppo' || kind === 'dpo' || kind === 'bestOf' ? `optimise/${kind}` : kind;

const dateOf = (at: number): string => new Date(at).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

function Tracks() {
  const { tracks, track, choose } = usePlayer(({ tracks, track, choose }) => ({ tracks, track, choose }));
  if (tracks.length < 2) return null;
  const options = tracks.map(({ kind }, i) => ({ value: String(i), label: RUN_NAMES[kind] }));
  return <Segments label="Run" value={String(track)} options={options} onChange={(value) => choose(Number(value))} />;
}

/** how far a fork is, by this machine's own speed */
function Remaining({ kind }: { kind: RunKind }) {
  const own = recordedLabOf(useLabStore());
  return own && <RemainingIn lab={own} kind={kind} />;
}

function RemainingIn({ lab, kind }: { lab: Lab; kind: RunKind }) {
  const done = useStore(lab, ({ runs }) => runs[kind].history.length);
  const elapsedMs = useStore(lab, ({ runs }) => runs[kind].history.at(-1)?.elapsedMs ?? 0);
  const wanted = usePlayer(({ step }) => step);
  if (done === 0) return null;
  const left = Math.max(0, ((wanted - done) * elapsedMs) / done);
  return (
    <span>
      {inWords(done)} of {inWords(wanted)}, about {formatDuration(left)} left
    </span>
  );
}

/** what stands on the page is said above it, always */
function Band() {
  const { about, tracks, track, fork, step, isSame, trouble, losses } = usePlayer((player) => player);
  const { leave, unfork } = usePlayer(({ leave, unfork }) => ({ leave, unfork }));
  const { kind, seed, hash } = tracks[track]!;
  const made =
    about && `Real run of ${dateOf(about.madeAt)}, seed ${seed}, numbers ${hash.slice(0, 4)} ${hash.slice(4)}.`;
  const at = `${stepNoun(kind)} ${inWords(step)}`;
  return (
    <div className={styles.band} data-fork={fork} role="status">
      <b className={styles.badge}>{fork === 'none' ? 'Recorded' : 'Live'}</b>
      {fork === 'none' && (
        <span className={styles.said}>
          <b>Nothing is computed here now.</b> {about?.title}. {made}
        </span>
      )}
      {fork === 'computing' && (
        <span className={styles.said}>
          <b>Made again from its seed</b> up to {at}, then it is yours.
        </span>
      )}
      {fork === 'live' && (
        <span className={styles.said}>
          <b>Forked at {at}.</b>{' '}
          {isSame
            ? 'What was made again has the numbers of the recording, bit by bit.'
            : losses.length > 0
              ? 'A part of the recording is damaged, so the digits may differ from it.'
              : 'This machine computes with another arithmetic: from here the digits may differ.'}
        </span>
      )}
      {fork === 'none' && losses.length > 0 && (
        <span className={styles.trouble}>{losses.join('; ')}. The rest is as it was written.</span>
      )}
      {fork === 'computing' && <Remaining kind={kind} />}
      {trouble !== null && <span className={styles.trouble}>{trouble}</span>}
      <span className={styles.bandEnd}>
        {fork === 'none' && <Tracks />}
        {fork !== 'none' && <Button onClick={() => void unfork()}>Back to the recording</Button>}
        <Button onClick={leave}>Other recordings…</Button>
      </span>
    </div>
  );
}

/** The stage of a recorded run, over the recording's own lab. */
export function RecordedStage() {
  const lab = useLabStore();
  const { kind, fork } = usePlayer(({ tracks, track, fork }) => ({ kind: tracks[track]!.kind, fork }));
  const own = recordedLabOf(lab);
  if (own === null) return null;
  const page = stageOf(kind);
  const Panel = PANELS[page];
  const opening = <p className={styles.opening}>Opening {HEADINGS[page]}…</p>;
  const view =
    fork === 'live'
      ? { place: placeOf(kind), show: null, mark: null, held: null }
      : { place: placeOf(kind), show: PICTURES, mark: null, held: null, transport: <PlayerBar lab={lab} /> };
  return (
    <section className={styles.recorded} aria-label="Recorded run">
      <Band />
      <div className={fork === 'none' ? styles.stage : `${styles.stage} ${styles.live}`}>
        <LabContext value={own}>
          <InLesson value={view}>
            <ErrorBoundary key={page}>
              <Suspense fallback={opening}>
                <Panel key={kind} />
              </Suspense>
            </ErrorBoundary>
          </InLesson>
        </LabContext>
      </div>
    </section>
  );
}
