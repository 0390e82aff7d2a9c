import { RULE_FROM } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';

/**
 * Why there is no rule to show; null when there is one.
 * @param measured whether texts can be measured
 */
export function missingTaste(usable: number, measured: boolean): string | null {
  if (!measured)
    return 'Your own text has no attributes to infer a rule from: the reward model learns from the votes alone. Say what a rater of your own should look at, and a rule can be guessed.';
  const missing = RULE_FROM - usable;
  if (missing <= 0) return null;
  return `${countOf(missing, 'more vote that chooses', 'more votes that choose')} a side, and the lab says what you seem to like. Ties, skips and hidden repeats do not count here.`;
}
