import { beforeAll, describe, expect, it } from 'vitest';
import type { HeadAt } from '../../src/contract/inside';
import type { Loopback } from './loopback';
import { ANY, fineTuneSpec, pretrainSpec } from './specs';
import { finish, startedLab } from './started';

const TEXT = 'the fox found a kite . he was';

describe('looking inside a model', () => {
  let lab: Loopback;
  let baseId: string;

  const ask = {
    arithmetic: (checkpointId: string, layer = 0, text = TEXT) =>
      lab.client.call('inspect/arithmetic', { checkpointId, text, layer }),
    layers: (off: HeadAt[], position = 8, checkpointId = baseId) =>
      lab.client.call('inspect/layers', { checkpointId, text: TEXT, position, off }),
    difference: (afterId: string) => lab.client.call('inspect/difference', { beforeId: baseId, afterId, text: TEXT }),
  };

  beforeAll(async () => {
    lab = await startedLab();
    await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = await finish(lab, 'base');
  });

  it('shows the attention of the executor, row sums 1 and what is masked exactly 0', async () => {
    const maps = await lab.client.call('inspect/attention', { checkpointId: baseId, text: TEXT });
    const shown = await ask.arithmetic(baseId);
    const size = maps.heads * maps.tokens.length ** 2;
    expect([...shown.numbers.weights]).toEqual([...maps.weights.subarray(0, size)]);
    expect(shown.check.attention).toBeLessThan(1e-5);
    expect(shown.check.hidden).toBeLessThan(1e-4);
    expect(shown.tokens).toEqual(maps.tokens);
    expect(shown.step).toBeNull();
  });

  it('takes a layer that is not there for the last, names unknown words, and keeps to the context', async () => {
    const shown = await ask.arithmetic(baseId, 99, `${'the zebra found a kite . '.repeat(20)}`);
    expect(shown.layer).toBe(shown.model.layers - 1);
    expect(shown.unknownWords).toEqual(['zebra']);
    expect(shown.tokens).toHaveLength(shown.model.contextLength);
    await expect(ask.arithmetic(baseId, -1)).rejects.toThrow();
  });

  it('says after the last block what the model says', async () => {
    const sampling = { temperature: 1, topK: 0, topP: 1 };
    const next = await lab.client.call('inspect/next', { checkpointId: baseId, text: TEXT, sampling });
    const { lens, next: bars, lengths, written, model } = await ask.layers([]);
    expect(lens).toHaveLength(model.layers + 1);
    expect([lengths.length, written.length]).toEqual([model.layers + 1, model.layers]);
    expect(lens.at(-1)!.map(({ text }) => text)).toEqual(next.slice(0, 5).map(({ text }) => text));
    for (const { before, after } of bars) expect(after).toBe(before);
    expect(bars[0]!.before).toBeCloseTo(next[0]!.probability, 5);
  });

  it('switches heads off in a copy, so that the model itself stays as it was, and knows no heads of other models', async () => {
    const all = [0, 1, 9].flatMap((layer) => [0, 1].map((head) => ({ layer, head })));
    const { next, moods } = await ask.layers(all);
    expect(next.some(({ before, after }) => Math.abs(before - after) > 1e-6)).toBe(true);
    expect(moods!.joy.before).toBeGreaterThan(0);
    const again = await ask.layers([]);
    for (const { before, after } of again.next) expect(after).toBe(before);
  });

  it('measures each head left out on 64 texts nobody trained on, dearest first, as one alone', async () => {
    const ranked = await lab.client.call('inspect/heads', { checkpointId: baseId });
    const { model } = await ask.layers([]);
    expect(ranked).toHaveLength(model.layers * model.heads);
    const losses = ranked.map(({ after }) => after);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    const [first] = ranked;
    const off = [{ layer: first!.layer, head: first!.head }];
    const alone = await lab.client.call('inspect/heldOut', { checkpointId: baseId, off });
    expect(alone).toMatchObject({ before: first!.before, after: first!.after, texts: 64 });
    const none = await lab.client.call('inspect/heldOut', { checkpointId: baseId, off: [] });
    expect(none).toMatchObject({ before: first!.before, after: first!.before, clear: false });
  });

  it('tells how far the ranking is, and ends when nobody waits any more', async () => {
    const told: number[] = [];
    const controller = new AbortController();
    const asked = lab.client.call(
      'inspect/heads',
      { checkpointId: baseId },
      {
        signal: controller.signal,
        onProgress: ({ done }) => {
          told.push(done);
          if (done === 1) controller.abort();
        },
      },
    );
    await expect(asked).rejects.toMatchObject({ code: 'work/cancelled' });
    expect(told).toEqual([0, 1]);
  });

  it.each(['inspect/arithmetic', 'inspect/layers', 'inspect/words'] as const)(
    'tells how far %s is, which takes its time on a wide model, and ends when nobody waits any more',
    async (kind) => {
      const controller = new AbortController();
      const asked = lab.client.call(
        kind,
        { checkpointId: baseId, text: TEXT, layer: 0, position: null, off: [], all: false, last: null },
        { signal: controller.signal, onProgress: () => controller.abort() },
      );
      await expect(asked).rejects.toMatchObject({ code: 'work/cancelled' });
    },
  );

  it('finds no difference between a model and itself', async () => {
    const { logprobs, maps, from, tokens } = await ask.difference(baseId);
    expect(tokens[from - 1]).toBe('.');
    expect(logprobs[0]).toBeNull();
    for (const one of logprobs.slice(1)) expect(one!.after).toBe(one!.before);
    expect([...maps!.after]).toEqual([...maps!.before]);
  });

  it('holds a fine-tuned model against its base, on the same text', async () => {
    const demonstrations = await lab.client.call('finetune/demonstrations', { baseId, wish: ANY, count: 10, seed: 1 });
    await lab.client.call('run/create', { runId: 'tuned', spec: fineTuneSpec(baseId, demonstrations) });
    const { logprobs, next } = await ask.difference(await finish(lab, 'tuned'));
    expect(logprobs.slice(1).some((one) => one!.after !== one!.before)).toBe(true);
    const sum = next.at(-1)!.reduce((total, { before }) => total + before, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-6);
  });

  it('shows a model that learns, and says at which step', async () => {
    await lab.client.call('run/create', { runId: 'live', spec: pretrainSpec() });
    await lab.client.call('run/step', { runId: 'live' });
    expect(await ask.arithmetic('live:live')).toMatchObject({ step: 1 });
    const looked = (checkpointId: string) => lab.client.call('inspect/attention', { checkpointId, text: TEXT });
    expect([(await looked('live:live')).step, (await looked(baseId)).step]).toEqual([1, undefined]);
    expect([(await ask.difference('live:live')).step, (await ask.difference(baseId)).step]).toEqual([1, null]);
    expect(await ask.layers([{ layer: 0, head: 0 }], 3, 'live:live')).toMatchObject({ step: 1, position: 3 });
    await lab.client.call('run/dispose', { runId: 'live' });
  });

  it('frees everything it makes', async () => {
    const off = [{ layer: 0, head: 0 }];
    const all = async () => {
      await ask.arithmetic(baseId);
      await ask.layers(off);
      await lab.client.call('inspect/heldOut', { checkpointId: baseId, off });
      await lab.client.call('inspect/heads', { checkpointId: baseId });
      await ask.difference(baseId);
    };
    await all();
    const before = await lab.client.call('engine/memory', {});
    await all();
    expect(await lab.client.call('engine/memory', {})).toEqual(before);
  });
});
