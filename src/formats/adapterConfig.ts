/**
 * The `adapter_config.json` of peft: which layers have a low-rank change, of what rank, and how it is scaled. Whatever
 * else is set and changes the arithmetic is named, not passed over; what a config leaves out is off.
 * https://huggingface.co/docs/peft/package_reference/lora
 */
import type { LoraRules } from '../contract/adapters';
import { LabError } from '../contract/errors';
import { type ForeignConfig, isOff, shown } from './foreignConfig';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', `adapter_config.json: ${message}`);
};

/** says nothing about what the adapter computes once it is trained */
const SAYS_NOTHING = new Set([
  ...['alpha_pattern', 'auto_mapping', 'base_model_name_or_path', 'bias', 'exclude_modules', 'fan_in_fan_out'],
  ...['inference_mode', 'init_lora_weights', 'layers_pattern', 'layers_to_transform', 'lora_alpha', 'lora_dropout'],
  ...['megatron_core', 'modules_to_save', 'peft_type', 'peft_version', 'qalora_group_size', 'r', 'rank_pattern'],
  ...['revision', 'target_modules', 'task_type', 'use_rslora', 'ensure_weight_tying', 'eva_config'],
]);

/** beginnings that change the weights of the trunk, so that the adapter belongs to another one than the file's */
const PLAIN_STARTS: readonly unknown[] = [true, false, 'gaussian', 'orthogonal', 'eva', undefined, null];

function checkRest(config: ForeignConfig): void {
  if (config.peft_type !== 'LORA') fail(`its peft_type is ${shown(config.peft_type)}, and the lab opens LORA`);
  if (config.task_type === 'SEQ_CLS')
    fail('its task_type is SEQ_CLS: it scores texts, and the lab opens adapters of models that write');
  for (const [key, value] of Object.entries(config))
    if (!SAYS_NOTHING.has(key) && !isOff(value)) fail(`${key} is ${shown(value)}, which the lab does not compute`);
  if (config.bias !== undefined && config.bias !== 'none')
    fail(`bias is ${shown(config.bias)}, and the lab takes none`);
  if (!PLAIN_STARTS.includes(config.init_lora_weights))
    fail(`init_lora_weights is ${shown(config.init_lora_weights)}, which changes the model under the adapter`);
}

/** flags of Python that stand in front of an expression, and those that mean nothing where there is one line of ASCII */
const FLAGS = /^\(\?([aimsux]+)\)/;

/** what Python writes otherwise; a hyphen may be escaped there anywhere */
const asHere = (source: string): string =>
  source.replace(/\\[\s\S]|\(\?P[<=]/g, (found) => {
    if (found === '(?P<') return '(?<';
    return { '\\Z': '$', '\\A': '^', '\\-': '\\x2D' }[found] ?? found;
  });

/**
 * @param around puts the expression into its place
 * @throws for what only Python's expressions know
 */
function expression(source: string, around: (pattern: string) => string): RegExp {
  const [front = '', flags = ''] = FLAGS.exec(source) ?? [];
  try {
    if (flags.includes('x')) throw new SyntaxError(); // white space in it would be none
    return new RegExp(around(asHere(source.slice(front.length))), flags.includes('i') ? 'iu' : 'u');
  } catch {
    return fail(`${shown(source)} is no expression that can be read here`);
  }
}

type Test = (module: string) => boolean;

/** a name without a dot is the end of a module's, a text is one expression for all of it */
function namesIn(value: unknown, key: string): Test {
  if (typeof value === 'string') {
    const pattern = expression(value, (all) => `^(?:${all})$`);
    return (module) => pattern.test(module);
  }
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return fail(`${key} is ${shown(value)}`);
  return (module) => value.some((name) => module === name || module.endsWith(`.${name}`));
}

function targetsIn({ target_modules: value }: ForeignConfig): Test {
  if (value === 'all-linear') return (module) => !/(?:wte|wpe|lm_head)$/.test(module);
  return isOff(value) ? fail('target_modules names no layer') : namesIn(value, 'target_modules');
}

/** @returns the number of a module's layer; null where it is in none */
function layerOf(module: string, { layers_pattern: value }: ForeignConfig): number | null {
  const names = isOff(value) || value === '' ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
  const patterns = names.length === 0 ? ['[^.]*'] : names;
  for (const name of patterns) {
    const found = expression(name, (all) => `^(?:.*?\\.)?(?:${all})\\.(?<layer>\\d+)\\.`).exec(module);
    if (found) return Number(found.groups!.layer);
  }
  return null;
}

/** a whole name among the targets says its layer itself */
function layersIn(config: ForeignConfig): Test {
  const value = config.layers_to_transform;
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return () => true;
  const layers = Array.isArray(value) ? value : [value];
  const targets = Array.isArray(config.target_modules) ? config.target_modules : [];
  return (module) => targets.includes(module) || layers.includes(layerOf(module, config));
}

/** @returns the first entry whose name is the end of the module's, or an expression for it */
function patternIn(value: unknown, key: string, fallback: number): (module: string) => number {
  if (isOff(value)) return () => fallback;
  if (typeof value !== 'object' || Array.isArray(value)) return fail(`${key} is ${shown(value)}`);
  const entries = Object.entries(value as object).map(([name, number]) => {
    if (typeof number !== 'number' || !(number > 0)) fail(`${key} says ${shown(number)} of ${name}`);
    return [expression(name, (all) => `^(?:.*\\.)?(?:${all})$`), number as number] as const;
  });
  return (module) => entries.find(([name]) => name.test(module))?.[1] ?? fallback;
}

function positive(config: ForeignConfig, key: string, absent: number): number {
  const value = config[key] ?? absent;
  return typeof value === 'number' && value > 0 ? value : fail(`${key} is ${shown(value)}`);
}

/** a module is trained whole where the end of its name, or of that of one it lies in, is among them */
function savedIn({ modules_to_save: value }: ForeignConfig): Test {
  if (isOff(value)) return () => false;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    return fail(`modules_to_save is ${shown(value)}`);
  const isNamed: Test = (module) => value.some((name) => module.endsWith(name));
  return (module) => module.split('.').some((_, i, parts) => isNamed(parts.slice(0, i + 1).join('.')));
}

/** peft changes both uses of the embedding by one pair of matrices then */
function checkTying({ ensure_weight_tying: value }: ForeignConfig, changes: Test): void {
  if (value === true && ['lm_head', 'transformer.wte'].some(changes))
    fail(
      'ensure_weight_tying is true: one change for both uses of the token embedding is not among what the lab computes',
    );
}

/** @throws LabError('file/checkpoint') that names the key */
export function loraOf(config: ForeignConfig): LoraRules {
  checkRest(config);
  const rankOf = patternIn(config.rank_pattern, 'rank_pattern', positive(config, 'r', 8));
  const alphaOf = patternIn(config.alpha_pattern, 'alpha_pattern', positive(config, 'lora_alpha', 8));
  const [isTarget, isOfLayer] = [targetsIn(config), layersIn(config)];
  const isExcluded: Test = isOff(config.exclude_modules)
    ? () => false
    : namesIn(config.exclude_modules, 'exclude_modules');
  const isSaved = savedIn(config);
  // what is trained whole has no adapter
  const targets: Test = (module) => isTarget(module) && isOfLayer(module) && !isExcluded(module) && !isSaved(module);
  checkTying(config, (module) => targets(module) || isSaved(module));
  const isStable = config.use_rslora === true;
  return {
    rankOf,
    scalingOf: (module) => alphaOf(module) / (isStable ? Math.sqrt(rankOf(module)) : rankOf(module)),
    targets,
    isSaved,
  };
}
