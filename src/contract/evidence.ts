/** How much the fitted taste says. */
import type { TasteResult, TasteWeight } from './preferences';

/** The interval leaves 0 out: the votes really say so. */
export const isClear = ({ low, high }: Pick<TasteWeight, 'low' | 'high'>): boolean => low > 0 || high < 0;
/**
 * More likely than not: 0 lies outside one standard error, about half of the 95 % interval. A dozen votes rarely say
 * more.
 */
const leans = ({ low, high }: TasteWeight): boolean => Math.abs(low + high) > (high - low) / 1.96;

/**
 * 'clear': a 95 % interval leaves 0 out; 'leaning': a weight lies more than one standard error from 0, and no interval
 * leaves it out
 */
export type Evidence = 'clear' | 'leaning' | 'none';

/** What there is for the rule, vetoed parts left out. */
export function evidenceOf(result: TasteResult | null): Evidence {
  const meant = result?.kind === 'rule' ? result.rule.weights.filter(({ vetoed }) => !vetoed) : [];
  if (meant.some(isClear)) return 'clear';
  return meant.some(leans) ? 'leaning' : 'none';
}

/** Whether the rule says anything at all: from then on it labels pairs by itself. */
export const saysSomething = (result: TasteResult | null): boolean => evidenceOf(result) !== 'none';
