import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Lab, useLab, useLabStore } from '../../../store/lab';
import { useScreenKeys } from '../../primitives/useKeys';
import { type Act, BY_KEY, MOVES } from './acts';
import { type Shown, type Steering, useNotesChannel } from './channel';
import { useHands } from './hands';
import type { Ring } from './Pointer';
import { type RunOfScreen, useRunOf } from './runOf';
import { SCREENS } from './screens';
import { useSketch } from './sketch';
import { useRecorded } from './useRecorded';

/** The lab as it stands now, for good: the run behind it goes on, what is drawn from this does not. */
function heldLab(lab: Lab): Lab {
  const state = lab.getState();
  return { ...lab, getState: () => state, subscribe: () => () => undefined };
}

interface Held {
  screen: number;
  lab: Lab;
  /** how far the run of that screen was */
  words: string | null;
}

const inRange = (at: number): number => Math.min(SCREENS.length - 1, Math.max(0, at));

function toggleWholeScreen(): void {
  // refused where the browser wants a finger on the screen first: then all stays as it is
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.())?.catch(
    () => undefined,
  );
}

/** @returns opens the notes in a window of their own; false where the browser forbids that */
function openNotes(id: string): boolean {
  return window.open(`#/notes/${id}`, `notes-${id}`, 'popup,width=1100,height=720') !== null;
}

function useElapsed(): number {
  const { now } = useLabStore();
  const [began] = useState(now);
  const [elapsedMs, setElapsed] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setElapsed(Math.floor((now() - began) / 1000) * 1000), 1000);
    return () => clearInterval(timer);
  }, [now, began]);
  return elapsedMs;
}

export interface Show extends Shown {
  /** the lab that the room's picture is drawn from */
  lab: Lab;
  /** how far the run of the picture is, or was when it was held */
  heldAt: string | null;
  hasNotesBelow: boolean;
  ring: RefObject<Ring | null>;
  runOfScreen: RunOfScreen | null;
  press: (act: Act) => void;
  steering: Steering;
  /** a window of notes was here and is closed */
  areNotesClosed: boolean;
}

/** What the room's picture is drawn from: the lab or a recording, as it stands or as it was when it was held. */
function usePicture(at: number) {
  const live = useLabStore();
  const [held, setHeld] = useState<Held | null>(null);
  const runOfScreen = useRunOf(SCREENS[at]?.run);
  const recorded = useRecorded(SCREENS[at]?.run);
  const lab = recorded.lab ?? live;
  const run = recorded.words ?? runOfScreen?.words ?? null;
  return {
    lab: held?.lab ?? lab,
    seen: held?.screen ?? at,
    isFrozen: held !== null,
    heldAt: held?.words ?? null,
    isRecorded: recorded.lab !== null,
    run,
    runOfScreen,
    freeze: () => setHeld(held ? null : { screen: at, lab: heldLab(lab), words: run }),
    play: () => (recorded.lab ? recorded.play() : runOfScreen?.toggle()),
    toggleRecording: () => recorded.toggle(),
  };
}

/** What the room sees and what the one who speaks presses. */
export function useShow(): Show {
  const live = useLabStore();
  const at = useLab(({ view }) => view.screen ?? 0);
  const { present } = useLab(({ view }) => view);
  const { freeze, play, toggleRecording, lab, heldAt, runOfScreen, ...picture } = usePicture(at);
  const [cover, setCover] = useState<Shown['cover']>(null);
  const [isPointing, setPointing] = useState(false);
  const [hasNotesBelow, setNotesBelow] = useState(false);
  const [id] = useState(() => live.newId('talk'));
  const ring = useRef<Ring | null>(null);
  const [hands, countHand, clearHands] = useHands();
  const sketch = useSketch(() => document.querySelector('[data-place="screen"] [data-hero]'));
  const elapsedMs = useElapsed();

  const go = (next: number) => {
    setCover(null);
    present(inRange(next));
  };
  const toggleCover = (next: 'black' | 'white') => setCover((old) => (old === next ? null : next));
  const prefer = (side: 'a' | 'b') => {
    const { pairs } = live.getState();
    if (SCREENS[at]?.picture !== 'pair' || !pairs.shown || picture.isFrozen) return;
    void pairs.vote(side);
    clearHands(at); // another pair comes
  };
  const press = useActs(
    {
      forward: () => go(at + 1),
      back: () => go(at - 1),
      first: () => go(0),
      last: () => go(SCREENS.length - 1),
      black: () => toggleCover('black'),
      white: () => toggleCover('white'),
      freeze,
      point: () => setPointing((old) => !old),
      notes: () => setNotesBelow(!hasNotesBelow && !openNotes(id)),
      run: play,
      recorded: toggleRecording,
      preferA: () => prefer('a'),
      preferB: () => prefer('b'),
      whole: toggleWholeScreen,
      leave: () => present(null),
    },
    isPointing ? ring : null,
  );
  const theme = document.documentElement.dataset.theme ?? 'light';
  const size = `${innerWidth} × ${innerHeight}`;
  const shown: Shown = { ...picture, at, cover, isPointing, elapsedMs, theme, hands, size, sketch };
  const steering: Steering = {
    press,
    count: countHand,
    move: (x, y) => ring.current?.move(x, y),
    point: (x, y) => ring.current?.put(x, y),
  };
  const areNotesClosed = useNotesChannel(id, shown, steering);
  return { ...shown, lab, heldAt, hasNotesBelow, ring, runOfScreen, press, steering, areNotesClosed };
}

/**
 * Lets the keys of the keyboard, and of clickers, do the acts.
 * @param ring which the arrows move while it shows
 * @returns does one
 */
function useActs(acts: Record<Act, () => void>, ring: RefObject<Ring | null> | null): (act: Act) => void {
  const press = (act: Act) => acts[act]();
  useScreenKeys<'Presenter'>((code, isHeld) => {
    const move = ring && MOVES[code];
    if (move) return ring.current?.move(move[0], move[1]);
    const act = BY_KEY[code];
    if (act && !isHeld) press(act);
  });
  return press;
}
