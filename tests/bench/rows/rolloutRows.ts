/**
 * A rollout in which one workgroup reads and writes a whole row, a few columns to a dispatch: slower than columns
 * wherever it was measured.
 */
import type { PlanBuilder } from '../../../src/core/kernels/plan/planBuilder';
import { rangeOf } from '../../../src/core/model/fused/flatWeights';
import { FusedNetwork } from '../../../src/core/model/fused/fusedNetwork';
import type { WritingNetwork } from '../../../src/core/model/fused/rolloutColumns';
import type { WritingPlan, WritingShape } from '../../../src/core/model/fused/rolloutPlan';
import { RolloutWriter } from '../../../src/core/model/fused/rolloutWriter';
import { persistentWriter } from './persistent';

/** columns of one dispatch: short enough that a slow card does not lose the device over it */
const COLUMNS_PER_DISPATCH = 16;

function recordRows(
  builder: PlanBuilder,
  { config, levels }: WritingNetwork,
  { batch, promptLength, completionLength }: WritingShape,
): WritingPlan {
  const weights = levels[0]!.flat; // of a network that learns whole
  const offsetOf = (name: string): number => rangeOf(weights.layout, name).offset;
  const total = promptLength + completionLength;
  builder.section('write');
  const tokens = builder.receive('tokens', batch * total);
  const leftPad = builder.receive('leftPad', batch);
  const alive = builder.receive('alive', batch);
  const [mask, logprobs] = [
    builder.value('mask', batch * completionLength),
    builder.value('logprobs', batch * completionLength),
  ];
  const cache = builder.value('cache', config.layers * batch * total * 3 * config.width);
  const logits = builder.value('logits', batch * config.vocabSize);
  const flat = builder.outside('weights', weights.memory, 0, weights.layout.elements);
  builder.dispatch(
    persistentWriter({ ...config, offsetOf }),
    { weights: flat, cache, logits, tokens, leftPad, alive, mask, logprobs },
    { batch, total, first: promptLength, count: completionLength, columns: COLUMNS_PER_DISPATCH },
  );
  for (const slot of [cache, logits, tokens, leftPad, alive, mask, logprobs]) builder.holdThroughout(slot);
  const columns = Array.from({ length: Math.ceil(total / COLUMNS_PER_DISPATCH) }, (_, i) => i * COLUMNS_PER_DISPATCH);
  const submits = columns.map((_, set) => [{ section: 'write', set }]);
  return { plan: builder.build(), submits, columns, prompt: null, tokens, leftPad, alive, mask, logprobs };
}

/** A fused network that writes so. */
export class RowNetwork extends FusedNetwork {
  protected override createWriter(): RolloutWriter {
    return new RolloutWriter(this.engine, this.config, (builder, shape) => recordRows(builder, this, shape));
  }
}
