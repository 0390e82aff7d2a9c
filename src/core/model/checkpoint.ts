/**
 * A network as a checkpoint: its weights under the names of a Hugging Face GPT-2, and everything this lab needs to go
 * on with it. Opening one checks all of it before any weight reaches the device. How it lies in a file is
 * `formats/checkpoint.ts`.
 */
import type { TrunkRef, Tuning } from '../../contract/adapters';
import type {
  CheckpointFile,
  CheckpointLabel,
  CheckpointMeta,
  NamedTensors,
  NetworkMeta,
  SavedMeta,
} from '../../contract/checkpoint';
import { LabError } from '../../contract/errors';
import { Random } from '../tensor/random';
import { isShape } from '../tensor/shapes';
import { finish, type TrainingProgress } from '../text/steps';
import { restoreTokenizer } from '../text/textTokenizers';
import { fromPeft, type PeftAdapter, toPeft } from './adapters/peftForm';
import type { CausalNetwork } from './causalNetwork';
import { restoreNetwork } from './createNetwork';
import { fromHuggingFace, huggingFaceName, toHuggingFace } from './huggingFace';
import { isHead, parameterList } from './layout';

export interface LoadedCheckpoint {
  meta: CheckpointMeta;
  /** by our names, complete and of the right shapes; with `scoreScale` when there is a scalar head */
  tensors: NamedTensors;
  /** a fresh network with these weights, owned by the caller */
  createNetwork(name: string): CausalNetwork;
  /**
   * The same as it was trained: its adapters beside the trunk, whose memory it shares; owned by the caller. Null where
   * there are no adapters
   * @param trunk borrowed; the model that the adapters were trained on
   */
  createOn: ((trunk: CausalNetwork, name: string) => CausalNetwork) | null;
}

/** @param trunk of what learned by adapters, where the file is to leave its weights out */
export async function saveCheckpoint(
  network: CausalNetwork,
  label: CheckpointLabel,
  trunk: TrunkRef | null = null,
): Promise<CheckpointFile<SavedMeta>> {
  const { config: model, heads, scoreScale } = network;
  const adapter = await adapterOf(network);
  const { scoreScale: _, ...weights } = adapter && trunk ? headsIn(await network.save()) : await network.savePlain();
  const meta = { ...label, model, heads, scoreScale };
  if (!adapter) return { meta, tensors: toHuggingFace(weights) };
  const { tensors: adapterTensors, ...rest } = adapter;
  const learned = { ...meta, adapter: rest, ...(trunk && { trunk }) };
  return { meta: learned, tensors: toHuggingFace(weights), adapterTensors };
}

const headsIn = (learned: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(learned).filter(([name]) => isHead(name)));

/** the low-rank changes that a network learned; null without any */
async function adapterOf(network: CausalNetwork): Promise<PeftAdapter | null> {
  const { tuning, config } = network;
  return tuning && Object.keys(tuning.changes).length > 0 ? toPeft(config, tuning, await network.save()) : null;
}

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** every weight the model has, nothing else, in the right shape, all numbers finite */
function* readWeights(
  stored: NamedTensors,
  { model, heads, trunk }: NetworkMeta,
): Generator<TrainingProgress, NamedTensors> {
  const list = parameterList(model, heads);
  const weights = fromHuggingFace(
    stored,
    list.map(({ name }) => name),
  );
  for (const [done, { name, shape }] of list.entries()) {
    yield { done, total: list.length, label: 'checking tensors' };
    const weight = weights[name];
    const fileName = huggingFaceName(name); // as the file calls it
    if (!weight && trunk)
      return fail(`it holds changes of ${trunk.name} alone, whose model file has the other weights`);
    if (!weight) return fail(`tensor ${fileName} is missing`);
    if (!isShape(weight.shape, shape))
      return fail(`tensor ${fileName} is [${weight.shape}], the model needs [${shape}]`);
    if (!weight.data.every(Number.isFinite)) return fail(`tensor ${fileName} holds numbers that are not finite`);
  }
  if (Object.keys(stored).length !== list.length)
    return fail(`${Object.keys(stored).length} tensors, the model has ${list.length}`);
  return weights;
}

function checkTokens({ tokenizer, model }: CheckpointMeta): void {
  const { vocabSize } = restoreTokenizer(tokenizer);
  if (vocabSize !== model.vocabSize) fail(`it holds ${vocabSize} tokens for a model that knows ${model.vocabSize}`);
}

function onTrunk(
  trunk: CausalNetwork,
  name: string,
  { heads }: NetworkMeta,
  tensors: NamedTensors,
  tuning: Tuning,
): CausalNetwork {
  const network = trunk.tuned(name, heads, tuning, Random.fromSeed(0)); // all that is drawn is replaced
  network.load(tensors);
  return network;
}

/** @throws LabError('file/checkpoint') that names the place, when the parts do not belong together */
export const openCheckpoint = (file: CheckpointFile): LoadedCheckpoint => finish(openingCheckpoint(file));

/** the same a tensor at a time: there may be hundreds of megabytes to look through */
export function* openingCheckpoint({
  meta,
  tensors: stored,
  adapterTensors = {},
}: CheckpointFile): Generator<TrainingProgress, LoadedCheckpoint> {
  const tensors = yield* readWeights(stored, meta);
  checkTokens(meta);
  const { gain, bias } = meta.scoreScale;
  if (meta.heads.scalar) tensors.scoreScale = { shape: [2], data: Float32Array.of(gain, bias) };
  const adapter = meta.adapter && fromPeft(meta.model, { ...meta.adapter, tensors: adapterTensors });
  return {
    meta,
    tensors,
    createNetwork: (name) => restoreNetwork(meta.model, meta.heads, tensors, name),
    createOn: adapter
      ? (trunk, name) => onTrunk(trunk, name, meta, { ...tensors, ...adapter.learned }, adapter.tuning)
      : null,
  };
}
