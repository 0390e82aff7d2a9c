import { useShallow } from 'zustand/react/shallow';
import { type PpoPhase, type RunKind, stepNoun } from '../../contract/domain';
import { useLab } from '../../store/lab';
import { howFar } from '../../store/page/tab';
import { keptByReset } from '../../store/rounds/roundsSlice';
import type { LabState } from '../../store/state';
import { formatCount } from '../primitives/format';
import { TransportBar } from '../primitives/TransportBar';
import { useHeld, useInLesson, useTransportInstead } from './LessonView';
import { useHasLasted } from './useHasLasted';

interface RunTransportProps {
  kind: RunKind;
  /** why the stage cannot train yet, in a sentence */
  blocked?: string | null;
  /** steps of the next run, while none is there */
  plannedSteps?: number;
}

/** what is not known yet of this run; null when all is */
function waitingWords({ session, runs }: LabState, kind: RunKind): string | null {
  const far = howFar(session.tab);
  if (far === 'starting') return 'Looking for earlier work in this browser…';
  if (far === 'ready' && runs[kind].busy !== 'restoring') return null;
  return session.resume === null ? 'The lab is starting…' : 'Bringing earlier work back…';
}

/** what a pause waits for: it acts between two of them, where a run can be stored and goes on to the same numbers */
function inHand(kind: RunKind, phase: PpoPhase | null): string {
  return phase === null ? `this ${stepNoun(kind)}` : `the ${phase} in hand`;
}

/** The transport bar of a stage, bound to its run; or what a recording has in its place. */
export function RunTransport(props: RunTransportProps) {
  const instead = useTransportInstead();
  return instead ?? <LiveTransport {...props} />;
}

function LiveTransport({ kind, blocked, plannedSteps = 0 }: RunTransportProps) {
  const { state, busy, history } = useLab((lab) => lab.runs[kind]);
  const { play, pause, step, reset } = useLab(
    useShallow(({ runs }) => ({ play: runs.play, pause: runs.pause, step: runs.step, reset: runs.reset })),
  );
  const show = useLab((lab) => lab.inspect.show);
  const kept = useLab((lab) => keptByReset(lab, kind));
  const unknown = useLab((lab) => waitingWords(lab, kind));
  const held = useHeld();
  const inLesson = useInLesson();
  const isSlow = useHasLasted(busy === 'pausing');
  const waiting = unknown ?? (isSlow ? `Pauses as soon as ${inHand(kind, state?.phase ?? null)} is finished…` : null);
  const seed = useLab((lab) => lab.config.value.seed);
  const speed = history.at(-1)?.values['perf/tokensPerSecond'];
  return (
    <TransportBar
      noun={stepNoun(kind)}
      status={state?.status ?? null}
      step={state?.step ?? 0}
      totalSteps={state?.totalSteps ?? plannedSteps}
      elapsedMs={state?.elapsedMs ?? 0}
      rate={speed === undefined ? undefined : `${formatCount(speed)} tokens/s`}
      seed={seed}
      kept={kept}
      busy={busy !== null}
      waiting={waiting}
      blocked={held ?? blocked ?? null}
      onTrain={() => play(kind)}
      onPause={() => pause(kind)}
      onStep={() => step(kind)}
      onReset={() => reset(kind)}
      {...(!inLesson && { onInspect: () => show(undefined, kind) })} // the drawer is the page's
    />
  );
}
