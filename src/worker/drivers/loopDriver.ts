/**
 * What the drivers of all loops share: pulling, telling, saving and freeing. Each kind adds what it shows and what it
 * leaves on the shelf.
 */

import type { LiveKnobs } from '../../contract/config';
import type { PpoPhase, RunKind, RunSpec } from '../../contract/domain';
import { lineageOf } from '../../contract/lineage';
import type { MetricValues } from '../../contract/metrics';
import type { RulePair } from '../../contract/preferences';
import type { EventKind, Events } from '../../contract/protocol';
import type { RunBatch } from '../../contract/stepBatch';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory, SavedModel } from '../driver';
import type { Kept, RunContext } from './runContext';

/** What a loop runs on: it owns what learns. */
export interface LoopRun {
  readonly totalSteps: number;
  save(): Promise<SavedRun<unknown>>;
  /** where it owns tensors */
  dispose?(): void;
}

export interface Loop<Run, Report> {
  run: Run;
  reports: AsyncGenerator<Report>;
  /** lent to the run, freed with the driver */
  lent: readonly (CausalNetwork | null | undefined)[];
  parents: readonly string[];
}

/** How the result is called on the shelf, and what is different from the usual. */
export type Label = Pick<Kept, 'kind' | 'name'> & Partial<Pick<Kept, 'pooling' | 'metrics' | 'spec'>>;

interface Restorable<State> extends LoopRun {
  load(saved: SavedRun<State>): void;
}

/**
 * @param saved null for a new run
 * @returns the same run, where it was saved
 * @throws LabError('storage/corrupt') when that does not fit; then the run is freed
 */
export function resumed<State, Run extends Restorable<State>>(
  context: RunContext,
  run: Run,
  saved: SavedRun<State> | null,
): Run {
  try {
    if (saved) context.restore(() => run.load(saved));
    return run;
  } catch (error) {
    run.dispose?.();
    throw error;
  }
}

export abstract class LoopDriver<Spec extends RunSpec, Run extends LoopRun, Report extends { metrics?: MetricValues }>
  implements Driver
{
  readonly kind: RunKind;
  readonly parents: readonly string[];
  protected readonly run: Run;
  private readonly reports: AsyncGenerator<Report>;
  private readonly lent: Loop<Run, Report>['lent'];
  /** what a watching page has not been told yet, the newest of each kind */
  private readonly news = new Map<EventKind, () => void>();

  constructor(
    protected readonly spec: Spec,
    protected readonly context: RunContext,
    { run, reports, lent, parents }: Loop<Run, Report>,
  ) {
    this.kind = spec.kind;
    this.run = run;
    this.reports = reports;
    this.lent = lent;
    this.parents = parents;
  }

  abstract get step(): number;
  abstract get network(): CausalNetwork;

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get phase(): PpoPhase | null {
    return null;
  }

  get labels(): readonly RulePair[] {
    return [];
  }

  get isWhole(): boolean {
    return true;
  }

  set betweenSlices(hold: () => Promise<void>) {
    this.context.hold = hold;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    this.notice(value);
    return { values: value.metrics ?? null };
  }

  async show(_last: boolean): Promise<void> {
    for (const tell of this.news.values()) tell();
    this.news.clear();
  }

  watch(_attention: boolean): void {}

  /** acts from the next step on; snapshots remember it */
  adjust({ learningRate }: LiveKnobs): void {
    const { config } = this.spec;
    if (learningRate !== undefined && 'learningRate' in config) config.learningRate = learningRate;
  }

  async batch(): Promise<RunBatch | null> {
    return null;
  }

  async save(memory: RunMemory): Promise<Uint8Array> {
    const { spec, network, labels } = this;
    const trunk = this.context.shelf.trunkOf(network, lineageOf(spec)) ?? undefined;
    return this.context.save(spec, labels, await this.run.save(), { ...memory, trunk });
  }

  async keep(metrics: MetricValues): Promise<SavedModel | null> {
    const label = this.label(metrics);
    const { network, step, spec } = this;
    return (
      label && this.context.keep({ network, step, pooling: null, parents: [...this.parents], metrics, spec, ...label })
    );
  }

  /** the generator frees what an unfinished step holds */
  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.run.dispose?.();
    for (const network of this.lent) network?.dispose();
  }

  /** takes from a report what the page will be told */
  protected abstract notice(report: Report): void;

  /** null where nothing is trained */
  protected abstract label(metrics: MetricValues): Label | null;

  /** when somebody looks next; a newer one of the same kind takes its place */
  protected tellLater<K extends EventKind>(kind: K, news: Omit<Events[K], 'runId'>): void {
    this.news.set(kind, () => this.context.emit(kind, { runId: this.context.runId, ...news } as Events[K]));
  }
}
