/**
 * The recording that is open on the page. While it plays, nothing is computed: the stage is shown what the run showed.
 * Forked, the run is made again from its seed up to the point shown, and is a live one from there.
 */
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import type { RunKind } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type { RecordedTrack, RecordingAbout, StepRange } from '../../contract/recording';
import { hashOfNumbers } from '../../formats/recording';
import { toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { type ThreadRun, threadRun } from '../lessons/threadRun';
import { onePerLab } from '../onePerLab';
import { countsBeside } from '../page/beside';
import { inputsKey } from '../runs/inputs';
import { EMPTY_RUN } from '../runs/runView';
import type { RunView } from '../state';
import { type Recording, readRecording } from './readRecording';
import { openRecordedLab, type RecordedLab } from './recordedLab';
import { elapsedAt, stepAfter, viewAt } from './viewAt';

export const SPEEDS = [0.25, 1, 4, 16] as const;
export type Speed = (typeof SPEEDS)[number];
/** between two looks at the clock */
const TICK_MS = 50;

export interface TrackInWords extends Pick<RecordedTrack, 'kind' | 'totalSteps' | 'hash'> {
  seed: number;
  elapsedMs: number;
  /** of the numbers that are damaged */
  lost: readonly StepRange[];
  /** steps at which texts or pictures changed */
  marks: readonly number[];
}

export interface PlayerState {
  status: 'none' | 'opening' | 'ready' | 'failed';
  trouble: string | null;
  /** of the file that is open, or being opened; '' for none */
  name: string;
  about: RecordingAbout | null;
  tracks: readonly TrackInWords[];
  /** what of the file is damaged and left out, in words */
  losses: readonly string[];
  track: number;
  step: number;
  isPlaying: boolean;
  speed: Speed;
  /** of a fork: none, made again up to the point shown, live from there */
  fork: 'none' | 'computing' | 'live';
  /** milliseconds that it took, when it was made, to come to the step shown; null where that is not known */
  forkMs: number | null;
  /** whether what was made again has the bits of the recording; null before */
  isSame: boolean | null;
  open(file: () => Promise<Blob>, name: string): Promise<void>;
  choose(track: number): void;
  seek(step: number): void;
  toggle(): void;
  setSpeed(speed: Speed): void;
  /** resolves when the run is a live one */
  forkHere(): Promise<void>;
  /** what is made again goes, and the recording is back */
  unfork(): Promise<void>;
  leave(): void;
}

const CLOSED = {
  status: 'none',
  trouble: null,
  name: '',
  about: null,
  tracks: [],
  losses: [],
  forkMs: null,
  track: 0,
  step: 0,
  isPlaying: false,
  fork: 'none',
  isSame: null,
} as const;

const inWords = ({
  kind,
  spec: { seed },
  totalSteps,
  hash,
  points,
  looks,
  lost = [],
}: RecordedTrack): TrackInWords => ({
  kind,
  seed,
  totalSteps,
  hash,
  elapsedMs: points.at(-1)!.elapsedMs,
  lost,
  marks: [...new Set(looks.map(({ step }) => step))],
});

/** without the steps that a recording has lost */
const comparable = (made: readonly MetricPoint[], { lost = [] }: RecordedTrack): MetricPoint[] =>
  made.filter(({ step }) => !lost.some(([first, last]) => step >= first && step <= last));

class RecordingPlayer {
  readonly store: StoreApi<PlayerState>;
  own: RecordedLab | null = null;
  private recording: Recording | null = null;
  private live: ThreadRun | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  /** counts what was opened: what comes too late is closed again */
  private lap = 0;
  /** counts forks that were begun and given up: what comes too late says nothing */
  private forks = 0;

  constructor(private readonly lab: Lab) {
    this.store = createStore<PlayerState>()(() => ({
      ...CLOSED,
      speed: 1,
      open: (file, name) => this.open(file, name),
      choose: (track) => this.choose(track),
      seek: (step) => this.seek(step),
      toggle: () => this.toggle(),
      setSpeed: (speed) => this.setSpeed(speed),
      forkHere: () => this.forkHere(),
      unfork: () => this.unfork(),
      leave: () => this.leave(),
    }));
    const tell = countsBeside(lab);
    this.store.subscribe(({ fork }) => tell(fork !== 'none')); // a fork is gone with the page, at rest too
  }

  private patch = (fields: Partial<PlayerState>) => this.store.setState(fields);

  private get track(): RecordedTrack | null {
    return this.recording?.tracks[this.store.getState().track] ?? null;
  }

  private async open(file: () => Promise<Blob>, name: string): Promise<void> {
    this.leave();
    const mine = this.lap;
    this.patch({ status: 'opening', name });
    try {
      const recording = await readRecording(await file(), name);
      const own = await openRecordedLab(this.lab, recording, recording.tracks[0]!.kind);
      if (mine !== this.lap) return own.close(); // it was left meanwhile
      [this.recording, this.own] = [recording, own];
      const tracks = recording.tracks.map(inWords);
      this.patch({ status: 'ready', about: recording.about, tracks, losses: recording.losses });
      this.choose(0);
    } catch (error) {
      if (mine === this.lap) this.patch({ status: 'failed', trouble: toReport(error).message });
    }
  }

  private leave(): void {
    this.lap++;
    this.forks++;
    this.halt();
    this.own?.close();
    [this.own, this.recording, this.live] = [null, null, null];
    this.patch(CLOSED);
  }

  private putRun(kind: RunKind, view: RunView): void {
    this.own?.lab.setState(({ runs }) => ({ runs: { ...runs, [kind]: view } }));
  }

  /** the runs before the one shown stand at their end, and those after it are not there yet */
  private show(): void {
    const { track: shown, step } = this.store.getState();
    const here = this.track;
    this.patch({ forkMs: here ? elapsedAt(here.points, step) : null });
    for (const [i, track] of (this.recording?.tracks ?? []).entries()) {
      const at = i < shown ? track.totalSteps : i === shown ? step : null;
      this.putRun(track.kind, at === null ? EMPTY_RUN : viewAt(track, at));
    }
  }

  private choose(track: number): void {
    if (this.store.getState().fork !== 'none') return;
    this.halt();
    this.patch({ track, step: 0 });
    this.show();
  }

  private seek(step: number): void {
    const { track } = this;
    if (track === null || this.store.getState().fork !== 'none') return;
    const { isPlaying } = this.store.getState();
    this.halt();
    this.patch({ step: Math.max(0, Math.min(track.totalSteps, Math.round(step))) });
    this.show();
    if (isPlaying) this.play();
  }

  private toggle(): void {
    if (this.store.getState().isPlaying) {
      this.halt();
      return;
    }
    if (this.store.getState().step >= (this.track?.totalSteps ?? 0)) this.seek(0);
    this.play();
  }

  private setSpeed(speed: Speed): void {
    const { isPlaying } = this.store.getState();
    this.halt();
    this.patch({ speed });
    if (isPlaying) this.play();
  }

  private halt(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.patch({ isPlaying: false });
  }

  private play(): void {
    const { track } = this;
    const { step, speed, fork } = this.store.getState();
    if (track === null || fork !== 'none' || step >= track.totalSteps) return;
    const [from, began] = [elapsedAt(track.points, step), this.lab.now()];
    this.patch({ isPlaying: true });
    this.timer = setInterval(() => {
      const next = stepAfter(track.points, from + (this.lab.now() - began) * speed);
      if (next > this.store.getState().step) {
        this.patch({ step: next });
        this.show();
      }
      if (next >= track.totalSteps) this.halt();
    }, TICK_MS);
  }

  private async forkHere(): Promise<void> {
    const { track, own } = this;
    const { step, fork } = this.store.getState();
    if (track === null || own === null || fork !== 'none') return;
    this.halt();
    const mine = ++this.forks;
    const isMine = () => mine === this.forks;
    this.patch({ fork: 'computing', trouble: null });
    try {
      await this.makeAgain(own.lab, track, step, isMine);
      if (!isMine()) return;
      const made = own.lab.getState().runs[track.kind].history;
      const isSame = hashOfNumbers(comparable(made, track)) === hashOfNumbers(viewAt(track, step).history);
      this.patch({ fork: 'live', isSame });
    } catch (error) {
      if (!isMine()) return;
      this.patch({ fork: 'none', trouble: `The run could not be made again: ${toReport(error).message}` });
      this.show();
    }
  }

  private async makeAgain(own: Lab, { kind, spec }: RecordedTrack, step: number, isMine: () => boolean): Promise<void> {
    const runId = own.newId(kind);
    this.putRun(kind, { ...EMPTY_RUN, runId, spec, madeFrom: inputsKey(own.getState(), kind) });
    const live = await threadRun(own.client(), runId, { spec }, {});
    if (!isMine()) return live.dispose(); // it was given up before the thread had it
    this.live = live;
    if (step > 0) await live.playUntil(step);
    if (isMine()) await own.getState().session.saveNow(); // what the thread told is on the page, too
  }

  private async unfork(): Promise<void> {
    this.forks++;
    const { live } = this;
    this.live = null;
    this.patch({ fork: 'none', isSame: null });
    this.show();
    await live?.dispose();
  }
}

const playerOf = onePerLab((lab) => new RecordingPlayer(lab));

export const recordingPlayer = (lab: Lab): StoreApi<PlayerState> => playerOf(lab).store;
/** the lab that the recording stands in; null while none is open */
export const recordedLabOf = (lab: Lab): Lab | null => playerOf(lab).own?.lab ?? null;

export const usePlayer = <T>(selector: (state: PlayerState) => T): T =>
  useStore(recordingPlayer(useLabStore()), useShallow(selector));
