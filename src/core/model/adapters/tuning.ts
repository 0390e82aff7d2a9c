/**
 * Which weights of a network learn. The others are those of its trunk: never written, and shared in memory by all
 * networks that were made from it.
 *
 *   x·W + b   →   x·W + b + scaling · (x·A)·B        A [in,r] drawn, B [r,out] at first 0: at first nothing changes
 *
 * Hu et al. 2021. With A and B as small as they are, policy, reference, reward model and value model are one trunk and
 * a few numbers each; the reference is the trunk with the policy's adapters off.
 */
import type { Change, Tuning } from '../../../contract/adapters';
import type { ModelConfig } from '../../../contract/config';
import type { LoraConfig } from '../../../contract/settings/lora';
import type { Random } from '../../tensor/random';
import type { NamedTensors, Parameter } from '../causalNetwork';
import { isHead } from '../layout';
import { beginAll, type Listed, matrix } from '../listed';

/** The two matrices of an adapter, beside the one they change. */
export const sideA = (name: string): string => `${name}/loraA`;
export const sideB = (name: string): string => `${name}/loraB`;

const layerOf = (name: string): number | null => {
  const layer = /^block(\d+)\//.exec(name)?.[1];
  return layer === undefined ? null : Number(layer);
};

/** @returns where a weight stands: below all layers, in one, or above them */
export const heightOf = (name: string, layers: number): number =>
  name.endsWith('Embedding') ? -1 : (layerOf(name) ?? layers);

const TARGETS: Record<LoraConfig['loraTargets'], RegExp> = {
  attention: /\/attn\/w/,
  mlp: /\/mlp\/w/,
  both: /\/(?:attn|mlp)\/w/,
};

/**
 * @param list all weights of the model
 * @returns adapters on the chosen matrices of the layers that are not frozen; at rank 0 those layers themselves, and
 * what stands above them
 */
export function tuningOf(config: LoraConfig, list: readonly Parameter[], { layers }: ModelConfig): Tuning {
  const { loraRank: rank, loraAlpha, loraStable, loraTargets, frozenLayers } = config;
  const learns = list
    .map(({ name }) => name)
    .filter((name) => frozenLayers === 0 || heightOf(name, layers) >= frozenLayers);
  if (rank === 0) return { changes: {}, whole: learns };
  const change: Change = { rank, scaling: loraAlpha / (loraStable ? Math.sqrt(rank) : rank) };
  const targets = learns.filter((name) => TARGETS[loraTargets].test(name));
  return { changes: Object.fromEntries(targets.map((name) => [name, change])), whole: [] };
}

/** @returns whether a pass asks for an adapter of this weight; beside others one can only be merged */
export const takesAdapter = (name: string): boolean => TARGETS.both.test(name);

/** @throws when it names a weight that is not there, or an adapter where a pass asks for none */
export function checkTuning(list: readonly Parameter[], { changes, whole }: Tuning): void {
  const names = new Set(list.map(({ name }) => name));
  const missing = [...Object.keys(changes), ...whole].find((name) => !names.has(name));
  if (missing !== undefined) throw new Error(`there is no ${missing} that could learn`);
  const strange = Object.keys(changes).find((name) => !takesAdapter(name));
  if (strange !== undefined) throw new Error(`${strange} has an adapter that can only be merged`);
}

const adapterOf = ({ name, shape }: Parameter, { rank }: Change): Listed<'spread'>[] => {
  const [inputs, outputs] = shape as [number, number];
  return [matrix(sideA(name), inputs, rank, 'spread'), matrix<'spread'>(sideB(name), rank, outputs, 'zero')];
};

/**
 * @param list all weights of the network
 * @returns those of them that learn, adapters in the places of what they change
 */
export const learningList = (list: readonly Parameter[], { changes, whole }: Tuning): Parameter[] =>
  list.flatMap((parameter) => {
    const change = changes[parameter.name];
    if (change) return adapterOf(parameter, change).map(({ name, shape, decay }) => ({ name, shape, decay }));
    return whole.includes(parameter.name) || isHead(parameter.name) ? [parameter] : [];
  });

/** @returns A as spread as peft draws it, 1/√(3·in), and B 0, so that nothing is changed yet */
export function initialAdapters(list: readonly Parameter[], { changes }: Tuning, seed: Random): NamedTensors {
  const adapters = list.flatMap((parameter) => {
    const change = changes[parameter.name];
    return change ? adapterOf(parameter, change) : [];
  });
  return beginAll(adapters, seed, (_, [inputs]) => 1 / Math.sqrt(3 * inputs!));
}
