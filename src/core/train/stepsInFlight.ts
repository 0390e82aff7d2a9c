/**
 * Steps that follow one another on the device while their numbers are still on the way back:
 *
 *   begun      7 ─ 8 ─ 9
 *   reported           7 ─ 8 ─ 9        at most three in between, none behind a step whose weights are looked at
 */
import type { MetricValues } from '../../contract/metrics';
import { type NamedScalars, readNamed } from '../kernels/namedScalars';
import type { CausalNetwork } from '../model/causalNetwork';
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

  /**
   * steps that the device may have in hand: it need not wait until the numbers of one were read before it begins the
   * next
   */
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

  /**
   * @throws LabError('run/nonFinite') when a step that was not reported yet went wrong: then there is nothing worth
   * saving
   */
  async save(): Promise<SavedSteps> {
    const { taken } = this;
    const unreported = await Promise.all(this.underway.map(({ metrics }) => metrics));
    for (const metrics of unreported) assertFinite(metrics, taken);
    return { step: taken, ...(unreported.length > 0 ? { unreported } : {}) };
  }

  load({ step, unreported = [] }: SavedSteps): void {
    this.taken = step;
    const first = step - unreported.length + 1;
    this.underway.splice(
      0,
      Infinity,
      ...unreported.map((metrics, i) => ({ step: first + i, metrics: Promise.resolve(metrics) })),
    );
  }
}

/** What one step adds to the wall. */
interface Finished {
  ms: number;
  tokens: number;
}

const total = (steps: readonly Finished[], of: keyof Finished): number =>
  steps.reduce((sum, step) => sum + step[of], 0);

const commonMultiple = (a: number, b: number): number => {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
};

/** 1, 2, 6, 12 … : a whole number of bursts of any size up to `depth` */
const windowFor = (depth: number): number => Array.from({ length: depth }, (_, i) => i + 1).reduce(commonMultiple, 1);

/**
 * Wall time between finished steps. A step counts from its own beginning, or from the end of the one before when that
 * is later; so what is done while no step is under way, a pause or an evaluation, belongs to none. Where several are in
 * flight, their answers may come all at once, as in a browser that looks for them on a timer:
 *
 *   finished      1 2 3 ·········· 4 5 6 ·········· 7 8 9        the first of a burst took all the time
 *
 * so they share it: the speed is that of the last 6 steps, a whole number of bursts of 1, 2 or 3. Without overlap it is
 * the step's own.
 */
export class StepClock {
  private ended = Number.NEGATIVE_INFINITY;
  private readonly window: number;
  private readonly recent: Finished[] = [];

  /**
   * @param now milliseconds
   * @param depth steps that may be in flight
   */
  constructor(
    readonly now: () => number,
    depth: number,
  ) {
    this.window = windowFor(depth);
  }

  /**
   * @param scalars of a step that was begun at `started`; owned by this call. Steps are read in their order
   * @param tokensOf what the step learned from, given its values; nothing where speed is told in steps alone
   * @returns the values when the device has come that far, and how fast steps are finished
   */
  async read<Name extends string>(
    scalars: NamedScalars<Name>,
    started: number,
    tokensOf: (values: Record<Name, number>) => number = () => 0,
  ): Promise<{ values: Record<Name, number>; speed: MetricValues }> {
    const values = await readNamed(scalars);
    const began = Math.max(started, this.ended);
    this.ended = this.now();
    this.recent.push({ ms: this.ended - began, tokens: tokensOf(values) });
    this.recent.splice(0, this.recent.length - this.window);
    return { values, speed: this.speed };
  }

  private get speed(): MetricValues {
    const [ms, tokens] = [total(this.recent, 'ms'), total(this.recent, 'tokens')];
    return {
      'perf/stepMs': ms / this.recent.length,
      ...(ms > 0 && tokens > 0 ? { 'perf/tokensPerSecond': (1000 * tokens) / ms } : {}),
    };
  }
}
