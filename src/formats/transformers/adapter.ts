/**
 * What a model learned by adapters as a folder that peft opens on the trunk: `adapter_config.json` and its tensors. A
 * reward model's is of a sequence classifier with one label: its score layer is saved whole, and the last norm too, which
 * holds the shift of its scores.
 */
import type { AdapterMeta, Change } from '../../contract/adapters';
import type { CheckpointFile, CheckpointMeta, NamedTensors } from '../../contract/checkpoint';
import { encodeSafetensors } from '../safetensors';
import { checkShape, isScorer, type Json, refuse } from './config';
import { LAST_BIAS, scorerOf } from './weights';

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
function configOf({ changes, saved }: AdapterMeta, task: 'CAUSAL_LM' | 'SEQ_CLS', layers: number, base: string): Json {
  const all = Object.entries(changes);
  const [, first] = all[0] ?? refuse('it has no adapter: its weights were trained themselves');
  return {
    peft_type: 'LORA',
    task_type: task,
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
function adapterIn(meta: CheckpointMeta): AdapterMeta {
  checkShape(meta);
  return meta.adapter ?? refuse('it has no adapter: its weights were trained themselves');
}

const SCORE = 'score';
const LAST_NORM = 'transformer.ln_f';

/** with what makes its scores: peft puts modules that are saved whole in the place of the trunk's */
function asScorer(file: CheckpointFile, adapter: AdapterMeta, learned: NamedTensors) {
  if (!file.tensors[LAST_BIAS])
    refuse('it is kept without the model that it learned on, whose last norm its scores need');
  const scorer = scorerOf(file);
  const whole = {
    'base_model.model.score.weight': scorer['score.weight']!,
    [`base_model.model.${LAST_NORM}.weight`]: scorer['ln_f.weight']!,
    [`base_model.model.${LAST_NORM}.bias`]: scorer[LAST_BIAS]!,
  };
  const saved = [...new Set([...adapter.saved, LAST_NORM, SCORE])];
  return { adapter: { ...adapter, saved }, tensors: { ...learned, ...whole } };
}

/**
 * @param base where peft finds the trunk: a folder or a name
 * @returns files by name
 * @throws LabError('file/checkpoint') in words
 */
export function adapterFolder(file: CheckpointFile, base: string): Map<string, Uint8Array<ArrayBuffer>> {
  const { meta, adapterTensors = {} } = file;
  const own = adapterIn(meta);
  checkTensors(own, adapterTensors);
  const scores = isScorer(meta);
  const { adapter, tensors } = scores ? asScorer(file, own, adapterTensors) : { adapter: own, tensors: adapterTensors };
  const settings = configOf(adapter, scores ? 'SEQ_CLS' : 'CAUSAL_LM', meta.model.layers, base);
  return new Map([
    ['adapter_config.json', new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`)],
    ['adapter_model.safetensors', encodeSafetensors(tensors, { format: 'pt' })],
  ]);
}
