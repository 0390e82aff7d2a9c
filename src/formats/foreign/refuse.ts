/** Why a row means nothing to the lab: thrown where it is found, told with the number of the row. */
export class RowRefusal extends Error {}

/** @throws always */
export function refuse(why: string): never {
  throw new RowRefusal(why);
}

/** @returns a text that says something. @param name of its column */
export function textIn(value: unknown, name: string): string {
  if (value === undefined || value === null) return refuse(`${name} is missing`);
  if (typeof value !== 'string') return refuse(`${name} is not text`);
  return value.trim() === '' ? refuse(`${name} is empty`) : value;
}
