/**
 * A curve that quietly becomes NaN teaches nothing: a run stops at the first number that is not one, and says which.
 */
import { LabError } from '../../contract/errors';
import { LABELS, type MetricId, type MetricValues } from '../../contract/labels';

/** @throws LabError('run/nonFinite') naming the first metric that went bad */
export function assertFinite(values: MetricValues, step: number): void {
  for (const [id, value] of Object.entries(values)) {
    if (Number.isFinite(value)) continue;
    throw new LabError('run/nonFinite', `${LABELS[id as MetricId].label} (${id}) became ${value} at step ${step}.`);
  }
}

/** @throws LabError('run/klCeiling') when the policy has run further than `ceiling` nats per completion; 0 is off */
export function assertBelowCeiling(kl: number, ceiling: number, iteration: number): void {
  if (ceiling > 0 && kl > ceiling)
    throw new LabError(
      'run/klCeiling',
      `${LABELS['objective/kl'].label} (objective/kl) reached ${kl.toFixed(1)} nats per completion in iteration ${iteration}, above the ceiling of ${ceiling}.`,
    );
}
