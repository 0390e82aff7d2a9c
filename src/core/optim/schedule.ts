/**
 * The learning rate over a run. Warm-up: Adam's averages are poor in the first steps, so those are kept small. Decay:
 * late small steps settle into a minimum that large ones jump around in. Cosine as in nanoGPT, linear as in
 * lm-human-preferences.
 */
import type { ScheduleConfig } from '../../contract/config';
import { cosine } from '../tensor/exact';

/** Share of the way from the end of the warm-up to the end of the run, 0 … 1. */
const progress = (step: number, warmupSteps: number, totalSteps: number): number =>
  totalSteps > warmupSteps ? Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps)) : 1;

/**
 * @param step counts from 0
 * @returns warm-up: base · (step+1)/(warmup+1); then the schedule, which stays at its last value after totalSteps
 */
export function learningRateAt(schedule: ScheduleConfig, base: number, step: number): number {
  if (step < schedule.warmupSteps) return (base * (step + 1)) / (schedule.warmupSteps + 1);
  switch (schedule.type) {
    case 'constant':
      return base;
    case 'linear':
      return base * (1 - progress(step, schedule.warmupSteps, schedule.totalSteps));
    case 'cosine': {
      const low = schedule.minLearningRate;
      return (
        low + 0.5 * (1 + cosine(Math.PI * progress(step, schedule.warmupSteps, schedule.totalSteps))) * (base - low)
      );
    }
  }
}

/** What a run is set to. */
interface RateSettings {
  schedule: ScheduleConfig['type'];
  warmupSteps: number;
  steps: number;
  learningRate: number;
}

/** a cosine ends at a tenth of the rate, as in nanoGPT and InstructGPT */
const LOWEST_SHARE = 0.1;

/** The learning rate of a step, which counts from 0, of a run with these settings. */
export function scheduledRate(
  { schedule: type, warmupSteps, steps, learningRate }: RateSettings,
  step: number,
): number {
  const ends = { totalSteps: steps, minLearningRate: LOWEST_SHARE * learningRate };
  return learningRateAt({ type, warmupSteps, ...ends }, learningRate, step);
}
