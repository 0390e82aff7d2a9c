/** Best of N as the run controller sees it: one pull is one prompt, and nothing goes on the shelf at the end. */
import type { RunSpec } from '../../contract/domain';
import { type BestOfInputs, type BestOfReport, BestOfRun, type BestOfState, bestOfN, readBestOf } from '../../core/train/bestOfN';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import type { RunPlace } from './place';

export type BestOfSpec = Extract<RunSpec, { kind: 'bestOf' }>;

export class BestOfDriver implements Driver {
  readonly kind = 'bestOf';
  readonly phase = null;
  readonly parents: readonly string[];
  private readonly run: BestOfRun;
  private readonly reports: AsyncGenerator<BestOfReport>;
  /** not told yet */
  private result: BestOfReport['result'] | null = null;

  /** @param inputs its networks belong to the driver from now on */
  constructor(
    private readonly spec: BestOfSpec,
    private readonly inputs: BestOfInputs,
    private readonly place: RunPlace,
    saved: SavedRun<BestOfState> | null,
  ) {
    this.parents = [spec.baseId, spec.rewardId];
    this.run = new BestOfRun(inputs);
    if (saved) this.run.load(saved);
    if (this.run.step > 0) this.result = readBestOf(this.run.done); // a page that was reloaded has not seen it
    this.reports = bestOfN(this.run, place.now);
  }

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get step(): number {
    return this.run.step;
  }

  get network() {
    return this.inputs.policy;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    this.result = value.result;
    return { values: value.metrics };
  }

  async show(): Promise<void> {
    const { runId, emit } = this.place;
    const { result } = this;
    this.result = null;
    if (result) emit('run/bestOf', { runId, step: this.step, result });
  }

  /** whoever begins to look sees what was drawn so far: a page that was reloaded has lost it */
  watch(attention: boolean): void {
    if (!attention) return;
    if (this.run.step > 0) this.result = readBestOf(this.run.done);
    void this.show();
  }

  adjust(): void {}

  async save(memory: RunMemory): Promise<Uint8Array> {
    return this.place.save(this.spec, await this.run.save(), memory);
  }

  /** nothing was trained */
  async keep(): Promise<null> {
    return null;
  }

  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.inputs.policy.dispose();
    this.inputs.rewardModel.dispose();
  }
}
