/**
 * @param value of an option that counts something; @throws with the option's name when it is no whole number above 0
 */
export function countOf(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new Error(`--${option} is a whole number above 0, not ${JSON.stringify(value)}`);
  return Number(value);
}
