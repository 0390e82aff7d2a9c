import { describe, expect, it } from 'vitest';
import { KEYS, type KeyGroup } from '../../src/ui/shell/keys';

const named = (where: string): KeyGroup => {
  const found = KEYS.find((group) => group.where === where);
  if (!found) throw new Error(`no keys of ${where}`);
  return found;
};
/** a group with all that holds at the same time in its place */
const together = (group: KeyGroup): KeyGroup[] => [group, ...(group.beside ? together(named(group.beside)) : [])];
const codesOf = (groups: readonly KeyGroup[]) => groups.flatMap(({ keys }) => keys.flatMap(({ codes }) => codes));

describe('the keys of the lab', () => {
  it.each(KEYS.map((group) => [group.where, group] as const))('mean one thing each: %s', (_, group) => {
    const codes = codesOf(together(group));
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  it('of groups that hold at once are of one place', () => {
    for (const group of KEYS) for (const other of together(group)) expect(other.place).toBe(group.place);
  });

  it('are grouped by places that have one name each', () => {
    const places = KEYS.map(({ where }) => where);
    expect(new Set(places).size).toBe(places.length);
  });
});
