/**
 * Steps that follow one another on the device while their numbers are still on the way back:
 *
 *   begun      7 ─ 8 ─ 9
 *   reported           7 ─ 8 ─ 9        at most three in between, and none behind a step whose weights are to be looked at
 */
import type { MetricValues } from '../../contract/metrics';
import { readNumbers } from '../kernels/readNumbers';
import type { CausalNetwork } from '../model/causalNetwork';
import type { tf } from '../tf';
import { assertFinite } from './guards';

/** deeper than this, a queue of steps only delays the numbers */
const IN_FLIGHT = 3;

export interface SavedSteps {
  /** steps that the saved weights have taken */
  step: number;
  /** of the last of them, taken but not reported yet; oldest first */
  unreported?: MetricValues[];
}

/** A step that was handed to the device; its numbers arrive later. */
interface Underway {
  step: number;
  metrics: Promise<MetricValues>;
}

export interface Pace {
  totalSteps: number;
  /** whether something is looked at after this step, from 1 */
  due(step: number): boolean;
  /** hands the step after the first `taken` to the device */
  take(taken: number): Promise<MetricValues>;
}

export class StepsInFlight {
  /** whether or not their numbers came back */
  taken = 0;
  private readonly underway: Underway[] = [];

  constructor(private readonly network: Pick<CausalNetwork, 'executor'>) {}

  /** steps that the device may have in hand: it need not wait until the numbers of one were read before it begins the next */
  get depth(): number {
    return this.network.executor === 'fused' ? IN_FLIGHT : 1;
  }

  /** steps whose numbers were reported */
  get reported(): number {
    return this.taken - this.underway.length;
  }

  /**
   * Keeps the device busy, and waits for the oldest step that was not reported.
   * @throws LabError('run/nonFinite') at the first number that is not one
   */
  async next({ totalSteps, due, take }: Pace): Promise<{ step: number; metrics: MetricValues }> {
    const lookedAt = () => this.underway.length > 0 && due(this.taken);
    while (this.taken < totalSteps && this.underway.length < this.depth && !lookedAt()) {
      const metrics = take(this.taken);
      metrics.catch(() => undefined); // told when its turn comes, unless the run is over by then
      this.underway.push({ step: ++this.taken, metrics });
    }
    const { step, metrics } = this.underway[0]!;
    const numbers = await metrics;
    assertFinite(numbers, step);
    return { step, metrics: numbers };
  }

  /** The oldest step is told of. */
  report(): void {
    this.underway.shift();
  }

  /** @throws LabError('run/nonFinite') when a step that was not reported yet went wrong: then there is nothing worth saving */
  async save(): Promise<SavedSteps> {
    const { taken } = this;
    const unreported = await Promise.all(this.underway.map(({ metrics }) => metrics));
    for (const metrics of unreported) assertFinite(metrics, taken);
    return { step: taken, ...(unreported.length > 0 ? { unreported } : {}) };
  }

  load({ step, unreported = [] }: SavedSteps): void {
    this.taken = step;
    const first = step - unreported.length + 1;
    this.underway.splice(0, Infinity, ...unreported.map((metrics, i) => ({ step: first + i, metrics: Promise.resolve(metrics) })));
  }
}

/** Time of steps that overlap: a step counts from its own beginning, or from the end of the one before when that is later. */
export class StepClock {
  private ended = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds */
  constructor(readonly now: () => number) {}

  /**
   * @param numbers of a step that was begun at `started`; owned by this call
   * @returns their values when the device has come that far, and the step's milliseconds
   */
  async read(numbers: tf.Tensor, started: number): Promise<{ values: number[]; stepMs: number }> {
    const values = await readNumbers(numbers);
    const began = Math.max(started, this.ended);
    this.ended = this.now();
    return { values, stepMs: this.ended - began };
  }
}
