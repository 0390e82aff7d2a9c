import type { RunState } from '../../contract/protocol';
import type { ThreadRun } from './threadRun';

/** Thrown where work that was called off notices it. */
export class CalledOff extends Error {}

/** how often in a row a run may come back without a step though nobody halted it */
const MOST_IDLE = 3;

/** What the visitor wants of a lesson. */
type Wish = { name: 'go' } | { name: 'halt'; lifted: Promise<void>; lift: () => void } | { name: 'off' };

function halting(): Wish {
  let lift = () => {};
  const lifted = new Promise<void>((resolve) => {
    lift = resolve;
  });
  return { name: 'halt', lifted, lift };
}

/** Plays runs one after the other, and lets the visitor halt or call off whatever plays. */
export class Conductor {
  private playing: ThreadRun | null = null;
  private wish: Wish = { name: 'go' };
  private idle = 0;
  /** whoever called it off went elsewhere, and will want to know that it was begun */
  isLeft = false;

  /** waits while halted. @throws CalledOff */
  async turn(): Promise<void> {
    while (this.wish.name === 'halt') await this.wish.lifted;
    if (this.wish.name === 'off') throw new CalledOff();
  }

  /** @throws CalledOff, or what the run failed with */
  async play(run: ThreadRun, until: number): Promise<RunState> {
    let reached = -1;
    for (this.idle = 0; this.idle < MOST_IDLE; ) {
      await this.turn();
      this.playing = run;
      const state = await run.playUntil(until);
      this.playing = null;
      if (state.status === 'failed' || state.status === 'stopped') throw new Error(state.message);
      if (state.status === 'done' || state.step >= until) return state;
      this.idle = state.step > reached ? 0 : this.idle + 1;
      reached = state.step;
    }
    throw new Error(`the run stands still at step ${reached}`);
  }

  /** resolves when the step in hand is finished */
  async halt(): Promise<void> {
    this.idle = Number.NEGATIVE_INFINITY; // a visitor may halt as often as they like
    if (this.wish.name === 'go') this.wish = halting();
    await this.playing?.pause();
  }

  go(): void {
    this.follow({ name: 'go' });
  }

  /** what plays stops after the step in hand, and nothing begins any more */
  async callOff(): Promise<void> {
    this.follow({ name: 'off' });
    await this.playing?.pause().catch(() => undefined); // of a thread that died there is nothing to stop
  }

  /** what was called off stays so */
  private follow(wish: Wish): void {
    const before = this.wish;
    if (before.name !== 'off') this.wish = wish;
    if (before.name === 'halt') before.lift();
  }
}
