import { describe, expect, it } from 'vitest';
import { gridLessonOf } from '../../../src/store/gridworld/gridLesson';
import { factsAt, follow, goTo } from '../../../src/store/guide/places';
import { translationOf } from '../../../src/store/translate/translation';
import { openPage, openVoting, settle } from '../openLab';

describe('a place of a lesson', () => {
  it('of Grid world opens its part, tells what is exact there, and is heard of when it changes', async () => {
    const page = await openPage();
    const { lab } = page;
    goTo(lab, 'primer/sweeps');
    const grid = gridLessonOf(lab);
    let heard = 0;
    const end = follow(lab, 'primer/sweeps', () => heard++);
    grid.getState().choosePreset('cliff');
    await settle();
    expect([lab.getState().view.stage, grid.getState().part]).toEqual(['primer', 'sweeps']);
    const before = factsAt(lab, 'primer/sweeps');
    expect(before).toMatchObject({ dogs: 3, slip: 0.1, sweeps: 0, sweptValue: 0, updates: 0 });
    expect(before).not.toHaveProperty('learnedValue');
    grid.getState().sweepTo(5);
    // five steps at −0.02, each worth 0.99 of the one before it: the fish is six steps away
    const steps = [0, 1, 2, 3, 4].reduce((sum, step) => sum - 0.02 * 0.99 ** step, 0);
    expect(factsAt(lab, 'primer/sweeps').sweptValue).toBeCloseTo(steps, 9);
    grid.getState().sweepTo(1000);
    const { sweptValue, bestValue, sweepsLeft, randomValue } = factsAt(lab, 'primer/sweeps');
    expect(sweepsLeft).toBe(0);
    expect(sweptValue).toBeCloseTo(bestValue!, 3);
    expect(randomValue).toBeLessThan(-0.75);
    expect(heard).toBeGreaterThan(0);
    end();
    const then = heard;
    grid.getState().sweepTo(0);
    expect(heard).toBe(then);
    page.kill();
  });

  it('Translate tells what the decoder reads, and whether it may', async () => {
    const page = await openPage();
    goTo(page.lab, 'translate');
    expect(factsAt(page.lab, 'translate')).toEqual({ crossCut: 0 });
    await translationOf(page.lab).getState().open();
    expect(factsAt(page.lab, 'translate').partner).toBeGreaterThanOrEqual(0);
    await translationOf(page.lab).getState().allowCrossAttention(false);
    expect(factsAt(page.lab, 'translate').crossCut).toBe(1);
    page.kill();
  });

  it('in Inspect tells what heads cost that are off, each and all, and what words are near', async () => {
    const page = await openVoting();
    const { lab } = page;
    goTo(lab, 'inspect/layers');
    await settle();
    expect(factsAt(lab, 'inspect/layers')).toMatchObject({ headsOff: 0 });
    expect(factsAt(lab, 'inspect/layers')).not.toHaveProperty('cost');
    const { layers, heads } = lab.getState().heads.view!.model;
    const all = Array.from({ length: layers * heads }, (_, i) => ({ layer: Math.floor(i / heads), head: i % heads }));
    lab.getState().heads.toggle(all[0]!);
    await settle();
    const one = factsAt(lab, 'inspect/layers');
    expect(one.cost).toBeCloseTo(one.lossOff! - one.lossOn!, 12);
    expect(one).not.toHaveProperty('costOfAll');
    for (const at of all.slice(1)) lab.getState().heads.toggle(at);
    await settle();
    expect(factsAt(lab, 'inspect/layers').costOfAll).toBeDefined();
    await lab.getState().heads.rank();
    const { dearest, cheapest, headSpread } = factsAt(lab, 'inspect/layers');
    expect(headSpread).toBeCloseTo(dearest! - cheapest!, 12);
    goTo(lab, 'inspect/words');
    await settle();
    const { words, spread, nearest } = factsAt(lab, 'inspect/words');
    expect(words).toBeGreaterThan(0);
    expect(spread).toBeGreaterThan(0);
    expect(nearest, 'nobody has asked yet').toBeUndefined();
    lab.getState().words.ask(lab.getState().words.view!.questions[0]!);
    await settle();
    expect(factsAt(lab, 'inspect/words').nearest).toBeLessThanOrEqual(1);
    page.kill();
  });
});
