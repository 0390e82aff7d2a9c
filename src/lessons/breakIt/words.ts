import { formatSigned } from '../../ui/primitives/format';

/** +1.2, −0.7: a score in a sentence */
export const score = (value: number): string => formatSigned(value);
/** "from +0.1 to +1.5" */
export const fromTo = (from: number, to: number): string => `from ${score(from)} to ${score(to)}`;
