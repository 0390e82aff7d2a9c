/** Between the presenter and the window of its notes: what is shown goes one way, what is pressed the other. */
import { useEffect, useRef, useState } from 'react';
import { ACTS, type Act } from './acts';
import type { Hands } from './hands';

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
  /** hands by screen, one number for each of its answers */
  hands: Hands;
  /** the picture comes from a recording */
  isRecorded: boolean;
  /** of the room's window, "1920 × 1080" */
  size: string;
  /** what is drawn for the room, as a data URL; null where nothing is */
  sketch: string | null;
}

/** What the notes steer besides the keys. */
export interface Steering {
  press(act: Act): void;
  /** one hand more, or one less */
  count(screen: number, answer: number, by: 1 | -1): void;
  /** moves the ring by steps */
  move(x: number, y: number): void;
  /** puts the ring at a share of the room's window */
  point(x: number, y: number): void;
}

type Message =
  | { kind: 'hello' }
  | { kind: 'ended' }
  | { kind: 'closed' }
  | { kind: 'shown'; shown: Shown }
  | { kind: 'press'; act: Act }
  | { kind: 'count'; screen: number; answer: number; by: 1 | -1 }
  | { kind: 'move' | 'point'; x: number; y: number };

const nameOf = (id: string): string => `rlhf-lab presenter ${id}`;
/** only this page writes there, but perhaps another version of it */
const isAct = (act: unknown): act is Act => ACTS.some((one) => one === act);

const open = (id: string): BroadcastChannel | null =>
  typeof BroadcastChannel === 'function' ? new BroadcastChannel(nameOf(id)) : null;

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;
const isStep = (value: unknown): value is number => value === -1 || value === 0 || value === 1;

/** does what the notes ask for; what is no message of theirs does nothing */
function obey(message: Message, { press, count, move, point }: Steering): void {
  if (message.kind === 'press' && isAct(message.act)) press(message.act);
  if (message.kind === 'count' && (message.by === 1 || message.by === -1))
    count(message.screen, message.answer, message.by);
  if (message.kind === 'move' && isStep(message.x) && isStep(message.y)) move(message.x, message.y);
  if (message.kind === 'point' && isShare(message.x) && isShare(message.y)) point(message.x, message.y);
}

/**
 * Tells the notes what is shown, now and when they ask, and hears what is pressed there.
 * @returns whether a window of notes was here and is closed now
 */
export function useNotesChannel(id: string, shown: Shown, steering: Steering): boolean {
  const latest = useRef({ shown, steering });
  latest.current = { shown, steering };
  const [isClosed, setClosed] = useState(false);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    const mine = open(id);
    channel.current = mine;
    mine?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'hello') mine.postMessage({ kind: 'shown', shown: latest.current.shown });
      if (data.kind === 'hello' || data.kind === 'closed') setClosed(data.kind === 'closed');
      obey(data, latest.current.steering);
    });
    return () => {
      mine?.postMessage({ kind: 'ended' });
      mine?.close();
    };
  }, [id]);
  const words = JSON.stringify(shown);
  useEffect(() => channel.current?.postMessage({ kind: 'shown', shown: JSON.parse(words) }), [words]);
  return isClosed;
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
    const leave = () => mine?.postMessage({ kind: 'closed' });
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
      mine?.close();
    };
  }, [id]);
  const send = (message: Message) => channel.current?.postMessage(message);
  const steering: Steering = {
    press: (act) => send({ kind: 'press', act }),
    count: (screen, answer, by) => send({ kind: 'count', screen, answer, by }),
    move: (x, y) => send({ kind: 'move', x, y }),
    point: (x, y) => send({ kind: 'point', x, y }),
  };
  return { shown, ended, steering };
}
