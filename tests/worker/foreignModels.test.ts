import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import type { GivenFile } from '../../src/contract/protocol';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors';
import { logitsOf } from '../../src/headless/reading';
import { badModels } from '../helpers/badModels';
import { filesOfAdapter, filesOfModel, given, type ModelFiles, withConfig, zipped } from '../helpers/modelFiles';
import { plainVote } from '../helpers/plainVote';
import { type Loopback, loopback } from './loopback';
import { bestOfSpec, dpoSpec, fineTuneSpec, ppoSpec, rewardSpec, SAMPLING, SLOW } from './specs';
import { finish } from './started';

const ALL = Number.MAX_SAFE_INTEGER;
const GREEDY = { ...SAMPLING, temperature: 0 };
const PROMPT = 'the keeper';

async function started(storedOnce?: number): Promise<Loopback> {
  const lab = loopback(storedOnce === undefined ? {} : { storedOnce });
  await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
  return lab;
}

async function open(lab: Loopback, files: GivenFile[]) {
  const { opened } = await lab.client.call('shelf/open', { files, most: ALL });
  if (!opened) throw new Error('it was looked at only');
  return opened;
}

describe('a model that another program saved', () => {
  let lab: Loopback;
  beforeAll(async () => {
    lab = await started();
  });

  it.each(['plain', 'hub-names'])('says here what it says there: %s', async (name) => {
    const { info } = await open(lab, given(filesOfModel(name)));
    expect(info).toMatchObject({ kind: 'base', parents: [], step: 0, metrics: {} });
    const { cases } = JSON.parse(readFileSync(`tests/fixtures/interop/gpt2/${name}/golden.json`, 'utf8')) as {
      cases: { ids: number[]; positions: number[]; logits: number[][] }[];
    };
    const network = lab.session.shelf.createNetwork(info.checkpointId, name);
    for (const { ids, positions, logits } of cases) {
      const said = await logitsOf(network, ids);
      for (const [i, position] of positions.entries())
        for (const [token, logit] of logits[i]!.entries())
          expect(Math.abs(said[position]![token]! - logit)).toBeLessThan(1e-4);
    }
    network.dispose();
  });

  it('is the same from a folder, an archive and files that were packed one by one, and is there once', async () => {
    const files = filesOfModel('plain');
    const ids = await Promise.all(
      [
        given(files, 'gpt2-owl/'),
        [{ path: 'owl.zip', blob: new Blob([zipped(files)]) }],
        [{ path: 'flat.zip', blob: new Blob([zipped(files, '')]) }],
      ].map(async (one) => (await open(lab, one)).info.tokenizerKey),
    );
    expect(new Set(ids).size).toBe(1);
    const first = await open(lab, given(files, 'gpt2-owl/'));
    const again = await open(lab, given(files, 'gpt2-owl/'));
    expect(first.info.name).toBe('gpt2-owl');
    expect(again.info.checkpointId).toBe(first.info.checkpointId);
  });

  it('is refused by what its header says before anybody is asked, and before a number is read', async () => {
    const early = badModels().filter(([what]) => /eight bits|fewer layers|another shape/.test(what));
    expect(early).toHaveLength(3);
    for (const [what, files, words] of early) {
      const asked = lab.client.call('shelf/open', { files, most: 0 });
      await expect(asked, what).rejects.toThrow(words);
    }
  });

  it.each(['c-attn-r4', 'attn-mlp-r8', 'rslora', 'modules-to-save'])(
    'has an adapter of peft put on it, and says what it says there with it: %s',
    async (name) => {
      const { info: trunk } = await open(lab, given(filesOfModel('plain')));
      const opened = await lab.client.call('shelf/open', {
        files: given(filesOfAdapter(name)),
        most: ALL,
        beside: trunk.checkpointId,
      });
      const { info } = opened.opened!;
      expect(info).toMatchObject({ kind: 'policy', parents: [trunk.checkpointId], model: trunk.model, lineage: null });
      expect(Object.values(info.adapter!.changes).length).toBeGreaterThan(0);
      const { cases } = JSON.parse(readFileSync(`tests/fixtures/interop/lora/${name}/golden.json`, 'utf8')) as {
        cases: { ids: number[]; positions: number[]; logits: number[][] }[];
      };
      const network = lab.session.shelf.createNetwork(info.checkpointId, name);
      for (const { ids, positions, logits } of cases) {
        const said = await logitsOf(network, ids);
        for (const [i, position] of positions.entries())
          for (const [token, logit] of logits[i]!.entries())
            expect(Math.abs(said[position]![token]! - logit)).toBeLessThan(1e-4);
      }
      network.dispose();
      // what is saved of it opens by itself on the model that it names
      const saved = await lab.client.call('shelf/adapter', { checkpointId: info.checkpointId });
      const files = [{ path: 'saved.zip', blob: new Blob([saved.bytes as BlobPart]) }];
      const again = await lab.client.call('shelf/open', { files, most: ALL });
      expect(again.opened!.info).toMatchObject({ parents: [trunk.checkpointId], adapter: info.adapter });
    },
    SLOW,
  );

  it(
    'has an adapter put on it without its weights where they are many: they are asked for elsewhere, and it is merged',
    async () => {
      const [here, elsewhere] = await Promise.all([started(1), started(1)]);
      const take = async (lab: Loopback, files: ModelFiles, more: { beside?: string; trunkOf?: string } = {}) =>
        (await lab.client.call('shelf/open', { files: given(files), most: ALL, ...more })).opened!;
      const { info: trunk } = await take(here, filesOfModel('plain'));
      for (const adapter of ['attn-mlp-r8', 'modules-to-save']) {
        const both = await take(here, filesOfAdapter(adapter), { beside: trunk.checkpointId });
        expect(both.info.trunk).toMatchObject({ checkpointId: trunk.checkpointId, name: trunk.name });
        expect(both.bytes.length).toBeLessThan(trunk.bytes);
        const { checkpointId } = both.info;
        const written = (lab: Loopback, id: string) =>
          lab.client.call('inspect/complete', { checkpointIds: [id], prompts: [PROMPT], seed: 5, sampling: GREEDY });
        await here.client.call('shelf/duplicate', { checkpointId, copyId: adapter, name: adapter, merged: true });
        const said = await written(here, checkpointId);
        expect(await written(here, adapter)).toEqual(said);
        expect(await written(here, trunk.checkpointId)).not.toEqual(said);
        const { bytes } = await here.client.call('shelf/export', { checkpointId });
        const name = 'adapter.safetensors';
        const taken = await elsewhere.client.call('shelf/import', { bytes, name });
        const waits = async () => written(elsewhere, taken.checkpointId);
        if (adapter === 'attn-mlp-r8') {
          await expect(waits()).rejects.toThrow(`needs ${trunk.name}, which is not here`);
          const wrong = take(elsewhere, filesOfModel('hub-names'), { trunkOf: taken.checkpointId });
          await expect(wrong).rejects.toThrow('another model');
          await take(elsewhere, filesOfModel('plain'), { trunkOf: taken.checkpointId });
        }
        expect(await waits()).toEqual(said);
        const samples = ['d1', 'd2', 'd3', 'd4'].map((demonstrationId) => ({
          ...{ demonstrationId, prompt: PROMPT, completion: ' had a lamp', source: 'human' as const },
        }));
        const spec = fineTuneSpec(taken.checkpointId, samples, { loraRank: 2, epochs: 1 });
        await elsewhere.client.call('run/create', { runId: adapter, spec });
        const learned = await finish(elsewhere, adapter);
        const [info] = (await elsewhere.client.call('shelf/list', {})).filter((one) => one.checkpointId === learned);
        expect(info!.trunk?.checkpointId).toBe(taken.checkpointId); // which has one itself
        expect(await written(elsewhere, learned)).not.toEqual([]);
      }
    },
    SLOW,
  );

  it('says that an adapter on a tied embedding made two matrices of it', async () => {
    const { info: trunk } = await open(lab, given(filesOfModel('plain')));
    const { width, vocabSize } = trunk.model;
    const side = (shape: [number, number]) => ({ shape, data: new Float32Array(shape[0] * shape[1]).fill(0.01) });
    const files = (target: 'lm_head' | 'attn.c_attn', tensors: Parameters<typeof encodeSafetensors>[0]) => ({
      'adapter_config.json': new TextEncoder().encode(
        JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: [target] }),
      ),
      'adapter_model.safetensors': encodeSafetensors(tensors, { format: 'pt' }),
    });
    const onHead = files('lm_head', {
      'base_model.model.lm_head.lora_A.weight': side([2, width]),
      'base_model.model.lm_head.lora_B.weight': side([vocabSize, 2]),
    });
    const beside = trunk.checkpointId;
    const { opened } = await lab.client.call('shelf/open', { files: given(onHead), most: ALL, beside });
    expect(opened!.info.model.tiedHead).toBe(false);
    expect(opened!.notes.join()).toContain('the output layer are two matrices now');
    const plain = await lab.client.call('shelf/open', { files: given(filesOfAdapter('c-attn-r4')), most: ALL, beside });
    expect(plain.opened!.notes).toEqual([]);
  });

  it('refuses an adapter in words that say what is missing, or what the lab does not compute', async () => {
    const { info: trunk } = await open(lab, given(filesOfModel('plain')));
    const { 'adapter_model.safetensors': tensors, ...config } = filesOfAdapter('c-attn-r4');
    const refused = (files: ModelFiles, words: string, beside: string | undefined = trunk.checkpointId) =>
      expect(
        lab.client.call('shelf/open', { files: given(files), most: ALL, ...(beside !== '' && { beside }) }),
      ).rejects.toMatchObject({ code: 'file/checkpoint', message: expect.stringContaining(words) });
    await refused({ ...config, 'adapter_model.safetensors': tensors! }, 'choose the one it was trained on', '');
    await refused(config, 'adapter_model.safetensors is missing');
    await refused(filesOfAdapter('dora'), 'use_dora');
    await refused({ 'adapter_model.safetensors': tensors! }, 'Open it together with adapter_config.json');
  });

  it('is refused where an archive unpacks to a hundred times itself, before it is unpacked', async () => {
    const { 'model.safetensors': _, ...rest } = filesOfModel('plain');
    const bomb = zipped({ ...rest, 'model.safetensors': new Uint8Array(2 ** 27) });
    expect(bomb.length).toBeLessThan(2 ** 20);
    const files = [{ path: 'owl.zip', blob: new Blob([bomb]) }];
    await expect(lab.client.call('shelf/open', { files, most: ALL })).rejects.toMatchObject({
      code: 'file/checkpoint',
      message: expect.stringMatching(/model\.safetensors unpacks to 128\.0 MB, [\d,]+ times what it takes there/),
    });
  });

  it('begins with stories in a window of the visitor’s choice, in a file of the lab too', async () => {
    const rows = async (textWindow?: number) => {
      const files = given(withConfig({ _name_or_path: `owl-${textWindow}` }));
      const { opened } = await lab.client.call('shelf/open', { files, most: ALL, ...(textWindow && { textWindow }) });
      const { checkpointId } = opened!.info;
      return lab.session.corpora.take(lab.session.shelf.memoryOf(checkpointId));
    };
    const [own, chosen] = [await rows(), await rows(24)];
    expect(own.promptLength + own.completionLength).toBe(64);
    expect(chosen.promptLength + chosen.completionLength).toBe(24);
  });

  it('goes on in a file of the lab, which knows its tokens', async () => {
    const { info, bytes } = await open(lab, given(filesOfModel('plain')));
    const other = await started();
    const back = await other.client.call('shelf/import', { bytes, name: 'owl.safetensors' });
    expect(back).toMatchObject({ checkpointId: info.checkpointId, model: info.model, tokenizerKey: info.tokenizerKey });
    const write = (one: Loopback) =>
      one.client.call('inspect/complete', {
        checkpointIds: [info.checkpointId],
        prompts: [PROMPT],
        sampling: GREEDY,
        seed: 1,
      });
    expect(await write(other)).toEqual(await write(lab));
  });

  it('tells what it takes before its weights are read, and is then not opened', async () => {
    const before = (await lab.client.call('shelf/list', {})).length;
    const { look, opened } = await lab.client.call('shelf/open', {
      files: given({ ...filesOfModel('plain') }, 'large/'),
      most: 1000,
    });
    expect(opened).toBeNull();
    const sizes = { parameters: 83_712, bytes: 4 * 83_712, memoryBytes: 12 * 83_712 };
    expect(look).toEqual({ name: 'large', ...sizes, contextLength: 64, window: 64 });
    expect(await lab.client.call('shelf/list', {})).toHaveLength(before);
  });

  it('asks how long its texts may be where memory would make them shorter than its context, and nobody has said', async () => {
    const { tensors } = decodeSafetensors(filesOfModel('plain')['model.safetensors']!);
    const place = Object.keys(tensors).find((name) => name.endsWith('wpe.weight'))!;
    const width = tensors[place]!.shape[1]!;
    tensors[place] = { shape: [1024, width], data: new Float32Array(1024 * width) };
    const files = {
      ...withConfig({ n_positions: 1024, n_ctx: 1024 }),
      'model.safetensors': encodeSafetensors(tensors, {}),
    };
    const ask = (asked: { chooses?: boolean; textWindow?: number }) =>
      lab.client.call('shelf/open', { files: given(files, 'far/'), most: ALL, ...asked });
    const { look, opened } = await ask({ chooses: true });
    expect(opened).toBeNull();
    expect(look).toMatchObject({ contextLength: 1024, window: 976 }); // 8 texts · 2 layers · (4 heads · 2 T² + 16 · 48 T) numbers in 512 MB
    expect((await ask({ chooses: true, textWindow: 100 })).opened).not.toBeNull();
    expect((await ask({})).opened).not.toBeNull();
  });

  it('tells how far the reading is, and how much memory it takes, and ends when nobody waits', async () => {
    const labels: string[] = [];
    const controller = new AbortController();
    const opening = lab.client.call(
      'shelf/open',
      { files: given(withConfig({}), 'cut/'), most: ALL },
      {
        signal: controller.signal,
        onProgress: ({ label }) => {
          labels.push(label);
          controller.abort();
        },
      },
    );
    await expect(opening).rejects.toMatchObject({ code: 'work/cancelled' });
    expect(labels[0]).toMatch(/^reading tensors, with up to .+ of memory$/);
    expect((await lab.client.call('shelf/list', {})).some(({ name }) => name === 'cut')).toBe(false);
  });

  it('reads a text of the visitor in its own tokens', async () => {
    const { info } = await open(lab, given(filesOfModel('plain')));
    const bytes = new TextEncoder().encode('This morning I went to the harbour. '.repeat(60));
    const config = { tokenizer: 'char', vocabSize: 512, heldOutShare: 0.1, textWindow: 0 } as const;
    const summary = await lab.client.call('corpus/text', {
      bytes,
      config,
      contextLength: 32,
      seed: 1,
      tokensOf: info.checkpointId,
    });
    expect(summary).toMatchObject({ kind: 'text', vocabSize: info.model.vocabSize });
    const { checkpointId } = info;
    expect((await lab.client.call('corpus/checkpoint', { checkpointId })).samples).toEqual(summary.samples);
    const [pair] = await lab.client.call('compare/pairs', {
      policyId: checkpointId,
      count: 1,
      seed: 1,
      sampling: SAMPLING,
    });
    expect('This morning I went to the harbour. '.repeat(2)).toContain(pair!.prompt.trim());
  });
});

describe('every stage goes on from a model of another program', () => {
  let lab: Loopback;
  let baseId: string;
  beforeAll(async () => {
    lab = await started();
    baseId = (await open(lab, given(filesOfModel('plain')))).info.checkpointId;
    const summary = await lab.client.call('corpus/checkpoint', { checkpointId: baseId });
    expect(summary).toMatchObject({ kind: 'text', starter: true, entropy: null });
  });
  afterEach(() => expect(lab.of('engine/lost' as never)).toEqual([]));

  it(
    'pairs, demonstrations, a reward model, PPO, DPO and the best of N',
    async () => {
      const { client } = lab;
      const pairs = await client.call('compare/pairs', { policyId: baseId, count: 8, seed: 1, sampling: SAMPLING });
      expect(pairs.length).toBeGreaterThan(0);
      const opinions = pairs.map(({ setId, prompt, completions: [a, b] }, i) =>
        plainVote(i, {
          voteId: setId,
          pairId: setId,
          prompt,
          a: a!,
          b: b!,
          choice: i % 2 ? 'a' : 'b',
          policyId: baseId,
        }),
      );
      const run = async (runId: string, spec: RunSpec): Promise<string> => {
        await client.call('run/create', { runId, spec });
        return finish(lab, runId);
      };
      const rewardId = await run('reward', rewardSpec(baseId, opinions));
      const policyId = await run('ppo', ppoSpec(baseId, rewardId, { iterations: 1 }));
      await run('dpo', dpoSpec(baseId, opinions, { steps: 2 }));
      await run('bestOf', bestOfSpec(baseId, rewardId));
      const demonstrations = pairs.map(({ prompt }, i) => ({
        demonstrationId: `d${i}`,
        prompt,
        completion: ' the harbour.',
        source: 'human' as const,
      }));
      await run('finetune', fineTuneSpec(baseId, demonstrations, { epochs: 1 }));
      const arithmetic = await client.call('inspect/next', {
        checkpointId: policyId,
        text: PROMPT,
        sampling: SAMPLING,
      });
      expect(arithmetic.length).toBeGreaterThan(0);
    },
    2 * SLOW,
  );
});

describe('files that are no model the lab opens', () => {
  let lab: Loopback;
  beforeAll(async () => {
    lab = await started();
  });

  it.each(badModels())('%s', async (_, files, words) => {
    const error = await lab.client.call('shelf/open', { files, most: ALL }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'file/checkpoint', message: expect.stringMatching(words) });
    expect(await lab.client.call('shelf/list', {})).toEqual([]);
  });
});
