import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEYS, type KeyGroup } from '../../src/ui/shell/keys';
import { below, sourceFiles } from '../helpers/imports';

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

  it('are heard at one door, which takes the names of groups: nobody reads a key beside the table', () => {
    const reads = /\bevent\.key\b|\(\{ key[ ,}]|from 'tinykeys'/;
    const readers = sourceFiles().filter((file) => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /^(ui|lessons)/.test(below(file)) && /KeyboardEvent|tinykeys|onKeyDown/.test(code) && reads.test(code);
    });
    expect(readers.map(below).sort()).toEqual([
      'ui/panels/Checkpoints/Checkpoints.tsx', // Ctrl-Z, which tinykeys would hear on the stage
      'ui/panels/Checkpoints/FamilyTree.tsx', // hands it to treePress, which takes the codes of its group
      'ui/primitives/Slider.tsx', // binds none: tells a range's own keys from all others
      'ui/primitives/useKeys.ts',
    ]);
  });
});
