/** What a model learned by adapters as a folder that peft opens on the trunk: `adapter_config.json` and its tensors. */
import type { AdapterMeta, Change } from '../../contract/adapters';
import type { CheckpointFile, CheckpointMeta, NamedTensors } from '../../contract/checkpoint';
import { encodeSafetensors } from '../safetensors';
import { isScorer, type Json, refuse } from './config';

type Changes = readonly (readonly [module: string, Change])[];

const alphaOf = ({ rank, scaling }: Change): number => rank * scaling;

/**
 * names that end in the same way in all layers stand once; a name without a dot in front matches the end of a module's
 */
function targetsOf(changes: Changes, layers: number): string[] {
  const modules = changes.map(([module]) => module);
  const parts = [...new Set(modules.map((module) => module.replace(/^transformer\.h\.\d+\./, '')))];
  return parts.length * layers === modules.length ? parts : modules;
}

/** what is otherwise than in the first, by module */
const patternOf = (changes: Changes, numberOf: (change: Change) => number, usual: number): Json =>
  Object.fromEntries(
    changes.flatMap(([module, change]) => (numberOf(change) === usual ? [] : [[module, numberOf(change)]])),
  );

/** α/r is the scaling, also of adapters that were trained with α/√r: what is left out is off */
function configOf({ changes, saved }: AdapterMeta, layers: number, base: string): Json {
  const all = Object.entries(changes);
  const [, first] = all[0] ?? refuse('it has no adapter: its weights were trained themselves');
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: first.rank,
    lora_alpha: alphaOf(first),
    rank_pattern: patternOf(all, ({ rank }) => rank, first.rank),
    alpha_pattern: patternOf(all, alphaOf, alphaOf(first)),
    target_modules: targetsOf(all, layers),
    modules_to_save: saved.length > 0 ? saved : null,
    fan_in_fan_out: true, // GPT-2 keeps its matrices [in,out]
    bias: 'none',
    lora_dropout: 0,
    use_rslora: false,
    init_lora_weights: true,
    inference_mode: true,
  };
}

/** @throws LabError where a tensor is missing or of another shape than the changes say */
function checkTensors({ changes }: AdapterMeta, tensors: NamedTensors): void {
  for (const [module, { rank }] of Object.entries(changes)) {
    const [a, b] = ['A', 'B'].map((side) => tensors[`base_model.model.${module}.lora_${side}.weight`]);
    if (a?.shape[0] !== rank || b?.shape[1] !== rank) refuse(`its adapter of ${module} is not of rank ${rank}`);
  }
}

/** @throws LabError where there is no adapter, or none that peft has */
function adapterIn({ adapter, kind }: CheckpointMeta): AdapterMeta {
  if (!adapter) return refuse('it has no adapter: its weights were trained themselves');
  if (isScorer({ kind })) return refuse('an adapter of a reward model is written merged only: export the model');
  return adapter;
}

/**
 * @param base where peft finds the trunk: a folder or a name
 * @returns files by name
 * @throws LabError('file/checkpoint') in words
 */
export function adapterFolder(file: CheckpointFile, base: string): Map<string, Uint8Array<ArrayBuffer>> {
  const { meta, adapterTensors = {} } = file;
  const adapter = adapterIn(meta);
  checkTensors(adapter, adapterTensors);
  const config = `${JSON.stringify(configOf(adapter, meta.model.layers, base), null, 2)}\n`;
  return new Map([
    ['adapter_config.json', new TextEncoder().encode(config)],
    ['adapter_model.safetensors', encodeSafetensors(adapterTensors, { format: 'pt' })],
  ]);
}
