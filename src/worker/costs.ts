/** What the steps of a run ask of the graphics card, as numbers beside their losses. Off WebGPU there are none. */
import { minOf } from '../contract/many';
import type { MetricValues } from '../contract/metrics';
import type { Account, Reading } from '../core/kernels/gpu/account';

/** between two looks at the card's own clock */
const CLOCK_MS = 500;
/** the step with the fewest dispatches of so many is one in which nothing but training was done */
const WINDOW = 16;
/** steps of other batches differ by less */
const PLAIN = 1.25;

export class Costs {
  private account: Account | null = null;
  private before: Reading | null = null;
  private dispatches = 0;
  private scriptMs = 0;
  /** whether the card's clock runs over the step in hand */
  private timing = false;
  private timedAt = Number.NEGATIVE_INFINITY;
  private gpuMs: number | null = null;
  /** dispatches of the last steps */
  private recent: number[] = [];

  /** @param now milliseconds, steady */
  constructor(private readonly now: () => number) {}

  /** Work for the run begins; @param account of the card in use, null off WebGPU */
  begin(account: Account | null): void {
    if (account !== this.account) this.reset(account);
    this.before = account?.reading ?? null;
    const timer = account?.timer;
    if (!timer) return;
    if (!this.timing && timer.isIdle && this.now() - this.timedAt >= CLOCK_MS) this.timing = true;
    if (this.timing) timer.run();
  }

  /** It pauses: what others do meanwhile is not the run's. */
  end(): void {
    const { account, before } = this;
    if (!account || !before) return;
    const after = account.reading;
    this.dispatches += after.dispatches - before.dispatches;
    this.scriptMs += after.scriptMs - before.scriptMs;
    if (this.timing) account.timer?.hold();
  }

  /** @returns of everything since it was asked last; the card's own time is that of a step shortly before, told once */
  take(): MetricValues {
    if (!this.account) return {};
    this.readClock(this.account);
    if (this.dispatches > 0) this.recent = [...this.recent, this.dispatches].slice(-WINDOW);
    const { dispatches, scriptMs, gpuMs } = this;
    this.dispatches = 0;
    this.scriptMs = 0;
    this.gpuMs = null;
    return { 'perf/dispatches': dispatches, 'perf/jsMs': scriptMs, ...(gpuMs === null ? {} : { 'perf/gpuMs': gpuMs }) };
  }

  /** of a plain step: one that was also evaluated, or in whose time others began, would say more than a step costs */
  private readClock(account: Account): void {
    if (!this.timing || !account.timer) return;
    this.timing = false;
    if (this.recent.length === 0 || this.dispatches > PLAIN * minOf(this.recent)) {
      account.timer.drop();
      return;
    }
    this.timedAt = this.now();
    const take = (ms: number | null) => {
      if (this.account === account) this.gpuMs = ms;
    };
    account.readTimer().then(take, () => undefined); // a lost device has no time to tell
  }

  private reset(account: Account | null): void {
    this.account = account;
    this.dispatches = 0;
    this.scriptMs = 0;
    this.timing = false;
    this.gpuMs = null;
    this.recent = [];
  }
}
