import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { Demonstration, Vote } from '../../src/contract/preferences';
import { finish } from '../../src/contract/steps';
import { decodeCheckpoint } from '../../src/formats/checkpoint';
import { clusterProject, type Standing } from '../../src/formats/cluster/project';
import { readDemonstrations, readOpinions } from '../../src/formats/opinions';
import { startPortable } from '../../src/headless/engine';
import { type Asked, ownText, saveMadeModel, TEXT } from '../helpers/madeModel';
import { lab, python } from './peers';

const scratch = mkdtempSync(join(tmpdir(), 'project-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const project = join(scratch, 'project');
const own = join(scratch, 'own-project');
const bare = join(scratch, 'bare-project');

const PROMPTS = ['fox', 'owl', 'bear', 'robin', 'hen', 'duck'].flatMap((one) => [
  `the ${one} found a kite .`,
  `once a ${one} made a key .`,
]);
const said = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
let next = 0;
const newId = () => `id-${next++}`;

type Taken = Pick<Standing, 'base' | 'reward'> & { votes: string; shown: string; prompts?: string[] };

function writeProject(folder: string, { base, reward, votes, shown, prompts = [] }: Taken): void {
  const config = presetConfig('tiny');
  const files = clusterProject({
    config: { ...config, ppo: { ...config.ppo, rollouts: 8, epochs: 2, advantages: 'rloo' } },
    base,
    policy: base,
    reward,
    opinions: finish(readOpinions(votes, newId)).good as Vote[],
    demonstrations: finish(readDemonstrations(shown, newId)).good as Demonstration[],
    prompts,
  });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

function storiesProject(): void {
  const votes = said(
    PROMPTS.map((prompt) => ({ prompt, chosen: 'he was glad .', rejected: 'he was sad .', margin: 1 })),
  );
  const shown = said(PROMPTS.map((prompt) => ({ prompt, completion: 'thank you , said the owl .' })));
  const [data, settings, out] = ['votes.jsonl', 'settings.json', 'reward.safetensors'].map((name) =>
    join(scratch, name),
  );
  writeFileSync(data!, votes);
  writeFileSync(
    settings!,
    JSON.stringify({ kind: 'reward', from: 'tiny', data, out, rewardSteps: 4, ruleLabels: 0, normalizeSamples: 32 }),
  );
  expect(lab(['train', settings!])).toMatchObject({ status: 0 });
  const base = decodeCheckpoint(readFileSync('public/checkpoints/tiny.safetensors'));
  writeProject(project, { base, reward: decodeCheckpoint(readFileSync(out!)), votes, shown });
}

/** a text of the visitor's own, cut anywhere, with one prompt that fills the context alone */
async function ownProject(): Promise<void> {
  await startPortable();
  const tokenizer = await ownText('bpe');
  const readMade = async (asked: Partial<Asked> & { name: string }) =>
    decodeCheckpoint(readFileSync(await saveMadeModel(scratch, { tokenizer, ...asked })));
  const base = await readMade({ name: 'own' });
  const reward = await readMade({
    ...{ name: 'own-reward', kind: 'reward', pooling: 'last' },
    heads: { language: false, scalar: true },
  });
  const starts = Array.from({ length: 10 }, (_, i) => `The keeper’s lamp ${i}`);
  const votes = said(starts.map((prompt) => ({ prompt, chosen: ' burned 12 hours;', rejected: " isn't here" })));
  const shown = said(starts.map((prompt) => ({ prompt, completion: ' or there.  Two' })));
  writeProject(own, { base, reward, votes, shown, prompts: [TEXT.repeat(3)] });
}

beforeAll(async () => {
  storiesProject();
  await ownProject();
  const base = decodeCheckpoint(readFileSync('public/checkpoints/tiny.safetensors'));
  writeProject(bare, { base, reward: null, votes: '', shown: '' });
});

/** what a script says of its two steps */
function twoSteps(folder: string, method: string): Record<string, number> {
  const told = python(join(folder, `${method}.py`), '--cpu', '--max-steps', '2')
    .trim()
    .split('\n')
    .at(-1)!;
  const { steps, last } = JSON.parse(told) as { steps: number; last: Record<string, number> };
  expect(steps).toBe(2);
  return last;
}

const SCRIPTS = ['sft', 'reward', 'dpo', 'rloo', 'grpo'];

describe('a project that goes on with TRL', () => {
  it.each(SCRIPTS)('trains two steps on the CPU as it was written: %s.py', (method) => {
    const last = twoSteps(project, method);
    expect(Number.isFinite(last.loss ?? last.train_loss)).toBe(true);
  });

  it.each(SCRIPTS)('and so it does from texts of one’s own, which have no end: %s.py', (method) => {
    const last = twoSteps(own, method);
    expect(Number.isFinite(last.loss ?? last.train_loss)).toBe(true);
    // as in the lab, a text is as long as it may be, and none is cut short by an end that it does not have
    if (method === 'rloo' || method === 'grpo') expect(last['completions/mean_length']).toBe(24);
  });

  it.each([
    ['sft', 'data/demonstrations.jsonl has no rows yet'],
    ['dpo', 'data/preferences.jsonl has no rows yet'],
    ['rloo', 'out/reward is not here yet: run reward.py first'],
  ])('says what is missing where there is nothing to train on: %s.py', (method, words) => {
    expect(() => python(join(bare, `${method}.py`), '--cpu', '--max-steps', '2')).toThrow(words);
  });

  it('leaves a text of one’s own as it is where TRL would write an end', () => {
    const { ends, written } = JSON.parse(python('check_ends.py', own, 'models/policy').trim().split('\n').at(-1)!);
    expect([ends, written]).toEqual(['', 'The keeper’s lamp']);
  });

  it('has machines that accelerate knows, and positions that a padded prompt leaves alone', () => {
    const { accelerate, apart } = JSON.parse(python('check_project.py', project).trim().split('\n').at(-1)!) as {
      accelerate: Record<string, [string, number, number]>;
      apart: number;
    };
    expect(Object.values(accelerate).map(([, machines, processes]) => [machines, processes])).toEqual([
      [2, 16],
      [2, 16],
      [1, 1],
      [1, 8],
    ]);
    expect(apart).toBeLessThan(1e-4);
  });
});
