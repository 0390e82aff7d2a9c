/** Pre-training as the run controller sees it. */

import type { RunSpec } from '../../contract/domain';
import { countOf } from '../../contract/numbers';
import type { Corpus } from '../../core/text/corpus';
import { type PretrainReport, pretrain } from '../../core/train/pretrain';
import { PretrainRun, type PretrainState } from '../../core/train/pretrainRun';
import type { Breathe } from '../../core/train/slices';
import type { SavedRun } from '../../core/train/snapshot';
import { attentionMaps } from '../looking';
import { LoopDriver, resumed } from './loopDriver';
import type { RunContext } from './runContext';

/** an eye follows four pictures a second */
const ATTENTION_MS = 250;

export type PretrainSpec = Extract<RunSpec, { kind: 'pretrain' }>;

function runOf({ seed, config, fixedPrompt, ...spec }: PretrainSpec, corpus: Corpus, breathe: Breathe): PretrainRun {
  const model = { ...spec.model, vocabSize: corpus.tokenizer.vocabSize };
  return new PretrainRun({ seed, config, model, corpus, fixedPrompt, breathe });
}

export class PretrainDriver extends LoopDriver<PretrainSpec, PretrainRun, PretrainReport> {
  private watched = false;
  /** a step or a sample came that no picture shows yet */
  private fresh: PretrainReport | null = null;
  private drawnAt = Number.NEGATIVE_INFINITY;

  /** @throws LabError('storage/corrupt') when `saved` does not fit */
  constructor(spec: PretrainSpec, corpus: Corpus, context: RunContext, saved: SavedRun<PretrainState> | null) {
    const run = resumed(
      context,
      context.make(() => runOf(spec, corpus, context.betweenSlices)),
      saved,
    );
    super(spec, context, { run, reports: pretrain(run, context.now), lent: [], parents: [] });
  }

  get step() {
    return this.run.step;
  }

  get network() {
    return this.run.network;
  }

  override async show(last: boolean): Promise<void> {
    const { fresh } = this;
    this.fresh = null;
    await super.show(last);
    const due = last || fresh?.sample || this.context.now() - this.drawnAt >= ATTENTION_MS;
    if (fresh && this.watched && due) await this.showAttention();
  }

  /** the picture comes at once, not with the next step */
  override watch(attention: boolean): void {
    this.watched = attention;
    this.drawnAt = Number.NEGATIVE_INFINITY;
  }

  protected notice(report: PretrainReport): void {
    this.fresh = report;
    if (report.sample) this.tellLater('run/samples', { step: report.step, samples: [report.sample] });
  }

  protected label() {
    return { kind: 'base', name: `Base, ${countOf(this.step, 'step')}` } as const;
  }

  private async showAttention(): Promise<void> {
    const { runId } = this.context;
    const { corpus, fixedPrompt } = this.run.inputs;
    const maps = await attentionMaps(this.network, corpus, fixedPrompt);
    this.context.emit('run/attention', { runId, step: this.step, maps });
    this.drawnAt = this.context.now();
  }
}
