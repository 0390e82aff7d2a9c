import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { Demonstration, Vote } from '../../src/contract/preferences';
import { finish } from '../../src/contract/steps';
import { decodeCheckpoint } from '../../src/formats/checkpoint';
import { clusterProject } from '../../src/formats/cluster/project';
import { readDemonstrations, readOpinions } from '../../src/formats/opinions';
import { lab, python } from './peers';

const scratch = mkdtempSync(join(tmpdir(), 'project-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const project = join(scratch, 'project');

const PROMPTS = ['fox', 'owl', 'bear', 'robin', 'hen', 'duck'].flatMap((one) => [
  `the ${one} found a kite .`,
  `once a ${one} made a key .`,
]);
const said = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
let next = 0;
const newId = () => `id-${next++}`;

beforeAll(() => {
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
  const config = presetConfig('tiny');
  const files = clusterProject({
    config: { ...config, ppo: { ...config.ppo, rollouts: 8, epochs: 2, advantages: 'rloo' } },
    base,
    policy: base,
    reward: decodeCheckpoint(readFileSync(out!)),
    opinions: finish(readOpinions(votes, newId)).good as Vote[],
    demonstrations: finish(readDemonstrations(shown, newId)).good as Demonstration[],
    prompts: [],
  });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), bytes);
  }
});

describe('a project that goes on with TRL', () => {
  it.each(['sft', 'reward', 'dpo', 'rloo', 'grpo'])(
    'trains two steps on the CPU as it was written: %s.py',
    (method) => {
      const told = python(join(project, `${method}.py`), '--cpu', '--max-steps', '2')
        .trim()
        .split('\n')
        .at(-1)!;
      const { steps, last } = JSON.parse(told) as { steps: number; last: Record<string, number> };
      expect(steps).toBe(2);
      expect(Number.isFinite(last.loss ?? last.train_loss)).toBe(true);
    },
  );

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
