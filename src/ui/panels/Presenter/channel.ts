/** Between the presenter and the window of its notes: what is shown goes one way, what is pressed the other. */
import { useEffect, useRef, useState } from 'react';
import { ACTS, type Act } from './acts';

/** What the notes need to know; the screens themselves both have. */
export interface Shown {
  /** where the one who speaks is */
  at: number;
  /** what the room sees */
  seen: number;
  isFrozen: boolean;
  cover: 'black' | 'white' | null;
  isPointing: boolean;
  /** "PPO · iteration 12 of 40" */
  run: string | null;
  /** since the presenter was opened */
  elapsedMs: number;
  theme: string;
}

type Message = { kind: 'hello' } | { kind: 'ended' } | { kind: 'shown'; shown: Shown } | { kind: 'press'; act: Act };

const nameOf = (id: string): string => `rlhf-lab presenter ${id}`;
/** only this page writes there, but perhaps another version of it */
const isAct = (act: unknown): act is Act => ACTS.some((one) => one === act);

const open = (id: string): BroadcastChannel | null =>
  typeof BroadcastChannel === 'function' ? new BroadcastChannel(nameOf(id)) : null;

/** Tells the notes what is shown, now and when they ask, and hears what is pressed there. */
export function useNotesChannel(id: string, shown: Shown, press: (act: Act) => void): void {
  const latest = useRef({ shown, press });
  latest.current = { shown, press };
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    const mine = open(id);
    channel.current = mine;
    mine?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'hello') mine.postMessage({ kind: 'shown', shown: latest.current.shown });
      if (data.kind === 'press' && isAct(data.act)) latest.current.press(data.act);
    });
    return () => {
      mine?.postMessage({ kind: 'ended' });
      mine?.close();
    };
  }, [id]);
  const words = JSON.stringify(shown);
  useEffect(() => channel.current?.postMessage({ kind: 'shown', shown: JSON.parse(words) }), [words]);
}

/** @returns what the presenter shows, null before it has said so; whether it has ended; and what presses its keys */
export function useShown(id: string) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [ended, setEnded] = useState(false);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    const mine = open(id);
    channel.current = mine;
    mine?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'shown') setShown(data.shown);
      if (data.kind === 'shown' || data.kind === 'ended') setEnded(data.kind === 'ended');
    });
    mine?.postMessage({ kind: 'hello' });
    return () => mine?.close();
  }, [id]);
  return { shown, ended, press: (act: Act) => channel.current?.postMessage({ kind: 'press', act }) };
}
