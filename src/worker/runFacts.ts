/** Where a run stands, as the page is told beside its status, and the time that it took: pauses are not counted. */
import { inWords } from '../contract/limits';
import type { MetricValues } from '../contract/metrics';
import type { MetricPoint } from '../contract/observations';
import type { RunState } from '../contract/protocol';
import type { Driver, RunMemory } from './driver';

type Told = Omit<RunState, 'status'>;

export class RunFacts {
  private facts: Told;
  /**
   * until here its time is counted, while it plays: what the device finishes between two pulls is part of it; null at
   * rest
   */
  private countedUntil: number | null = null;

  /** @param memory is kept up with what is counted */
  constructor(
    runId: string,
    driver: Driver,
    private readonly memory: RunMemory,
  ) {
    const { kind, step, totalSteps, phase } = driver;
    this.facts = {
      runId,
      kind,
      step,
      totalSteps,
      phase,
      phaseMs: {},
      elapsedMs: memory.elapsedMs,
      message: step > 0 ? `Stands at step ${inWords(step)} of ${inWords(totalSteps)}.` : 'Ready.',
      checkpointId: memory.checkpointId,
    };
  }

  get told(): Told {
    return this.facts;
  }

  change(fields: Partial<Told>): void {
    this.facts = { ...this.facts, ...fields };
  }

  /**
   * A pull is done.
   * @param phase that ended; null but for PPO
   * @param began when the pull did, on the clock of `now`: milliseconds
   */
  countPull({ step, totalSteps, phase: next }: Driver, phase: RunState['phase'], began: number, now: number): void {
    const elapsedMs = this.facts.elapsedMs + now - (this.countedUntil ?? began);
    this.countedUntil = now;
    const phaseMs = phase === null ? {} : { ...this.facts.phaseMs, [phase]: now - began };
    const message = `${phase === null ? 'Step' : 'Iteration'} ${step} of ${totalSteps}.`;
    this.change({ step, phase: next, phaseMs, elapsedMs, message });
    this.memory.elapsedMs = elapsedMs;
  }

  /** A step is done. @returns its point of the curves */
  learn(values: MetricValues): MetricPoint {
    this.memory.latest = { ...this.memory.latest, ...values };
    const { step, elapsedMs } = this.facts;
    return { step, elapsedMs, values };
  }

  /** nothing is pulled until it plays again */
  rest(): void {
    this.countedUntil = null;
  }

  /** @returns what is said of a pause; `reloadStep` is where a reload goes on from */
  paused({ isWhole }: Driver, atBoundary: boolean, reloadStep: number): string {
    const { step, totalSteps, phase } = this.facts;
    if (!isWhole) return `Paused within ${phase}; a reload goes on from iteration ${reloadStep}.`;
    return `Paused ${atBoundary ? `at step ${inWords(step)} of ${inWords(totalSteps)}` : `before ${phase}`}.`;
  }
}
