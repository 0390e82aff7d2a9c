/** The whole report of a card that counts as a real one; it computes nothing, so it is soon done. */
import { expect, it } from 'vitest';
import { measureCard } from '../bench/card/report';
import { standInNullCard } from '../helpers/nullCard';

standInNullCard();
const STYLES = ['cooperative', 'subgroups', 'broad', 'broadSubgroups'];

it('tries every way of writing kernels on both shapes, times each, on S beside the portable executor, and asks the tuner', async () => {
  const told: string[] = [];
  const report = await measureCard({ filter: '', tell: (what) => told.push(what) });
  expect(report.adapter).toMatchObject({ name: 'null-backend', isEmulated: false, subgroup: 4 });
  expect(report.adapter.features).toContain('subgroups');
  expect(report.trials.map(({ shape, style, difference }) => [shape, style, difference])).toEqual(
    ['S', 'M'].flatMap((shape) => STYLES.map((style) => [shape, style, null])),
  );
  const onS = ['card.step.S', 'card.rollout.S'].flatMap((work) => [...STYLES, 'portable'].map((by) => `${work}.${by}`));
  expect(report.rows.map(({ id }) => id)).toEqual([...onS, ...STYLES.map((style) => `card.step.M.${style}`)]);
  for (const { value, rounds, unit } of report.rows) {
    expect(unit).toBe('ms');
    expect(rounds).toHaveLength(9);
    expect(rounds).toContain(value);
  }
  expect(STYLES).toContain(report.tuner!.style);
  expect(told.at(-1)).toBe('tuner');
}, 300_000);

it('measures only what is asked for', async () => {
  const report = await measureCard({ filter: 'trial.S.broad', tell: () => undefined });
  expect(report.trials.map(({ style }) => style)).toEqual(['broad', 'broadSubgroups']);
  expect(report.rows).toEqual([]);
}, 120_000);
