/**
 * What a run is doing: one name at a time, and one table of what may follow.
 *
 *   idle ──play──▶ running ──pause──▶ pausing ──rest──▶ paused ──play──▶ running ──finish──▶ done
 *     └──step──▶ stepping ──rest──▶ paused
 *
 * Whatever pulls may also stop (KL ceiling), fail (a number is not finite) or stall (the engine is lost: the session
 * rebuilds the run). A move that does not follow changes nothing, so a press that comes too late is no trouble.
 */
import type { RunStatus } from '../contract/domain';

type Resting = 'idle' | 'paused';

export type Activity =
  /** before its first step, or after one */
  | { name: Resting }
  | { name: 'done' | 'stopped' | 'failed' }
  /** one pull; the page sees where it stood until that is done */
  | { name: 'stepping'; from: Resting }
  /** pulls until it is paused, or by itself until so many steps are done */
  | { name: 'running'; until: number | null }
  /**
   * finishes the step in hand, or its slice, and stores the run; who waits for that is let go when someone presses play
   * meanwhile
   */
  | { name: 'pausing'; resumed: Promise<void>; resume: () => void }
  /** waits for another engine; the page sees what it saw */
  | { name: 'stalled'; seen: RunStatus }
  /** failed because what it computes with is gone: an answer may never come */
  | { name: 'abandoned' }
  /** freed, or about to be: nothing more is told */
  | { name: 'disposed' };
type Name = Activity['name'];

const PULLING = ['stepping', 'running', 'pausing'] as const;
const ALIVE = ['idle', 'paused', ...PULLING, 'stalled'] as const;
const OVER = ['done', 'stopped', 'failed', 'abandoned'] as const;

/** from where each move leads anywhere */
export const MOVES = {
  play: ['idle', 'paused', ...PULLING],
  pause: ['running'],
  step: ['idle', 'paused'],
  rest: ['stepping', 'pausing'],
  finish: PULLING,
  stop: PULLING,
  fail: PULLING,
  stall: PULLING,
  abandon: ALIVE,
  arrive: ALIVE,
  dispose: [...ALIVE, ...OVER],
} as const satisfies Record<string, readonly Name[]>;
type Move = keyof typeof MOVES;
type Leaving<M extends Move> = Extract<Activity, { name: (typeof MOVES)[M][number] }>;

const leads = <M extends Move>(move: M, now: Activity): now is Leaving<M> =>
  MOVES[move].some((name) => name === now.name);

const to =
  <M extends Move, Given = void>(move: M, next: (now: Leaving<M>, given: Given) => Activity) =>
  (now: Activity, given: Given): Activity =>
    leads(move, now) ? next(now, given) : now;

export const play = to('play', (_, until: number | null) => ({ name: 'running', until }));
export const step = to('step', ({ name }) => ({ name: 'stepping', from: name }));
export const rest = to('rest', () => ({ name: 'paused' }));
export const finish = to('finish', () => ({ name: 'done' }));
export const stop = to('stop', () => ({ name: 'stopped' }));
export const fail = to('fail', () => ({ name: 'failed' }));
export const stall = to('stall', (now) => ({ name: 'stalled', seen: statusOf(now) }));
export const abandon = to('abandon', () => ({ name: 'abandoned' }));
export const dispose = to('dispose', () => ({ name: 'disposed' }));
/** with another driver, which stands at this step */
export const arrive = to('arrive', (_, at: number) => ({ name: at > 0 ? 'paused' : 'idle' }));
export const pause = to('pause', () => {
  let resume = () => {};
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  return { name: 'pausing', resumed, resume };
});

const isOneOf =
  (names: readonly Name[]) =>
  ({ name }: Activity): boolean =>
    names.includes(name);
/** no further step will be done */
export const isOver = isOneOf(OVER);
/** somebody pulls the driver, or is about to */
export const isPulling = isOneOf(PULLING);
/** what wants to act between two pulls stands in line, for the loop or for the driver that will arrive */
export const isLooping = isOneOf(['running', 'pausing', 'stalled']);

/** what the page is told */
export function statusOf(now: Activity): RunStatus {
  switch (now.name) {
    case 'stepping':
      return now.from;
    case 'stalled':
      return now.seen;
    case 'pausing':
      return 'running';
    case 'abandoned':
      return 'failed';
    case 'disposed':
      return 'stopped';
    default:
      return now.name;
  }
}
