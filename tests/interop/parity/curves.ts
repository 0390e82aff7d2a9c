/** What two implementations of one method are compared by: a number a step, under the name of what it tells. */

/** of a method, in the order of its panels */
export const PANELS = {
  dpo: ['loss', 'reward margin', 'accuracy', 'held-out accuracy', 'KL, nats a token'],
  reward: ['loss', 'margin', 'accuracy', 'held-out accuracy'],
  rloo: ['score', 'KL, nats a text', 'entropy, nats a token', 'loss'],
  ppo: ['score', 'KL, nats a text', 'entropy, nats a token', 'loss', 'value loss'],
} as const;

export type Method = keyof typeof PANELS;
export const METHODS = Object.keys(PANELS) as Method[];

/** [step, value] each, steps from 1 */
export type Curve = [step: number, value: number][];
/** by the name of its panel */
export type Curves = Record<string, Curve>;

/** One seed of a method, by both. */
export interface Pair {
  seed: number;
  lab: Curves;
  other: Curves;
}

export function addTo(curves: Curves, step: number, values: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    curves[name] ??= [];
    curves[name].push([step, value]);
  }
}
