import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { CheckpointFile } from '../../../src/contract/checkpoint';
import { type LabConfig, presetConfig } from '../../../src/contract/config';
import type { Ranking } from '../../../src/contract/preferences';
import { SETTING_ROWS } from '../../../src/contract/settings/table';
import { finish } from '../../../src/contract/steps';
import { decodeCheckpoint } from '../../../src/formats/checkpoint';
import { projectArchive } from '../../../src/formats/cluster/archive';
import { ppoFlags } from '../../../src/formats/cluster/machines';
import { clusterProject, type Standing } from '../../../src/formats/cluster/project';
import { readOpinions } from '../../../src/formats/opinions';

const shipped = Uint8Array.from(readFileSync('public/checkpoints/tiny.safetensors'));
const tiny: CheckpointFile = decodeCheckpoint(shipped);
const [PROMPT, GOOD, BAD, WORST] = ['the fox found a kite .', 'he was glad .', 'he was sad .', 'he lost it .'];

function opinions(rows: readonly object[]): Ranking[] {
  let next = 0;
  const read = finish(readOpinions(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), () => `id-${next++}`));
  expect(read.badLines).toEqual([]);
  return read.good;
}
const made = (changes: Partial<Standing> = {}) => {
  const files = clusterProject({
    config: presetConfig('tiny'),
    base: tiny,
    policy: tiny,
    reward: null,
    opinions: [],
    demonstrations: [],
    prompts: [],
    ...changes,
  });
  return (path: string): string => new TextDecoder().decode(files.get(path));
};
const rowsIn = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const changed = (ppo: Partial<LabConfig['ppo']>): LabConfig => {
  const config = presetConfig('tiny');
  return { ...config, ppo: { ...config.ppo, ...ppo } };
};

describe('a project to go on with', () => {
  it('has rows that TRL trains on unchanged: no ties, no repeats, a space between, a margin whole or not at all', () => {
    const pair = { prompt: PROMPT, chosen: GOOD, rejected: BAD };
    const vote = { prompt: PROMPT, completions: [BAD, GOOD], choice: 'b', voteId: 'one' };
    const all = opinions([
      vote,
      { ...vote, voteId: 'two', repeatOf: 'one' },
      { prompt: PROMPT, completions: [GOOD, WORST], choice: 'tie' },
      { prompt: PROMPT, completions: [WORST, GOOD, BAD], ranks: [3, 1, 2] },
    ]);
    const rows = rowsIn(made({ opinions: all })('data/preferences.jsonl'));
    expect(rows.map(({ chosen, rejected }) => [chosen, rejected])).toEqual([
      [` ${GOOD}`, ` ${BAD}`],
      [` ${GOOD}`, ` ${WORST}`],
      [` ${GOOD}`, ` ${BAD}`],
      [` ${BAD}`, ` ${WORST}`],
    ]);
    expect(rows.some((row) => 'margin' in row)).toBe(false);
    const strong = opinions([{ ...pair, margin: 2 }]);
    expect(rowsIn(made({ opinions: strong })('data/preferences.jsonl'))).toMatchObject([{ margin: 2 }]);
    const half = opinions([
      { ...pair, margin: 2 },
      { ...pair, chosen: WORST },
    ]);
    expect(rowsIn(made({ opinions: half })('data/preferences.jsonl')).some((row) => 'margin' in row)).toBe(false);
  });

  it('says of every setting where it went', () => {
    const table = made()('SETTINGS.md');
    for (const { path } of SETTING_ROWS)
      expect(table).toMatch(new RegExp(`^\\| ${path.join('\\.')} \\| .* \\| \\S`, 'm'));
    expect(table).toMatch(/\| dpo\.beta \| 0\.5 \| dpo `beta` \|/);
    expect(table).toMatch(/\| ppo\.gamma \| 1 \| none in TRL/);
  });

  it('sets the trainers to what the lab was set to', () => {
    const config = changed({ klCoef: 0.07, epochs: 3, iterations: 5, rollouts: 8, groupSize: 4, minibatches: 2 });
    const { rloo, dpo } = JSON.parse(made({ config })('settings.json'));
    expect(rloo.args).toMatchObject({ beta: 0.07, num_iterations: 3, num_generations: 4, max_steps: 30 });
    expect(rloo.args.per_device_train_batch_size * rloo.args.steps_per_generation).toBe(8);
    expect(dpo).toMatchObject({ reference: 'models/base', args: { beta: 0.5, loss_type: ['sigmoid'] } });
  });

  describe('PPO for OpenRLHF', () => {
    interface Flag {
      takes: 'nothing' | 'str' | 'int' | 'float';
      count?: number;
      choices?: string[];
    }
    const { flags } = JSON.parse(readFileSync('tests/fixtures/interop/openrlhf-flags.json', 'utf8')) as {
      flags: Record<string, Flag>;
    };
    const TYPES = { int: /^-?\d+$/, float: /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/, str: /^\S+$/ };

    it.each<Partial<LabConfig['ppo']>>([
      {},
      { klControl: 'adaptive', klHorizon: 1000.5 },
      { klEstimator: 'exact' },
      { klPlacement: 'loss', klEstimator: 'k3', clipRange: 0, clipRangeValue: 0 },
    ])('has flags and values that its parser takes: %o', (ppo) => {
      for (const [flag, value] of ppoFlags(changed(ppo), 'models/reward', 48)) {
        const { takes, count = 1, choices } = flags[flag]!;
        const values = value === null ? [] : String(value).split(' ');
        expect(values, flag).toHaveLength(takes === 'nothing' ? 0 : count);
        for (const one of values) {
          expect(one, flag).toMatch(TYPES[takes as keyof typeof TYPES]);
          if (choices) expect(choices, flag).toContain(one);
        }
      }
      expect(made({ config: changed(ppo) })('ppo.sh')).toContain('NOT run here');
    });

    it('clips nothing where the lab does not, and begins at its rate', () => {
      const script = made({ config: changed({ clipRange: 0, clipRangeValue: 0, klPlacement: 'loss' }) })('ppo.sh');
      expect(script).toContain('--actor.eps_clip 1000000000 ');
      expect(script).toContain('--critic.value_clip 1000000000 ');
      expect(script).toContain('--actor.lr_warmup_ratio 0 ');
      expect(script).toMatch(/--algo\.kl\.use_loss \\$/m);
    });

    it.skipIf(spawnSync('bash', ['--version']).status !== 0)('is a script that bash can read', () => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: made()('ppo.sh'), encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    });

    it('and TRL’s scripts have every argument that the table of settings names', () => {
      const config = presetConfig('tiny');
      const known = new Map<string, Set<string>>([['ppo', new Set(Object.keys(flags))]]);
      const variants: LabConfig[] = [
        config,
        { ...config, dpo: { ...config.dpo, loss: 'robust' }, reward: { ...config.reward, steps: 5 } },
      ];
      for (const one of variants) {
        const settings = JSON.parse(made({ config: one })('settings.json')) as Record<string, { args?: object }>;
        for (const [script, { args = {} }] of Object.entries(settings))
          known.set(script, new Set([...(known.get(script) ?? []), ...Object.keys(args)]));
      }
      const SAID = /(?:^|[;|] )((?:sft|reward|dpo|rloo|grpo|ppo)(?:, (?:rloo|grpo))*) (`[^`]+`(?:(?:,| ×) `[^`]+`)*)/g;
      let count = 0;
      for (const [, scripts, names] of made()('SETTINGS.md').matchAll(SAID))
        for (const script of scripts!.split(', '))
          for (const [, name] of names!.matchAll(/`([^`]+)`/g)) {
            expect([...known.get(script)!], script).toContain(name);
            count++;
          }
      expect(count).toBeGreaterThan(70);
      expect(made()('SETTINGS.md')).not.toMatch(/\| (?:finetune|pretrain) `/);
    });
  });

  it('says what is missing where there is no reward model and no data yet', () => {
    const readme = made()('README.md');
    expect(readme).toContain('Train a reward model with reward.py first');
    expect(readme).toContain('none yet: put rows into it before sft.py');
    expect(made()('ppo.sh')).toContain('--reward.model_name_or_path ./out/reward');
  });

  it('takes texts of one’s own as they are, says that they have no end, and keeps within the model’s context', () => {
    const corpus = { kind: 'text', config: presetConfig('tiny').text, seed: 1 } as const;
    const own = { ...tiny, meta: { ...tiny.meta, corpus, model: { ...tiny.meta.model, contextLength: 20 } } };
    const all = opinions([{ prompt: PROMPT, chosen: GOOD, rejected: BAD }]);
    const read = made({ base: own, opinions: all });
    expect(rowsIn(read('data/preferences.jsonl'))).toMatchObject([{ chosen: GOOD, rejected: BAD }]);
    const { ends, sft, rloo } = JSON.parse(read('settings.json'));
    expect([ends, sft.args.max_length, rloo.args.max_completion_length]).toEqual([false, 20, 19]);
    expect(read('README.md')).toContain('Texts of this lab have no end of their own');
    expect(made()('README.md')).not.toContain('no end of their own');
  });

  it('comes as a zip with the models in it', async () => {
    const { config } = { config: presetConfig('tiny') };
    const rest = { config, opinions: [], demonstrations: [], prompts: [PROMPT] };
    const pieces = await projectArchive(
      { ...rest, models: { base: shipped, policy: shipped, reward: null } },
      Date.UTC(2026, 10, 30),
    );
    const files = unzipSync(Uint8Array.from(Buffer.concat(pieces)));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        ...['README.md', 'rloo.py', 'accelerate/machines-fsdp2.yaml'].map((path) => `taken-further/${path}`),
        'taken-further/models/policy/model.safetensors',
      ]),
    );
    expect(new TextDecoder().decode(files['taken-further/data/prompts.jsonl'])).toBe(`{"prompt":"${PROMPT}"}\n`);
  });
});
