/** A rollout in which one workgroup reads and writes a whole row, a few columns to a dispatch. */
import type { ModelConfig } from '../../../contract/config';
import { persistentWriter } from '../../kernels/gpu/persistent';
import type { PlanBuilder } from '../../kernels/gpu/planBuilder';
import type { FlatBuffer } from './flatWeights';
import type { WritingPlan, WritingShape } from './rolloutPlan';

/** columns of one dispatch: short enough that a slow card does not lose the device over it */
const COLUMNS_PER_DISPATCH = 16;

export function recordRows(
  builder: PlanBuilder,
  config: ModelConfig,
  weights: FlatBuffer,
  { batch, promptLength, completionLength }: WritingShape,
): WritingPlan {
  const offsetOf = (name: string): number => {
    const place = weights.layout.places.find(({ parameter }) => parameter.name === name);
    if (!place) throw new Error(`the network has no ${name}`);
    return place.offset;
  };
  const total = promptLength + completionLength;
  builder.section('write');
  const tokens = builder.receive('tokens', batch * total);
  const leftPad = builder.receive('leftPad', batch);
  const alive = builder.receive('alive', batch);
  const [mask, logprobs] = [builder.value('mask', batch * completionLength), builder.value('logprobs', batch * completionLength)];
  const cache = builder.value('cache', config.layers * batch * total * 3 * config.width);
  const logits = builder.value('logits', batch * config.vocabSize);
  const flat = builder.outside('weights', weights.buffer, 0, weights.layout.elements);
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
