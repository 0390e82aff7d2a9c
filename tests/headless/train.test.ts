import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import { startKernels } from '../../src/core/kernels/wasm/player';
import { decodeCheckpoint } from '../../src/formats/checkpoint';
import { numbersOf } from '../../src/formats/safetensors';
import { trainingAsked } from '../../src/headless/settings';
import { train } from '../../src/headless/train';
import { kernelFiles } from '../helpers/kernels';
import { loopback } from '../worker/loopback';
import { finish } from '../worker/started';

const scratch = mkdtempSync(join(tmpdir(), 'train-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** a training that takes a second, and what it is asked for */
const QUICK = { steps: 6, batch: 8, warmup: 2, evalEvery: 3, stories: 400, layers: 1, width: 16, heads: 2 };
const BRIEF = { tuneEpochs: 2, tuneBatch: 4, tuneSamples: 4, rewardSteps: 4, rewardBatch: 4, normalizeSamples: 8 };
const SHORT = { ...BRIEF, dpoSteps: 4, dpoBatch: 4, dpoSamples: 4, iterations: 2, rollouts: 4, epochs: 1 };
const told: string[] = [];
let files = 0;
/** @returns what came of these settings */
async function trained(settings: object) {
  const path = join(scratch, `settings-${files++}.json`);
  writeFileSync(path, JSON.stringify(settings));
  return train(path, (words) => told.push(words));
}
const out = (name: string): string => join(scratch, `${name}.safetensors`);
const bytesOf = (name: string) => Uint8Array.from(readFileSync(out(name)));
function rows(name: string, all: readonly object[]): string {
  const path = join(scratch, name);
  writeFileSync(path, all.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}
const PROMPTS = ['fox', 'owl', 'bear', 'hen'].flatMap((one) => [
  `the ${one} found a kite .`,
  `the ${one} found a key .`,
]);
const [KIND, SAD] = ['he was glad .', 'he was sad .'];

async function base(): Promise<string> {
  await trained({ kind: 'pretrain', seed: 3, ...QUICK, out: out('base') });
  return out('base');
}

describe('training without the page', () => {
  it('gives the bits that the page gives on WebAssembly, kernels and all', async () => {
    const prompt = 'the fox found a kite .';
    await trained({ kind: 'pretrain', seed: 3, ...QUICK, fixedPrompt: prompt, out: out('bits') });
    const lab = loopback({ kernels: async () => startKernels(await kernelFiles(), null) });
    await lab.client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    const config = presetConfig('tiny', 3);
    const { vocabSize } = await lab.client.call('corpus/stories', {
      config: { ...config.stories, stories: 400 },
      seed: 3,
    });
    const spec: RunSpec = {
      kind: 'pretrain',
      seed: 3,
      config: { ...config.pretrain, steps: 6, batchSize: 8, warmupSteps: 2, evalEvery: 3 },
      model: { ...config.model, layers: 1, width: 16, heads: 2, vocabSize },
      fixedPrompt: prompt,
    };
    await lab.client.call('run/create', { runId: 'page', spec });
    await finish(lab, 'page');
    const page = lab.of('shelf/saved').at(-1)!.bytes;
    expect(decodeCheckpoint(bytesOf('bits')).meta.metrics).toEqual(decodeCheckpoint(page).meta.metrics);
    expect(numbersOf(bytesOf('bits'))).toEqual(numbersOf(page));
  });

  it('makes the same file of the same settings, date and all', async () => {
    await base();
    const once = bytesOf('base');
    await base();
    expect(bytesOf('base')).toEqual(once);
  });

  it('goes the whole way: base, demonstrations, votes, a reward model, PPO, DPO', async () => {
    const from = await base();
    const shown = PROMPTS.map((prompt) => ({ prompt, completion: KIND }));
    const votes = PROMPTS.map((prompt) => ({ prompt, chosen: KIND, rejected: SAD }));
    const [tuned, reward, policy] = [out('tuned'), out('reward'), out('policy')];
    const common = { seed: 3, ...SHORT };
    expect(
      await trained({ ...common, kind: 'finetune', from, data: rows('shown.jsonl', shown), out: tuned }),
    ).toMatchObject({ kind: 'finetuned' });
    const data = rows('votes.jsonl', votes);
    const judge = await trained({ ...common, kind: 'reward', from: tuned, data, out: reward });
    expect(judge).toMatchObject({ kind: 'reward', step: 4 });
    expect(judge.metrics['reward/loss']).toBeGreaterThan(0);
    const made = await trained({ ...common, kind: 'ppo', from: [tuned, reward], out: policy });
    expect(made).toMatchObject({ kind: 'policy', step: 2 });
    const [parent, payer] = decodeCheckpoint(bytesOf('policy')).meta.parents;
    expect([parent, payer]).toEqual([
      decodeCheckpoint(bytesOf('tuned')).meta.checkpointId,
      decodeCheckpoint(bytesOf('reward')).meta.checkpointId,
    ]);
    const dpo = await trained({ ...common, kind: 'dpo', from: [tuned, policy], data, dpoHeldOut: 0, out: out('dpo') });
    expect(dpo).toMatchObject({ kind: 'policy', step: 4 });
    expect(
      told.some((words) => /^Step 4 of 4\. dpo\/loss/.test(words) || /^Done after 4 steps\. dpo/.test(words)),
    ).toBe(true);
  });

  it('learns from rows of other programs, and names what it leaves out', async () => {
    const from = await base();
    const given = [
      ...PROMPTS.map((prompt) => ({ question: prompt, chosen: KIND, rejected: SAD })),
      { question: 'the zebra found a xylophone .', chosen: KIND, rejected: SAD },
    ];
    const data = rows('other.jsonl', given);
    await trained({ kind: 'reward', seed: 3, ...SHORT, from, data, out: out('other') });
    expect(told.at(-1)).toBeDefined();
    expect(told.join('\n')).toMatch(/1 line was left out: line 9 \(.*zebra/);
  });

  it('trains on own text, and on what that model has written', async () => {
    const text = join(scratch, 'text.txt');
    writeFileSync(text, 'The keeper lit the lamp. The fox ran home. '.repeat(200));
    const from = out('own');
    await trained({ kind: 'pretrain', ...QUICK, context: 24, completionLength: 8, data: text, out: from });
    const votes = 'The lit lamp fox ran home the eeper amp keep'.split(' ').map((prompt) => ({
      prompt,
      chosen: ' ran home.',
      rejected: ' lit.',
    }));
    const data = rows('own.jsonl', votes);
    const made = {
      ...SHORT,
      kind: 'dpo',
      from,
      data,
      dpoHeldOut: 0,
      completionLength: 8,
      context: 24,
      out: out('own-dpo'),
    };
    await expect(trained(made)).rejects.toThrow(/text that is not open/);
    expect(await trained({ ...made, text })).toMatchObject({ kind: 'policy' });
  });
});

describe('settings that make no sense are refused in words', () => {
  const settings = (more: object) => () => trainingAsked({ kind: 'pretrain', out: 'x', ...more });

  it.each<[object, RegExp]>([
    [{ kind: 'bestOf' }, /kind: one of pretrain/],
    [{ out: undefined }, /out: is missing/],
    [{ data: '' }, /data: is empty/],
    [{ setps: 5 }, /setps: the lab has no setting/],
    [{ steps: 0 }, /steps: At least 1/],
    [{ steps: [1] }, /steps: a number/],
    [{ width: 65, heads: 2 }, /width, heads: Width 65/],
    [{ rater: { name: 'nobody' } }, /rater/],
    [{ rater: 'happy' }, /rater: an object with a name/],
    [{ from: 3 }, /from: the path or the name of a model/],
    [{ useRule: 'yes' }, /useRule: true or false/],
    [{ vetoed: [1] }, /vetoed.0: a list of attributes/],
    [{ fixedPrompt: 3 }, /fixedPrompt: a text/],
  ])('%o', (more, words) => {
    expect(settings(more)).toThrow(words);
  });

  it('are read as an address is: numbers, words, true and false', () => {
    const { config, from } = trainingAsked({
      kind: 'ppo',
      out: 'x',
      from: 'tiny',
      klCoef: 0.05,
      ppoReward: 'rule',
      tiedHead: false,
    });
    expect([config.ppo.klCoef, config.ppo.rewardFrom, config.model.tiedHead, from]).toEqual([
      0.05,
      'rule',
      false,
      ['tiny'],
    ]);
  });

  it.each<[object, RegExp]>([
    [{ kind: 'ppo' }, /from: this kind of run begins from a model/],
    [{ kind: 'ppo', from: 'tiny' }, /no reward model to pay/],
    [{ kind: 'reward', from: 'tiny' }, /data: a file of rows/],
    [{ kind: 'dpo', from: 'tiny', data: 'nowhere.jsonl' }, /there is no such file/],
    [{ kind: 'dpo', from: ['nowhere.safetensors'], data: 'x' }, /there is no such file/],
    [{ kind: 'pretrain', backend: 'webgpu' }, /webgpu is the page's/],
    // before it trains
    [{ kind: 'pretrain', steps: 100_000, out: 'nowhere/at/all' }, /out: nowhere\/at\/all cannot be written/],
    [{ kind: 'pretrain', steps: 100_000, out: 'tests' }, /out: tests cannot be written/],
  ])('%o', async (more, words) => {
    await expect(trained({ out: out('none'), ...more })).rejects.toThrow(words);
  });

  it.each<[string, string, object, RegExp]>([
    [
      'dpo',
      'shown',
      { prompt: 'a', completion: 'b' },
      /its rows are demonstrations, and this run learns from preferences/,
    ],
    ['reward', 'asked', { prompt: 'a' }, /its rows are prompts, and this run learns from preferences or rankings/],
    [
      'finetune',
      'voted',
      { prompt: 'a', chosen: 'b', rejected: 'c' },
      /its rows are preferences, .* demonstrations: a/,
    ],
    ['dpo', 'odd', { name: 'a' }, /no row in it says anything \(row 0: .*this run learns from preferences/],
  ])('%s on rows of another kind (%s), with the kind that is wanted', async (kind, name, row, words) => {
    const data = rows(`${name}.jsonl`, [row]);
    await expect(trained({ kind, from: 'tiny', data, out: out('none') })).rejects.toThrow(words);
  });

  it('and so is a key that stands twice, of which one would be passed over', async () => {
    const path = join(scratch, 'twice.json');
    writeFileSync(path, '{"kind": "pretrain", "steps": 2, "out": "x", "steps": 3}');
    await expect(train(path, () => {})).rejects.toThrow(/steps stands twice/);
  });

  it('and as a command it ends with 1 and a line of JSON', () => {
    const path = join(scratch, 'bad.json');
    writeFileSync(path, JSON.stringify({ kind: 'pretrain', out: out('none'), steps: -1 }));
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'src/headless/lab.ts', 'train', path], {
      encoding: 'utf8',
    });
    expect([status, JSON.parse(stdout)]).toEqual([1, { refused: expect.stringMatching(/steps: At least 1/) }]);
  });
});
