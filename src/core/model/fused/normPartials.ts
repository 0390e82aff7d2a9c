/** Gradients of norms: every pass leaves sums over chunks of rows, which one dispatch adds up at the end. */
import type { ModelConfig } from '../../../contract/config';
import type { PlanBuilder } from '../../kernels/plan/planBuilder';
import type { Memory, Slot } from '../../kernels/plan/player';
import { normChunks } from '../../kernels/plan/sharing';
import type { Engine } from './engine';
import { type FlatBuffer, type FlatLayout, rangeOf } from './flatWeights';
import type { Named } from './levels';

/** in the order in which their gradients are summed */
const normNames = (layers: number): string[] => [
  ...Array.from({ length: layers }, (_, layer) => [`block${layer}/norm1`, `block${layer}/norm2`]).flat(),
  'finalNorm',
];

/**
 * Sums of gain and bias gradients over chunks of rows, of all norms side by side; what does not learn has one slot.
 */
export class NormPartials {
  /** [norms, chunks, 2C] */
  readonly all: Slot;
  /** chunks of rows in each norm */
  private readonly chunks: number;
  /** norms that learn */
  private readonly names: string[];

  constructor(
    private readonly builder: PlanBuilder,
    rows: number,
    private readonly config: ModelConfig,
    gradients: Named,
  ) {
    const all = normNames(config.layers);
    this.names = all.filter((name) => gradients.has(`${name}/gain`));
    this.chunks = normChunks(rows);
    const slots = Math.min(all.length, this.names.length + 1);
    this.all = builder.value('norm partials', slots * this.chunks * 2 * config.width);
  }

  /** where a norm leaves its sums */
  slotOf(name: string): number {
    const slot = this.names.indexOf(name);
    return slot < 0 ? this.names.length : slot;
  }

  sum(engine: Engine, { gradients, normOffsets }: { gradients: FlatBuffer | null; normOffsets: Memory }): void {
    const norms = this.names.length;
    if (norms === 0) return;
    const { memory, layout } = gradients as FlatBuffer;
    const out = this.builder.outside('gradients', memory, 0, layout.elements);
    const offsets = this.builder.outside('norm offsets', normOffsets, 0, 2 * norms);
    const launch =
      norms === normNames(this.config.layers).length ? engine.kernels.normGradient : engine.normGradient(norms);
    this.builder.dispatch(launch, { partials: this.all, offsets, out }, { chunks: this.chunks });
  }
}

/** [norms,2] in numbers from the beginning: where gain and bias of those lie that the layout has */
export function normOffsets(layout: FlatLayout, layers: number): Uint32Array<ArrayBuffer> {
  const has = (name: string) => layout.ranges.some(({ parameter }) => parameter.name === name);
  const table = normNames(layers)
    .filter((name) => has(`${name}/gain`))
    .flatMap((name) => [rangeOf(layout, `${name}/gain`).offset, rangeOf(layout, `${name}/bias`).offset]);
  return Uint32Array.from(table);
}
