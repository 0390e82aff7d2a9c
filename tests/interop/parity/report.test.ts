import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METHODS } from './curves';
import { picture } from './picture';
import { apart, placed } from './report';

const readme = readFileSync('tests/interop/README.md', 'utf8');

describe('the page of what lies over each other', () => {
  it('has a place, a picture and a table of three seeds for every method', () => {
    for (const method of METHODS) {
      const again = placed(readme, method, 'new');
      expect(again).toContain(`<!-- parity ${method} -->\nnew\n<!-- end of ${method} -->`);
      expect(again.length).toBeLessThan(readme.length);
      expect(existsSync(`tests/interop/parity/${method}.svg`)).toBe(true);
    }
    expect(readme.match(/seed 1 \| seed 2 \| seed 3 \|/g)).toHaveLength(METHODS.length);
    expect(() => placed('', 'dpo', 'new')).toThrow('no place for dpo');
  });

  it('tells curves apart by their largest distance, and those that share no step by none', () => {
    const curve = [
      [1, 0.5],
      [2, 0.25],
    ] as [number, number][];
    expect(apart(curve, [[2, 1]])).toBe(0.75);
    expect(apart(curve, [[3, 1]])).toBe(Number.POSITIVE_INFINITY);
  });

  it('draws a line for each seed of each half, and nothing that is no number', () => {
    const half = { loss: [[1, 2]] as [number, number][], KL: [] };
    const drawn = picture('reward', [{ seed: 1, lab: half, other: half }], 'Reward model', 'TRL');
    expect(drawn.match(/<path d="M62\.0 /g)).toHaveLength(2);
    const { length } = METHODS.map((method) => readFileSync(`tests/interop/parity/${method}.svg`, 'utf8')).filter(
      (svg) => /NaN|Infinity/.test(svg),
    );
    expect(length).toBe(0);
  });
});
