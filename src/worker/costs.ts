/** What the steps of a run ask of the graphics card, as numbers beside their losses. Off WebGPU there are none. */
import type { MetricValues } from '../contract/metrics';
import type { Account, Reading } from '../core/kernels/gpu/account';
import { flushTf } from '../core/kernels/gpu/tensors';

/** between two looks at the card's own clock */
const CLOCK_MS = 500;

export class Costs {
  private account: Account | null = null;
  private before: Reading | null = null;
  private dispatches = 0;
  private scriptMs = 0;
  /** whether the card's clock runs over the step in hand */
  private timing = false;
  private timedAt = Number.NEGATIVE_INFINITY;
  private gpuMs: number | null = null;

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
    const { dispatches, scriptMs, gpuMs } = this;
    this.dispatches = 0;
    this.scriptMs = 0;
    this.gpuMs = null;
    return { 'perf/dispatches': dispatches, 'perf/jsMs': scriptMs, ...(gpuMs === null ? {} : { 'perf/gpuMs': gpuMs }) };
  }

  private readClock(account: Account): void {
    if (!this.timing || !account.timer) return;
    this.timing = false;
    this.timedAt = this.now();
    flushTf(); // a pass that was not submitted has no end
    const take = (ms: number | null) => {
      if (this.account === account) this.gpuMs = ms;
    };
    account.timer.read().then(take, () => undefined); // a lost device has no time to tell
  }

  private reset(account: Account | null): void {
    this.account = account;
    this.dispatches = 0;
    this.scriptMs = 0;
    this.timing = false;
    this.gpuMs = null;
  }
}
