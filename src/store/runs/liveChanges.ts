/** What was changed while a run went on, as a part of what it was made from. */
import { LIVE_KNOBS, type LiveKnobs } from '../../contract/config';
import type { Recipe, RunSpec, Setting } from '../../contract/domain';
import { recipeOf } from '../../contract/lineage';

export interface LiveChange {
  /** steps that were finished */
  step: number;
  knobs: LiveKnobs;
}

/** more values are told by the first and the last */
const MOST_VALUES = 3;

const short = (value: number): string => String(Number(value.toPrecision(4)));

/**
 * @returns the values of a knob in turn, from the first step on; a hand that tries several at one step leaves the last
 */
function valuesOf(knob: keyof LiveKnobs, first: number, live: readonly LiveChange[]): number[] {
  const byStep = new Map([[0, first]]);
  for (const { step, knobs } of live) {
    const value = knobs[knob];
    if (value !== undefined) byStep.set(step, value);
  }
  return [...byStep.values()].filter((value, i, all) => value !== all[i - 1]);
}

function inTurn(values: readonly number[]): string {
  const [first, last] = [values[0] as number, values.at(-1) as number];
  const told = values.length > MOST_VALUES ? [short(first), '…', short(last)] : values.map(short);
  return told.join(' then ');
}

/** @returns what a run was made from; a knob that was changed has all its values: "0.1 then 0" */
export function recipeAsLived(spec: RunSpec, live: readonly LiveChange[]): Recipe {
  const recipe = recipeOf(spec);
  const config = { ...(recipe.config as Record<string, Setting>) };
  for (const knob of LIVE_KNOBS) {
    const first = config[knob];
    if (typeof first !== 'number') continue;
    const values = valuesOf(knob, first, live);
    config[knob] = values.length === 1 ? (values[0] as number) : inTurn(values);
  }
  return { ...recipe, config };
}
