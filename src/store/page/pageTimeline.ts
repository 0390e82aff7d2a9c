/** When the page's own thread took news of the computing thread and drew them. */
import type { TimeSpan } from '../../contract/observations';
import type { Scheduler } from '../batch';

/** milliseconds that a trace goes back */
const TRACE_MS = 60_000;

/** The last minute of it: once a frame at most, so it is bounded. */
export class PageTimeline {
  private spans: TimeSpan[] = [];

  /** @param now milliseconds, steady */
  constructor(private readonly now: () => number) {}

  /** @returns the same scheduler, watched */
  around(schedule: Scheduler): Scheduler {
    return (commit) => schedule(() => this.measure(commit));
  }

  get trace(): readonly TimeSpan[] {
    return this.spans;
  }

  /** React draws in a microtask that the change asks for; one that is asked for afterwards finds it done */
  private measure(commit: () => void): void {
    const startMs = this.now();
    commit();
    queueMicrotask(() => {
      const endMs = this.now();
      this.spans = this.spans.filter((span) => span.startMs > endMs - TRACE_MS);
      this.spans.push({ kind: 'page', name: 'news taken and drawn', startMs, endMs });
    });
  }
}
