import type { Evidence } from '../../../contract/evidence';

interface RuleFacts {
  evidence: Evidence;
  useRule: boolean;
  /** the visitor switched it, on or off */
  answered: boolean;
  ruleLabels: number;
}

const WHY_CAREFUL: Record<Evidence, string> = {
  clear: '',
  leaning: ', though every 95 % interval still covers 0: it may be chance',
  none: ', though no weight lies more than one standard error from 0: it is most likely chance',
};

/**
 * What the rule does now, why, and how far that is to be trusted: it goes on by itself at one standard error, long
 * before two.
 */
export function ruleWords({ evidence, useRule, answered, ruleLabels }: RuleFacts): string {
  const labels = `the rule labels ${ruleLabels} more pairs${WHY_CAREFUL[evidence]}.`;
  if (useRule && answered) return `On, as you chose: ${labels}`;
  if (useRule && evidence === 'leaning')
    return `On, since a weight lies more than one standard error from 0: ${labels}`;
  if (useRule) return `On: ${labels}`;
  if (answered) return 'Off, as you chose: the rule labels nothing.';
  return 'Off: the rule labels nothing until a weight lies more than one standard error from 0. Then it goes on by itself.';
}
