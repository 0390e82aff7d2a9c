import {
  type LabConfig,
  type ModelConfig,
  PRESETS,
  type PresetName,
  presetConfig,
  SHIPPED,
} from '../../../contract/config';
import type { ModelEstimate } from '../../../contract/domain';
import { countOf } from '../../../contract/numbers';
import { formatBytes, formatCount, formatDuration } from '../../primitives/format';

export const PRESET_WORDS: Record<PresetName, { name: string; promise: string }> = {
  tiny: { name: 'Tiny', promise: 'The whole loop in a lesson, on any laptop.' },
  small: { name: 'Small', promise: 'Writes better, takes a coffee.' },
  medium: { name: 'Medium', promise: 'For a real graphics card.' },
};

export const shippedFor = (preset: PresetName): PresetName => (SHIPPED.includes(preset) ? preset : 'small');

export const shapeWords = ({ layers, width, heads }: Pick<ModelConfig, 'layers' | 'width' | 'heads'>): string =>
  `${countOf(layers, 'layer')}, width ${width}, ${countOf(heads, 'head')}`;

/** "0.12 M parameters · 38 MB to train · about 20 s" */
export function costWords(estimate: ModelEstimate, steps: number): string {
  const parts = [`${formatCount(estimate.parameters)} parameters`, `${formatBytes(estimate.trainingBytes)} to train`];
  if (estimate.secondsPerStep !== null) parts.push(timeWords(estimate.secondsPerStep, steps));
  return parts.join(' · ');
}

/** Estimates deserve one digit: 20 s, 2 min, not 2 min 13 s. */
export function timeWords(secondsPerStep: number, steps: number): string {
  const seconds = secondsPerStep * steps;
  if (seconds < 1) return 'about 1 s';
  if (seconds >= 90) return `about ${formatDuration(Math.round(seconds / 60) * 60_000)}`;
  const unit = seconds >= 10 ? 10 : 1;
  return `about ${Math.max(1, Math.round(seconds / unit)) * unit} s`;
}

/** The quiet probe may come or not: a visitor may leave first, and an emulated card is not measured unasked. */
export const unmeasuredWords = (probing: boolean): string =>
  probing ? 'time: measuring…' : 'time: press Measure to see it';

/** @returns true when the model is not the preset's own any more */
export function isCustom(config: LabConfig): boolean {
  return JSON.stringify(config.model) !== JSON.stringify(presetConfig(config.preset).model);
}

/**
 * Bytes that a tab may well use before the browser stops it: a quarter of the memory, where the browser tells how much
 * there is.
 */
export function memoryBudget(deviceMemoryGb: number | undefined): number {
  return ((deviceMemoryGb ?? 4) / 4) * 2 ** 30;
}

/** @returns why a model of this size had better not be tried here, or null */
export function tooLarge(estimate: ModelEstimate, budget: number): string | null {
  if (estimate.trainingBytes <= budget) return null;
  return `Training it needs about ${formatBytes(estimate.trainingBytes)}; this tab can count on ${formatBytes(budget)}. Take fewer layers, a smaller width or a shorter context.`;
}

export const presetNames: readonly PresetName[] = PRESETS;
