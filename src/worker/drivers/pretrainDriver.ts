/** Pre-training as the run controller sees it. */
import type { LiveKnobs } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import type { Corpus } from '../../core/text/corpus';
import { type PretrainReport, PretrainRun, type PretrainState, pretrain } from '../../core/train/pretrain';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import { attentionMaps } from '../looking';
import type { RunPlace } from './place';

/** an eye follows four pictures a second */
const ATTENTION_MS = 250;

export type PretrainSpec = Extract<RunSpec, { kind: 'pretrain' }>;

export class PretrainDriver implements Driver {
  readonly kind = 'pretrain';
  readonly phase = null;
  readonly parents = [];
  private readonly run: PretrainRun;
  private readonly reports: AsyncGenerator<PretrainReport>;
  private report: PretrainReport | null = null;
  private watched = false;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly spec: PretrainSpec,
    private readonly corpus: Corpus,
    private readonly place: RunPlace,
    saved: SavedRun<PretrainState> | null,
  ) {
    const model = { ...spec.model, vocabSize: corpus.tokenizer.vocabSize };
    this.run = new PretrainRun({ seed: spec.seed, config: spec.config, model, corpus, fixedPrompt: spec.fixedPrompt });
    if (saved) this.restore(saved);
    this.reports = pretrain(this.run, place.now);
  }

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get step(): number {
    return this.run.reported;
  }

  get network() {
    return this.run.network;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    this.report = value;
    return { values: value.metrics };
  }

  async show(last: boolean): Promise<void> {
    const report = this.report;
    if (!report) return;
    this.report = null;
    const { step, sample } = report;
    if (sample) this.place.emit('run/samples', { runId: this.place.runId, step, samples: [sample] });
    if (this.watched && (last || sample || this.place.now() - this.drawnAt >= ATTENTION_MS)) await this.showAttention();
  }

  /** the picture comes at once, not with the next step */
  watch(attention: boolean): void {
    this.watched = attention;
    this.drawnAt = Number.NEGATIVE_INFINITY;
  }

  /** after going back from numbers that ran away; snapshots remember it */
  adjust({ learningRate }: LiveKnobs): void {
    if (learningRate !== undefined) this.spec.config.learningRate = learningRate;
  }

  async save(memory: RunMemory): Promise<Uint8Array> {
    return this.place.save(this.spec, await this.run.save(), memory);
  }

  keep(metrics: MetricValues) {
    const { step, network } = this;
    return this.place.keep({ kind: 'base', name: `Base, ${step} steps`, network, pooling: null, parents: [], step, metrics });
  }

  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.run.dispose();
  }

  private restore(saved: SavedRun<PretrainState>): void {
    try {
      this.place.restore(() => this.run.load(saved));
    } catch (error) {
      this.run.dispose();
      throw error;
    }
  }

  private async showAttention(): Promise<void> {
    const { runId } = this.place;
    const maps = await attentionMaps(this.network, this.corpus, this.spec.fixedPrompt);
    this.place.emit('run/attention', { runId, step: this.step, maps });
    this.drawnAt = this.place.now();
  }
}
