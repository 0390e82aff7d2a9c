import type { HiddenPoints } from './curve';

/**
 * "3 points above, 2 below the view; 5 at or below 0, where a log axis has no place": what a chart does not show;
 * nothing when it shows all.
 */
export function hiddenWords({ above, below, notPositive, notNumbers }: HiddenPoints): string {
  const outside = [above > 0 && `${above} above`, below > 0 && `${below} below`].filter(Boolean);
  const parts = [
    outside.length > 0 && `${outside.join(', ')} the view`,
    notPositive > 0 && `${notPositive} at or below 0, where a log axis has no place`,
    notNumbers > 0 && `${notNumbers} not a number`,
  ].filter((part) => part !== false);
  // the noun stands once, behind the first count
  return parts
    .join('; ')
    .replace(/^1 /, '1 point ')
    .replace(/^(\d+) (?!point )/, '$1 points ');
}
