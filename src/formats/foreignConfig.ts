/** A config that another program wrote: fields that are left out are off, and a message shows what stands in one. */
import { startOf } from '../contract/limits';

/** not yet looked at */
export type ForeignConfig = Readonly<Record<string, unknown>>;

export const shown = (value: unknown): string => startOf(JSON.stringify(value) ?? 'undefined', 100);

export const isOff = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);
