import type { MetricPoint } from '../contract/observations';
import type { RunState } from '../contract/protocol';
import type { Emit } from './serve';

/** at most five batches of numbers a second reach the page: each costs a core that computes a frame */
const FLUSH_MS = 200;

/**
 * What the page is told of a run: each number once, several together, and always before the state that stands on them.
 */
export class RunNews {
  private points: MetricPoint[] = [];
  private toldAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds, steady */
  constructor(
    private readonly now: () => number,
    private readonly emit: Emit,
  ) {}

  add(point: MetricPoint): void {
    this.points.push(point);
  }

  /** the steps after this one will be told when they are done again */
  goBackTo(step: number): void {
    this.points = this.points.filter((point) => point.step <= step);
  }

  get isDue(): boolean {
    return this.now() - this.toldAt >= FLUSH_MS;
  }

  tell(state: RunState): void {
    this.toldAt = this.now();
    const points = this.points;
    this.points = [];
    if (points.length > 0) this.emit('run/metrics', { runId: state.runId, points });
    this.emit('run/state', state);
  }
}
