import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassChoice, ClassPairs } from '../../src/contract/classroom';
import { startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { hashOf } from '../../src/formats/classCode';
import { kernelFiles } from '../helpers/kernels';
import { type NodeThreads, sharingThreads } from '../helpers/threads';
import { type Loopback, loopback } from './loopback';
import { SLOW } from './specs';

describe('the pairs of a class', () => {
  let lab: Loopback;
  let set: ClassPairs;
  const pools: NodeThreads[] = [];
  const start = async (threads: number) => {
    const made = loopback({
      kernels: async () => startKernels(await kernelFiles(), threads > 1 ? sharingThreads(threads, pools) : null),
    });
    await made.client.call('engine/start', { backend: 'wasm', executor: 'fused' });
    return made;
  };
  const write = ({ client }: Loopback, seed: number) => client.call('class/write', { seed, size: 12 });

  beforeAll(async () => {
    lab = await start(1);
    set = await write(lab, 363);
  }, SLOW);
  afterAll(stopKernels);

  it('are twelve pairs of different texts, with the hash of the model that wrote them', () => {
    expect(set.seed).toBe(363);
    expect(set.pairs).toHaveLength(12);
    for (const { prompt, completions } of set.pairs) {
      expect(prompt).not.toBe('');
      expect(new Set(completions).size).toBe(2);
    }
    expect(set.modelHash).toMatch(/^[0-9a-f]{64}$/);
    expect(set.modelHash).not.toBe(hashOf(new Uint8Array()));
  });

  it(
    'are the same again, with two threads too, and others for another seed',
    async () => {
      const two = await start(2);
      expect(two.session.engine.info).toMatchObject({ executor: 'fused', threads: 2 });
      expect(await write(two, 363)).toEqual(set);
      expect((await write(two, 364)).pairs).not.toEqual(set.pairs);
    },
    SLOW,
  );

  it(
    'are not written with any other arithmetic, nor for a seed or a size that no code holds',
    async () => {
      const portable = loopback();
      await portable.client.call('engine/start', { backend: 'wasm', executor: 'portable' });
      await expect(write(portable, 363)).rejects.toMatchObject({ code: 'class/arithmetic' });
      await expect(write(lab, 4096)).rejects.toThrow();
      await expect(lab.client.call('class/write', { seed: 1, size: 13 as 12 })).rejects.toThrow();
      lab = await start(1); // the kernels of a page are one session's: the portable one has stopped them
    },
    SLOW,
  );

  it('tell what a student seems to like who chose by length, and nothing of one who chose too seldom', async () => {
    const { pairs } = await lab.client.call('class/write', { seed: 7, size: 32 });
    const words = (text: string) => text.split(' ').length;
    const longer = pairs.map(({ completions: [first, second] }): ClassChoice => {
      if (words(first) === words(second)) return 'tie';
      return words(first) > words(second) ? 'first' : 'second';
    });
    const seldom = pairs.map((_, i): ClassChoice => (i < 5 ? 'first' : i < 9 ? 'bothBad' : 'none'));
    const [mine, other] = await lab.client.call('class/tastes', { pairs, choices: [longer, seldom] });
    const length = mine!.find(({ attribute }) => attribute === 'length')!;
    expect(length.low).toBeGreaterThan(0);
    expect(other).toBeNull();
  });

  it('of 40 students are compared, and nothing but choices is taken', async () => {
    const choices = Array.from({ length: 40 }, (_, student) =>
      Array.from(
        { length: 32 },
        (_, pair): ClassChoice => ((student + pair) % 5 === 0 ? 'none' : pair % 2 ? 'first' : 'tie'),
      ),
    );
    const report = await lab.client.call('class/agreement', { pairs: 32, choices, seed: 3 });
    expect(report).toMatchObject({ percent: 1, kappa: null });
    expect(report.alpha).toBeCloseTo(1, 12);
    await expect(
      lab.client.call('class/agreement', { pairs: 1, choices: [['third' as 'first']], seed: 3 }),
    ).rejects.toThrow();
  });
});
