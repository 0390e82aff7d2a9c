import { beforeAll, describe, expect, it } from 'vitest';
import { type Loopback, loopback } from './loopback';
import { pretrainSpec, STORIES } from './specs';

describe('the words of a model', () => {
  let lab: Loopback;
  let baseId: string;
  const map = (text = '', all = false, last: { words: string[]; at: Float32Array } | null = null) =>
    lab.client.call('inspect/words', { checkpointId: baseId, text, all, last });
  const sum = (from: string, to: string, base: string) =>
    lab.client.call('inspect/wordSum', { checkpointId: baseId, from, to, base });

  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    await lab.client.call('corpus/stories', { config: STORIES, seed: 1 });
    await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    await lab.client.call('run/play', { runId: 'base' });
    const state = await lab.until('run/state', ({ runId, status }) => runId === 'base' && status === 'done');
    baseId = state.checkpointId as string;
  });

  it('are those of a kind, or all but the special ones, each with its neighbours among those shown', async () => {
    const [some, all] = [await map(), await map('', true)];
    expect(some.kinds).not.toContain(null);
    expect(all.words).toHaveLength(all.known);
    expect(all.words.filter((word) => word.startsWith('<'))).toEqual([]);
    expect(some.words.length).toBeLessThan(all.words.length);
    for (const { words, at, near } of [some, all]) {
      expect(at).toHaveLength(2 * words.length);
      near.forEach((others, row) => {
        const cosines = others.map(({ cosine }) => cosine);
        expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
        expect(others.map(({ word }) => word)).not.toContain(words[row]);
        for (const { word } of others) expect(words).toContain(word);
      });
    }
  });

  it('come back to where they were, though the last map was turned over', async () => {
    const { words, at, spread, step } = await map();
    const over = at.map((x, i) => (i % 2 === 0 ? -x : x));
    const again = await map('', false, { words, at: over });
    for (const [i, x] of again.at.entries()) expect(x).toBeCloseTo(over[i]!, 5);
    expect(again.spread).toBe(spread);
    expect(step).toBeNull();
    await expect(map('', false, { words, at: at.subarray(1) })).rejects.toThrow();
  });

  it('are asked about by the grammar and by the text, and scored by what the run measured last', async () => {
    const { questions, analogies, unknownWords } = await map('a zebra and a lamp . they laughed');
    expect(questions[0]).toEqual({ from: 'he', to: 'she', base: 'his' });
    expect(questions.map(({ base }) => base)).toEqual(expect.arrayContaining(['they', 'laughed']));
    expect(unknownWords).toEqual(['zebra']);
    expect(analogies!.of).toBeGreaterThan(1000);
    expect(analogies!.solved).toBeLessThanOrEqual(analogies!.of);
  });

  it('add up to words that were not asked with; an unknown one is named', async () => {
    const near = await sum('he', 'she', 'his');
    const words = near.map(({ word }) => word);
    expect(words.filter((word) => ['he', 'she', 'his'].includes(word))).toEqual([]);
    expect(near[0]!.cosine).toBeGreaterThanOrEqual(near[1]!.cosine);
    await expect(sum('he', 'zebra', 'his')).rejects.toThrow('The model does not know “zebra”.');
  });
});

describe('the words of the visitor’s own text', () => {
  it('are its tokens, of no kind and with no grammar to ask about them; a text is asked about by its own words', async () => {
    const lab = loopback();
    const text = 'A gull sat on the post. Gulls sat on posts, and a boat and boats went out. '.repeat(20);
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    await lab.client.call('corpus/text', {
      bytes: new TextEncoder().encode(text),
      config: { tokenizer: 'word', vocabSize: 280, heldOutShare: 0.1, textWindow: 0 },
      contextLength: 24,
      seed: 1,
    });
    const model = { ...pretrainSpec().model, contextLength: 24 };
    await lab.client.call('run/create', { runId: 'own', spec: { ...pretrainSpec(), model, fixedPrompt: 'A gull' } });
    const asked = { checkpointId: 'live:own', text: 'a boat', all: false, last: null };
    const map = await lab.client.call('inspect/words', asked);
    expect(map).toMatchObject({ analogies: null, step: 0 });
    expect(new Set(map.kinds)).toEqual(new Set([null]));
    expect(map.words).toHaveLength(map.known);
    for (const { from, to, base } of map.questions)
      for (const word of [from, to, base]) expect(map.words).toContain(word);
    const [a, b, c] = map.words as [string, string, string];
    const sum = await lab.client.call('inspect/wordSum', { checkpointId: 'live:own', from: a, to: b, base: c });
    expect(sum.length).toBeGreaterThan(0);
  });
});
