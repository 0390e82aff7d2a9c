import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/observations';
import type { TranslateAnswer, TranslateReading } from '../../src/contract/translate';
import { tf } from '../../src/core/tf';
import { decodeTranslator, encodeTranslator } from '../../src/worker/storedTranslator';
import { type Loopback, loopback } from './loopback';

const SENTENCE = 'The brave fox found a red lamp.';

async function started(backend: 'cpu' | 'wasm' = 'wasm'): Promise<Loopback> {
  const lab = loopback();
  await lab.client.call('engine/start', { backend, executor: 'portable' });
  return lab;
}

/** asks until so many more steps are done */
async function train({ client }: Loopback, runId: string, steps: number): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  while (points.length < steps)
    points.push(...(await client.call('translate/advance', { runId, steps: steps - points.length })).points);
  return points;
}

const ask = ({ client }: Loopback, sentence: string, more: { decoding?: 'greedy' | 'beam'; cut?: boolean } = {}) =>
  client.call('translate/read', { runId: 'a', sentence, decoding: 'beam', cut: false, ...more });
function reading(answer: TranslateAnswer): TranslateReading {
  if (answer.kind !== 'read') throw new Error(`it was not read: ${answer.kind}`);
  return answer.reading;
}
const losses = (points: MetricPoint[]): number[] => points.map(({ values }) => values['translator/loss']!);

describe('the translator in the thread', () => {
  it('is trained step by step, seeded: the same seed loses the same, another one does not', async () => {
    const lab = await started();
    const created = await lab.client.call('translate/create', { runId: 'a', seed: 4 });
    expect(created).toMatchObject({ step: 0, points: [], shape: { layers: 2, width: 64, heldOut: 400 } });
    const first = await train(lab, 'a', 4);
    expect(first.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(first[0]?.values).toMatchObject({ 'translator/exactMatch': 0, 'translator/exactMatchCut': 0 });
    expect(first[1]?.values).not.toHaveProperty('translator/exactMatch');
    await lab.client.call('translate/create', { runId: 'b', seed: 4 });
    expect(losses(await train(lab, 'b', 4))).toEqual(losses(first));
    await lab.client.call('translate/create', { runId: 'c', seed: 5 });
    expect(losses(await train(lab, 'c', 4))).not.toEqual(losses(first));
  });

  it('has one translator at a time, and says so of one that is gone', async () => {
    const lab = await started('cpu');
    await lab.client.call('translate/create', { runId: 'a', seed: 1 });
    await lab.client.call('translate/create', { runId: 'b', seed: 1 });
    await expect(ask(lab, SENTENCE)).rejects.toMatchObject({ code: 'run/missingInput' });
  });

  it('reads a sentence as a visitor types it, and shows what was written, read and would be right', async () => {
    const lab = await started();
    await lab.client.call('translate/create', { runId: 'a', seed: 1 });
    const read = reading(await ask(lab, SENTENCE));
    expect(read.source.join(' ')).toBe('the brave fox found a red lamp .');
    expect(read.truth.join(' ')).toBe('ko vulto dremo na lumma ruva tadik .');
    expect(read.candidates).toHaveLength(4);
    const { queries, keys, weights } = read.cross!;
    expect([keys, weights.length]).toEqual([8, read.layers * read.heads * queries * keys]);
    for (let row = 0; row < weights.length; row += keys)
      expect(weights.slice(row, row + keys).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    for (let i = 0; i < queries; i++)
      expect([...read.decoder.weights.slice(i * queries, (i + 1) * queries)].slice(i + 1).every((w) => w === 0)).toBe(
        true,
      );
    expect(reading(await ask(lab, SENTENCE, { decoding: 'greedy' })).candidates).toHaveLength(1);
    for (const text of ['the owl slept', 'The owl slept!', 'the owl slept . . .'])
      expect(reading(await ask(lab, text)).source.join(' ')).toMatch(/^the owl slept( \.)+$/);
    expect(reading(await ask(lab, 'the owl slept', { cut: true })).cross).toBeNull();
  });

  it('names unknown words, and reads neither nothing nor too much', async () => {
    const lab = await started('cpu');
    await lab.client.call('translate/create', { runId: 'a', seed: 1 });
    expect(await ask(lab, 'the Dragon found a red lamp and a dragon')).toEqual({ kind: 'unknown', words: ['dragon'] });
    expect(await ask(lab, '  ')).toEqual({ kind: 'empty' });
    expect(await ask(lab, 'the fox '.repeat(13))).toEqual({ kind: 'long', words: 27 });
  });

  it('goes on to the same numbers after the engine was started anew', async () => {
    const whole = await started();
    await whole.client.call('translate/create', { runId: 'a', seed: 2 });
    const expected = losses(await train(whole, 'a', 5));
    const moved = await started();
    await moved.client.call('translate/create', { runId: 'a', seed: 2 });
    const before = losses(await train(moved, 'a', 3));
    await moved.client.call('engine/start', { backend: 'wasm', executor: 'portable' });
    const tensors = tf.memory().numTensors;
    await moved.client.call('engine/start', { backend: 'wasm', executor: 'portable' });
    expect(tf.memory().numTensors).toBe(tensors);
    expect([...before, ...losses(await train(moved, 'a', 2))]).toEqual(expected);
  });

  it('goes on to the same numbers in another thread, from the file that it was saved as', async () => {
    const whole = await started();
    await whole.client.call('translate/create', { runId: 'a', seed: 2 });
    const expected = losses(await train(whole, 'a', 5));
    const first = await started();
    await first.client.call('translate/create', { runId: 'a', seed: 2 });
    const before = await train(first, 'a', 3);
    const { step, bytes } = await first.client.call('translate/save', { runId: 'a' });
    expect(step).toBe(3);
    const other = await started();
    const made = await other.client.call('translate/create', { runId: 'b', seed: 9, saved: bytes.slice() });
    expect([made.seed, made.step, made.points]).toEqual([2, 3, before]);
    expect([...losses(before), ...losses(await train(other, 'b', 2))]).toEqual(expected);
  });

  it('refuses a file that is damaged, or of another shape, and leaves the translator that is there', async () => {
    const lab = await started('cpu');
    await lab.client.call('translate/create', { runId: 'a', seed: 1 });
    const { bytes } = await lab.client.call('translate/save', { runId: 'a' });
    const tensors = tf.memory().numTensors;
    const stored = decodeTranslator(bytes);
    const [name] = Object.keys(stored.tensors);
    const { [name!]: _, ...fewer } = stored.tensors;
    const wrong = [
      bytes.slice(0, 1000),
      encodeTranslator({ ...stored, tensors: fewer }),
      encodeTranslator({ ...stored, step: -1 }),
      encodeTranslator({ ...stored, points: [{ step: 1, elapsedMs: 1, values: { 'no/metric': 1 } as object }] }),
      new Uint8Array(),
    ];
    for (const saved of wrong)
      await expect(lab.client.call('translate/create', { runId: 'b', seed: 1, saved })).rejects.toMatchObject({
        code: 'storage/corrupt',
      });
    expect(tf.memory().numTensors).toBe(tensors);
    expect((await lab.client.call('translate/save', { runId: 'a' })).step).toBe(0);
  });

  it('keeps no tensor of a step, a sentence or an earlier translator', async () => {
    const lab = await started();
    await lab.client.call('translate/create', { runId: 'a', seed: 2 });
    await train(lab, 'a', 1);
    await ask(lab, SENTENCE);
    const before = tf.memory().numTensors;
    await train(lab, 'a', 2);
    await ask(lab, SENTENCE);
    await lab.client.call('translate/create', { runId: 'a', seed: 3 });
    await train(lab, 'a', 1);
    expect(tf.memory().numTensors).toBe(before);
  });
});
