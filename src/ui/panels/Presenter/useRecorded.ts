/** A recorded run in the place of the live one, for a talk without time: always said to be recorded. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type RunKind, stepNoun } from '../../../contract/domain';
import type { RecordingId } from '../../../contract/recording';
import { type Lab, useLabStore } from '../../../store/lab';
import { RUN_NAMES } from '../../../store/models/roles';
import { recordedLabOf, recordingPlayer } from '../../../store/recorded/player';
import { shippedRecording } from '../../../store/recorded/shipped';
import { formatInteger } from '../../primitives/format';

/** which recording holds a run of this kind */
const WITH: Partial<Record<RunKind, RecordingId>> = { pretrain: 'pretrain', reward: 'ppo', ppo: 'ppo', dpo: 'dpo' };

export interface RecordedShow {
  /** the lab that the picture is drawn from; null while none is open */
  lab: Lab | null;
  /** "Recorded · PPO · iteration 12 of 40"; why there is none, in words; null while nothing is asked for */
  words: string | null;
  isOn: boolean;
  /** takes the recording, or goes back to the live run */
  toggle(): void;
  /** plays or halts it */
  play(): void;
}

/** @param kind of the run that the screen speaks of */
export function useRecorded(kind: RunKind | undefined): RecordedShow {
  const lab = useLabStore();
  const player = recordingPlayer(lab);
  const { status, trouble, tracks, track, step } = useStore(player);
  const [wanted, want] = useState(false);
  const id = kind && WITH[kind];
  const isOn = wanted && id !== undefined;
  useEffect(() => {
    const { name, open } = player.getState();
    if (isOn && id && name !== `${id}.rlhflab`) void open(() => shippedRecording(id), `${id}.rlhflab`);
  }, [isOn, id, player]);
  useEffect(() => {
    const { tracks: all, name, choose, setSpeed, toggle } = player.getState();
    if (!isOn || status !== 'ready' || name !== `${id}.rlhflab`) return;
    choose(all.findIndex((one) => one.kind === kind));
    setSpeed(4);
    toggle();
  }, [isOn, id, kind, status, player]);
  // what the presenter opened goes with it
  useEffect(() => () => void (player.getState().status !== 'none' && player.getState().leave()), [player]);
  const shown = status === 'ready' ? tracks[track] : undefined;
  const isHere = isOn && shown?.kind === kind;
  const progress = shown && `${stepNoun(shown.kind)} ${formatInteger(step)} of ${formatInteger(shown.totalSteps)}`;
  const opening = trouble === null ? 'Opening the recording…' : `No recording: ${trouble}`;
  return {
    isOn,
    lab: isHere ? recordedLabOf(lab) : null,
    words: !isOn ? null : isHere && shown ? `Recorded · ${RUN_NAMES[shown.kind]} · ${progress}` : opening,
    toggle: () => id !== undefined && want(!wanted),
    play: () => player.getState().toggle(),
  };
}
