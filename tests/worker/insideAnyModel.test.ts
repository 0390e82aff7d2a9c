/** Every tab of Inspect for every kind of model that can stand on the shelf: it shows, or says in a sentence why not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { filesOfAdapter, filesOfModel, given } from '../helpers/modelFiles';
import { type Loopback, loopback } from './loopback';
import { pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

const ALL = Number.MAX_SAFE_INTEGER;
const SAMPLING = { temperature: 1, topK: 0, topP: 1 };
/** some of the recorded models come without one, and all have as many tokens */
const TOKENIZER = filesOfModel('plain')['tokenizer.json']!;
const HEAD = { layer: 0, head: 0 };

function expectCausal({
  layers,
  heads,
  tokens,
  weights,
}: {
  layers: number;
  heads: number;
  tokens: string[];
  weights: Float32Array;
}) {
  const count = tokens.length;
  for (let map = 0; map < layers * heads; map++)
    for (let row = 0; row < count; row++) {
      const own = weights.subarray((map * count + row) * count, (map * count + row + 1) * count);
      expect(Math.abs(own.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-5);
      expect(own.subarray(row + 1).every((weight) => weight === 0)).toBe(true);
    }
}

/** what a judge shows too */
async function expectReadable({ client }: Loopback, checkpointId: string, text: string): Promise<void> {
  const maps = await client.call('inspect/attention', { checkpointId, text });
  expectCausal(maps);
  for (const layer of [0, 99]) {
    const shown = await client.call('inspect/arithmetic', { checkpointId, text, layer });
    expect(shown.layer).toBe(Math.min(layer, maps.layers - 1));
    expect(shown.check.attention).toBeLessThan(1e-5);
    expect(shown.check.hidden).toBeLessThan(1e-3);
    expect(shown.positions).toHaveLength(shown.tokens.length * shown.model.width);
  }
  const words = await client.call('inspect/words', { checkpointId, text, all: true, last: null });
  expect(words.words.length).toBeGreaterThan(2);
  expect([...words.at].every(Number.isFinite)).toBe(true);
  const [from, to, base] = words.words as [string, string, string];
  const near = await client.call('inspect/wordSum', { checkpointId, from, to, base });
  expect(near.length).toBeGreaterThan(0);
  expect(near.some(({ word }) => [from, to, base].includes(word))).toBe(false);
}

async function expectSpoken({ client }: Loopback, checkpointId: string, text: string): Promise<void> {
  const next = await client.call('inspect/next', { checkpointId, text, sampling: SAMPLING });
  const view = await client.call('inspect/layers', { checkpointId, text, position: 999, off: [HEAD] });
  expect(view.lens).toHaveLength(view.model.layers + 1);
  expect(view.lens.at(-1)![0]!.text).toBe(next[0]!.text);
  const off = await client.call('inspect/heldOut', { checkpointId, off: [HEAD] });
  expect([off.before, off.after].every(Number.isFinite)).toBe(true);
  const heads = await client.call('inspect/heads', { checkpointId });
  expect(heads).toHaveLength(view.model.layers * view.model.heads);
  const same = await client.call('inspect/difference', { beforeId: checkpointId, afterId: checkpointId, text });
  expect(same.maps!.before).toEqual(same.maps!.after);
}

describe('a model of another program, inside', () => {
  let lab: Loopback;
  const open = async (files: Parameters<typeof given>[0], beside?: string) =>
    (await lab.client.call('shelf/open', { files: given(files), most: ALL, ...(beside && { beside }) })).opened!.info;
  beforeAll(async () => {
    lab = loopback();
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
  });

  it.each(['plain', 'hub-names', 'bf16', 'gelu-erf-eps-1e-3', 'untied-head'])(
    'shows every tab: %s',
    async (name) => {
      const files = filesOfModel(name);
      const spoken = 'vocab.json' in files ? files : { 'tokenizer.json': TOKENIZER, ...files };
      const { checkpointId } = await open(spoken);
      await expectReadable(lab, checkpointId, 'the keeper of the owl');
      await expectSpoken(lab, checkpointId, 'the keeper of the owl');
    },
    SLOW,
  );

  it(
    'shows every tab with an adapter, which is held against the model that it lies on',
    async () => {
      const trunk = await open(filesOfModel('plain'));
      const { checkpointId } = await open(filesOfAdapter('attn-mlp-r8'), trunk.checkpointId);
      await expectReadable(lab, checkpointId, 'the keeper of the owl');
      await expectSpoken(lab, checkpointId, 'the keeper of the owl');
      const asked = { beforeId: trunk.checkpointId, afterId: checkpointId, text: 'the keeper of the owl' };
      const { maps, logprobs } = await lab.client.call('inspect/difference', asked);
      expect(maps!.before.some((weight, i) => Math.abs(weight - maps!.after[i]!) > 1e-4)).toBe(true);
      expect(logprobs.some((both) => both && Math.abs(both.before - both.after) > 1e-4)).toBe(true);
    },
    SLOW,
  );

  it('refuses in words to be held against one with other tokens', async () => {
    const [first, second] = [await open(filesOfModel('plain')), await open(filesOfModel('hub-names'))];
    const asked = { beforeId: first.checkpointId, afterId: second.checkpointId, text: 'the owl' };
    const answer = lab.client.call('inspect/difference', asked);
    if (first.tokenizerKey === second.tokenizerKey) await expect(answer).resolves.toBeTruthy();
    else await expect(answer).rejects.toThrow(/tokens/);
  });
});

describe('models of the lab, inside', () => {
  it(
    'show every tab while they learn and after; a judge shows three and says why not the others',
    async () => {
      const lab = await startedLab();
      const text = 'the fox found a kite . he was';
      await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
      await lab.client.call('run/step', { runId: 'base' });
      await expectReadable(lab, 'live:base', text);
      await expectSpoken(lab, 'live:base', text);
      const baseId = await finish(lab, 'base');
      const votes = await votesForShorter(lab, baseId);
      await lab.client.call('run/create', { runId: 'reward', spec: rewardSpec(baseId, votes) });
      await lab.client.call('run/step', { runId: 'reward' });
      await expectReadable(lab, 'live:reward', text);
      const rewardId = await finish(lab, 'reward');
      await expectReadable(lab, rewardId, text);
      const asked = { checkpointId: rewardId, text };
      for (const refused of [
        lab.client.call('inspect/next', { ...asked, sampling: SAMPLING }),
        lab.client.call('inspect/layers', { ...asked, position: 1, off: [] }),
        lab.client.call('inspect/heldOut', { checkpointId: rewardId, off: [HEAD] }),
        lab.client.call('inspect/heads', { checkpointId: rewardId }),
        lab.client.call('inspect/difference', { beforeId: baseId, afterId: rewardId, text }),
      ])
        await expect(refused).rejects.toThrow('A reward model judges texts and writes none.');
    },
    SLOW,
  );
});
