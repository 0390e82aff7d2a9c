/**
 * The language head as dispatches. Over a large vocabulary the log-probabilities of a batch are taken a few rows at a
 * time, so that their logits are never there together, and on the way back those of the same rows are computed once
 * more; a few logits are kept instead. The numbers are the same either way: no row knows of another, and the gradient of
 * the table adds up the rows in their order.
 *
 *   forward    rows 0 … 63    logits · log-probs       backward    rows 0 … 63    logits · log-probs · dh · dW
 *              rows 64 … 127  logits · log-probs                   rows 64 … 127  logits · log-probs · dh · dW +=
 */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Slot } from '../../kernels/plan/player';
import type { Engine } from './engine';
import { type HeadRows, headRowsOf } from './headRows';
import type { Named } from './levels';
import { type SomeColumns, shapeOf } from './trunkRecorder';

/** What the log-probabilities of a pass leave; all [R]. */
export interface Scored {
  logprobs: Slot;
  entropy: Slot;
  lse: Slot;
  /** [R,V] logits, where all rows are computed at once */
  kept: Slot | null;
}

/** Where the chain rule goes on. */
export interface HeadMemory {
  /** [R,C] */
  hidden: Slot;
  /** [R,C], written here */
  dHidden: Slot;
  gradients: Named;
}

export class LanguageHead {
  private readonly parts: readonly HeadRows[];

  /** @param columns that it reads: rows = R */
  constructor(
    private readonly builder: PlanBuilder,
    private readonly engine: Engine,
    private readonly config: ModelConfig,
    private readonly weights: Named,
    private readonly columns: SomeColumns,
  ) {
    this.parts = headRowsOf(columns.rows, config.vocabSize, engine.mostLogits);
  }

  /** @param hidden [rows,C]; @returns [rows,V] */
  logits(hidden: Slot, rows: number): Slot {
    const out = this.builder.value('logits', rows * this.config.vocabSize);
    this.builder.dispatch(this.engine.kernels.logits, { a: hidden, b: this.table, out, ...this.list }, { rows });
    return out;
  }

  score(hidden: Slot, tokens: Slot): Scored {
    const { builder, engine } = this;
    const { rows } = this.columns;
    const [logprobs, entropy] = ['logprobs', 'entropy'].map((name) => builder.hand(builder.value(name, rows))) as [
      Slot,
      Slot,
    ];
    const lse = builder.value('token lse', rows);
    let logits: Slot | null = null;
    for (const part of this.parts) {
      logits = this.logits(this.statesIn(hidden, part), part.rows);
      const read = { logprobs: this.in(logprobs, part), entropy: this.in(entropy, part), lse: this.in(lse, part) };
      const buffers = { logits, tokens, ...read, ...this.list };
      builder.dispatch(engine.kernels.logprobs, buffers, { ...shapeOf(this.columns), ...part });
    }
    return { logprobs, entropy, lse, kept: this.parts.length === 1 ? logits : null };
  }

  scoreBackward({ entropy, lse, kept }: Scored, tokens: Slot, memory: HeadMemory): { dLogprobs: Slot; dEntropy: Slot } {
    const { builder, engine } = this;
    const { rows } = this.columns;
    const [dLogprobs, dEntropy] = [builder.receive('dLogprobs', rows), builder.receive('dEntropy', rows)];
    for (const part of this.parts) {
      const logits = kept ?? this.logits(this.statesIn(memory.hidden, part), part.rows);
      const [own, theirs] = [
        { entropy, lse, dLogprobs, dEntropy },
        { logits, tokens },
      ];
      const read = Object.fromEntries(Object.entries(own).map(([name, slot]) => [name, this.in(slot, part)]));
      const buffers = { ...theirs, ...read, ...this.list };
      builder.dispatch(engine.kernels.logprobsBack, buffers, { ...shapeOf(this.columns), ...part });
      this.logitsBackward(logits, part, memory);
    }
    return { dLogprobs, dEntropy };
  }

  /** @param dLogits [rows,V] of the rows of one part; the first replaces the gradient of the table, the others add to it */
  logitsBackward(dLogits: Slot, part: HeadRows, { hidden, dHidden, gradients }: HeadMemory): void {
    const { builder, engine } = this;
    const { rows } = part;
    const out = this.statesIn(dHidden, part);
    builder.dispatch(engine.kernels.logitsBack, { a: dLogits, b: this.table, out, ...this.list }, { rows });
    if (!gradients.has('tokenEmbedding')) return;
    const launch = part.begin === 0 ? engine.kernels.logitsGradient : this.further();
    const b = this.statesIn(hidden, part);
    builder.dispatch(launch, { a: dLogits, b, out: gradients.get('tokenEmbedding'), ...this.list }, { rows });
  }

  private further() {
    const { vocabSize: outRows, width: columns } = this.config;
    const form = { form: 'tn', outRows, columns, epilogue: 'gradient', add: true } as const;
    return this.engine.product({ name: 'logits gradient, further rows', ...form });
  }

  /** of the rows that are computed, where not all are; then there is one part */
  private get list(): { list?: Slot } {
    const { list } = this.columns;
    return list ? { list } : {};
  }

  private get table(): Slot {
    return this.weights.get('tokenEmbedding');
  }

  /** of [R,C] */
  private statesIn(states: Slot, { begin, rows }: HeadRows): Slot {
    const { width } = this.config;
    return this.builder.part(states, begin * width, rows * width);
  }

  /** of [R] */
  private in(numbers: Slot, { begin, rows }: HeadRows): Slot {
    return this.builder.part(numbers, begin, rows);
  }
}
