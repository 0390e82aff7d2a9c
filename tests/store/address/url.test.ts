import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LabConfig, PRESETS, presetConfig } from '../../../src/contract/config';
import { CLASHES, clashOf } from '../../../src/contract/settings/clashes';
import { optionsOf, refusal, type Setting } from '../../../src/contract/settings/setting';
import { SETTING_ROWS, SETTINGS, type SettingRow } from '../../../src/contract/settings/table';
import { URL_KEYS } from '../../../src/formats/address';
import {
  complaintAbout,
  completedConfig,
  isSoundConfig,
  readUrl,
  settledConfig,
  writeSearch,
} from '../../../src/store/address/url';
import { freshDisk, openPage } from '../openLab';

const read = (search: string, hash = '') => readUrl({ search, hash });

/** every number and word of a configuration, by its dotted path */
function leaves(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? leaves(inner as object, `${path}${key}.`) : [`${path}${key}`],
  );
}

/** anything that the control of a setting lets in */
function admitted(setting: Setting): fc.Arbitrary<unknown> {
  if (setting.kind === 'switch') return fc.boolean();
  if (setting.kind === 'choice') return fc.constantFrom(...optionsOf(setting));
  const { min, max, integer } = setting;
  const typed = integer ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }).map((value) => value + 0);
  const small = fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, 64)) });
  return fc.oneof(typed, small, fc.constantFrom(min, max)).filter((value) => refusal(setting, value) === null);
}

/** an experiment some of whose settings were changed, at random */
const changed = (places: readonly SettingRow[]): fc.Arbitrary<LabConfig> =>
  fc.tuple(fc.constantFrom(...PRESETS), fc.subarray([...places])).chain(([preset, some]) =>
    fc.tuple(...some.map(({ setting }) => admitted(setting))).map((values) => {
      const config = presetConfig(preset);
      some.forEach(({ path }, i) => {
        const above = path.slice(0, -1).reduce<object>((tree, step) => (tree as Record<string, object>)[step]!, config);
        Object.assign(above, { [path.at(-1)!]: values[i] });
      });
      return config;
    }),
  );

describe('whatever the forms let stand', () => {
  const saysSomething = (config: LabConfig) =>
    Object.keys(SETTINGS).some((section) => clashOf(config, section) !== null);
  const clashing = SETTING_ROWS.filter(({ path }) => CLASHES.some(({ paths }) => paths.includes(path.join('.'))));

  it.each([
    ['of all settings', SETTING_ROWS.filter(({ address }) => address !== 'preset')],
    ['of those that can clash', clashing],
  ])('an address gives back, and refuses what they complain about: %s', (_, places) => {
    fc.assert(
      fc.property(changed(places), (config) => {
        const { config: given, ignored } = read(writeSearch(config));
        expect(ignored.length > 0).toBe(saysSomething(config));
        if (ignored.length === 0) expect(given).toEqual(config);
        else expect(saysSomething(given!)).toBe(false);
      }),
    );
  });

  it('a preset is part of it', () => {
    for (const preset of PRESETS) expect(saysSomething(presetConfig(preset))).toBe(false);
  });

  it('a longest completion leaves room for a prompt', () => {
    const config = presetConfig('tiny');
    config.ppo.completionLength = 47;
    expect([clashOf(config, 'ppo'), clashOf(config, 'model')]).toEqual([null, null]);
    config.ppo.completionLength = 48;
    expect(clashOf(config, 'ppo')).toMatch(/^PPO's longest completion of 48 tokens in a context of 48/);
    expect(clashOf(config, 'model')).toBe(clashOf(config, 'ppo'));
    expect(clashOf(config, 'dpo')).toBeNull();
  });
});

describe('settings of PPO that do not go together', () => {
  const read = (search: string) => readUrl({ search, hash: '' });

  it('go back to the preset, and nothing else does', () => {
    const { config, ignored } = read('?klPlacement=loss&advantages=grpo&groupSize=8&ptxCoef=0.5');
    expect(ignored).toEqual(['klPlacement']);
    expect(config?.ppo).toMatchObject({
      klPlacement: 'reward',
      klEstimator: 'k1',
      advantages: 'grpo',
      groupSize: 8,
      ptxCoef: 0.5,
    });
  });

  it('are told from those that do', () => {
    const { config, ignored } = read('?klPlacement=loss&klEstimator=k3&advantages=grpo&groupSize=8');
    expect(ignored).toEqual([]);
    expect(config?.ppo).toMatchObject({ klPlacement: 'loss', klEstimator: 'k3', advantages: 'grpo', groupSize: 8 });
    expect(read('?klControl=adaptive&klHorizon=7&rollouts=32').config?.ppo).toMatchObject({
      klControl: 'adaptive',
      klHorizon: 7,
    });
    expect(read('?klControl=adaptive&klHorizon=2&rollouts=16').ignored).toEqual(['klControl', 'klHorizon', 'rollouts']);
    expect(read('?klControl=adaptive&klCoef=0').ignored).toEqual(['klControl', 'klCoef']);
    expect(read('?advantages=rloo&groupSize=5').ignored).toEqual(expect.arrayContaining(['advantages', 'groupSize']));
  });
});

describe('the address', () => {
  it('has a key for every setting of the experiment', () => {
    expect(
      Object.values(URL_KEYS)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(leaves(presetConfig('tiny')).sort());
  });

  it('says nothing about the experiment when it is empty', () => {
    expect(read('', '')).toEqual({ stage: null, config: null, ignored: [] });
    expect(read('', '#/data')).toEqual({ stage: 'data', config: null, ignored: [] });
  });

  it('reads settings before the hash and inside it', () => {
    const expected: LabConfig = presetConfig('small', 7);
    expected.ppo.klCoef = 0.3;
    expect(read('?preset=small&seed=7&klCoef=0.3', '#/optimise')).toEqual({
      stage: 'optimise',
      config: expected,
      ignored: [],
    });
    expect(read('', '#/optimise?preset=small&seed=7&klCoef=0.3')).toEqual({
      stage: 'optimise',
      config: expected,
      ignored: [],
    });
  });

  it('forces backend and executor', () => {
    expect(read('?backend=wasm&executor=portable').config).toMatchObject({ backend: 'wasm', executor: 'portable' });
  });

  it('gives the same experiment back, whatever was changed', () => {
    const change: fc.Arbitrary<LabConfig> = fc
      .record({
        preset: fc.constantFrom(...PRESETS),
        seed: fc.nat(2 ** 31 - 1),
        backend: fc.constantFrom('auto' as const, 'wasm' as const, 'webgpu' as const),
        layers: fc.integer({ min: 1, max: 12 }),
        heads: fc.integer({ min: 1, max: 8 }),
        size: fc.integer({ min: 4, max: 32 }),
        tied: fc.boolean(),
        rate: fc.double({ min: 0, max: 1, noNaN: true }),
        klCoef: fc.double({ min: 0, max: 100, noNaN: true }),
        schedule: fc.constantFrom('constant' as const, 'linear' as const, 'cosine' as const),
        epsilon: fc.double({ min: 1e-12, max: 1, noNaN: true }),
      })
      .map((pick) => {
        const config = presetConfig(pick.preset, pick.seed);
        config.backend = pick.backend;
        Object.assign(config.model, {
          layers: pick.layers,
          heads: pick.heads,
          width: pick.heads * pick.size,
          tiedHead: pick.tied,
        });
        Object.assign(config.pretrain, { learningRate: pick.rate, schedule: pick.schedule });
        Object.assign(config.ppo, { klCoef: pick.klCoef });
        config.reward.optimizer.epsilon = pick.epsilon;
        return config;
      });
    fc.assert(
      fc.property(change, (config) => {
        expect(read(writeSearch(config))).toEqual({ stage: null, config, ignored: [] });
      }),
    );
  });

  it('keeps a stored experiment whose settings no longer go together, but for those', () => {
    const stored = presetConfig('small', 4);
    Object.assign(stored.ppo, { klControl: 'adaptive', klHorizon: 2, klTarget: 9 });
    stored.reward.batchSize = 8;
    const expected = presetConfig('small', 4);
    expected.ppo.klTarget = 9;
    expected.reward.batchSize = 8;
    expect(settledConfig(stored)).toEqual(expected);
    expect(isSoundConfig(settledConfig(stored))).toBe(true);
    for (const nonsense of [undefined, null, 7, { preset: 'huge' }]) expect(settledConfig(nonsense)).toEqual(nonsense);
  });

  it('keeps a stored experiment that is older than some of its settings, and completes it', () => {
    const { dpo: _, ...older } = presetConfig('small', 4);
    const { strengthMargin: __, ...reward } = { ...older.reward, batchSize: 8 };
    const expected = presetConfig('small', 4);
    expected.reward.batchSize = 8;
    expect(completedConfig({ ...older, reward })).toEqual(expected);
    expect(isSoundConfig(completedConfig({ ...older, reward }))).toBe(true);
    expect(isSoundConfig(completedConfig({ ...older, reward: null }))).toBe(false);
    for (const nonsense of [undefined, null, 7, { preset: 'huge' }])
      expect(completedConfig(nonsense)).toEqual(nonsense);
  });

  it('leaves label smoothing to the loss that knows it', () => {
    expect(read('?labelSmoothing=0.2').config?.dpo.labelSmoothing).toBe(0.2);
    expect(read('?labelSmoothing=0.2&dpoLoss=ipo').ignored.sort()).toEqual(['dpoLoss', 'labelSmoothing']);
  });

  it('is short: only what differs from the preset', () => {
    expect(writeSearch(presetConfig('tiny', 1))).toBe('?preset=tiny&seed=1');
    const config = presetConfig('tiny', 1);
    config.pretrain.steps = 20;
    expect(writeSearch(config)).toBe('?preset=tiny&seed=1&steps=20');
  });

  it.each([
    ['lr=NaN', 'lr'],
    ['lr=Infinity', 'lr'],
    ['lr=-1', 'lr'],
    ['seed=1e99', 'seed'],
    ['seed=1.5', 'seed'],
    ['seed=', 'seed'],
    ['seed=0x10', 'seed'],
    ['steps=many', 'steps'],
    ['layers=9999', 'layers'],
    ['tiedHead=maybe', 'tiedHead'],
    ['preset=__proto__', 'preset'],
    ['preset=constructor', 'preset'],
    ['backend=<script>alert(1)</script>', 'backend'],
    [`steps=${'9'.repeat(100_000)}`, 'steps'],
    ['rollouts=%F0%9F%A6%8A', 'rollouts'],
  ])('leaves %.40s at its default and says so', (search, key) => {
    expect(read(`?${search}`)).toEqual({ stage: null, config: presetConfig('tiny'), ignored: [key] });
  });

  it('ignores unknown keys without a word, those of Object.prototype too', () => {
    expect(
      read('?preset=tiny&__proto__=1&constructor=2&toString=3&utm_source=x&__proto__[polluted]=1').ignored,
    ).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('takes settings that only clash together back to the preset', () => {
    const { config, ignored } = read('?width=64&heads=5&steps=10');
    expect(config?.model).toEqual(presetConfig('tiny').model);
    expect(config?.pretrain.steps).toBe(10);
    expect(ignored).toEqual(['width', 'heads']);
  });

  it('settles what no longer goes with the rest once a clash was settled', () => {
    const { config, ignored } = read('?minibatches=40&rollouts=35&advantages=rloo&groupSize=5');
    expect(ignored).toEqual(['minibatches', 'rollouts', 'advantages', 'groupSize']);
    expect(config).toEqual(presetConfig('tiny'));
  });

  it.each([
    ['seed=3', null],
    ['lr=fast', 'No usable value for lr: A number, please.'],
    ['layers=99', 'No usable value for layers: At most 24.'],
    ['backend=gpu', 'No usable value for backend: One of auto, webgpu, wasm, webgl, cpu.'],
    [
      'completionLength=48',
      "No usable value for completionLength: PPO's longest completion of 48 tokens in a context of 48, which holds the prompt too: choose a shorter completion or a longer context.",
    ],
    ['lr=-1&tiedHead=maybe', 'No usable value for lr, tiedHead. lr: At least 0. tiedHead: One of 0, 1, true, false.'],
    [
      'sadShare=0.7',
      'No usable value for sadShare: happy and sad endings are shares of one whole, but make 1.05 of it.',
    ],
  ])('says why it left %s', (search, message) => {
    expect(complaintAbout({ search: `?${search}`, hash: '' })).toBe(message);
  });

  it('survives anything at all', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (search, hash) => readUrl({ search: `?${search}`, hash: `#${hash}` }).ignored.length >= 0,
      ),
    );
    const hostile = fc.array(fc.tuple(fc.constantFrom(...Object.keys(URL_KEYS)), fc.string()));
    fc.assert(
      fc.property(hostile, (pairs) => {
        const { config } = read(`?${new URLSearchParams(pairs)}`);
        if (config) expect(leaves(config).sort()).toEqual(leaves(presetConfig('tiny')).sort());
      }),
    );
  });
});

describe('the page and its address', () => {
  beforeEach(freshDisk);

  it('opens the stage and the experiment of the address, and reports bad values once, by name', async () => {
    const { lab } = await openPage({ href: '?seed=5&lr=fast&layers=-3#/pretrain' });
    expect(lab.getState().view.stage).toBe('pretrain');
    expect(lab.getState().config.value).toEqual(presetConfig('tiny', 5));
    const told = lab.getState().notices.notices.filter(({ code }) => code === 'url/ignored');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toBe('No usable value for lr, layers. lr: A number, please. layers: At least 1.');
  });

  it('opens Start when the address names no stage or one that is not there', async () => {
    expect((await openPage({ href: '#/nowhere' })).lab.getState().view.stage).toBe('start');
    expect((await openPage()).lab.getState().view.stage).toBe('start');
  });

  it('corrects an address whose stage is not there, and keeps the rest of it', async () => {
    const { lab, address } = await openPage({ href: '?preset=tiny&seed=1#/nowhere' });
    expect(address.read()).toEqual({ search: '?preset=tiny&seed=1', hash: '#/start' });
    lab.getState().view.go('data');
    address.visit('?preset=tiny&seed=1#/<script>');
    expect(lab.getState().view.stage).toBe('start');
    expect(address.read().hash).toBe('#/start');
    address.visit('#/nowhere?klCoef=0.7');
    expect(lab.getState().config.value.ppo.klCoef).toBe(0.7);
    expect(address.read().hash).toBe('#/start');
    expect(lab.getState().notices.notices).toEqual([]);
  });

  it('writes changes back, so that the address always gives this experiment', async () => {
    const { lab, address } = await openPage({ href: '?preset=tiny&seed=1#/optimise' });
    lab.getState().config.change('ppo', { klCoef: 0.05 });
    expect(address.read()).toEqual({ search: '?preset=tiny&seed=1&klCoef=0.05', hash: '#/optimise' });
    lab.getState().config.applyPreset('small');
    expect(address.read().search).toBe('?preset=small&seed=1');
    lab.getState().view.go('data');
    expect(address.read()).toEqual({ search: '?preset=small&seed=1', hash: '#/data' });
  });

  it('follows links and the back button', async () => {
    const { lab, address } = await openPage({ href: '?preset=tiny&seed=1#/data' });
    address.visit('?preset=tiny&seed=1#/reward');
    expect(lab.getState().view.stage).toBe('reward');
    address.visit('?preset=tiny&seed=1#/optimise?preset=tiny&seed=1&klCoef=0.7');
    expect(lab.getState().view.stage).toBe('optimise');
  });

  it('gives the page of a wide Inspect to another stage, and narrows it on its own', async () => {
    const { lab, address } = await openPage({ href: '#/data' });
    const inspect = () => lab.getState().inspect;
    address.visit('#/inspect?tab=layers');
    expect(inspect()).toMatchObject({ open: true, wide: true, tab: 'layers' });
    address.visit('#/data');
    expect(inspect()).toMatchObject({ open: true, wide: false });
    inspect().setWide(true);
    address.visit('#/primer');
    expect(inspect()).toMatchObject({ open: false, wide: false });
    expect(lab.getState().view.stage).toBe('primer');
    expect(address.read().hash).toBe('#/primer');
  });

  it('takes an experiment from a link inside the page', async () => {
    const { lab, address } = await openPage({ href: '#/start' });
    address.visit('#/optimise?klCoef=0.7');
    expect(lab.getState().config.value.ppo.klCoef).toBe(0.7);
    expect(address.read()).toEqual({ search: '?preset=tiny&seed=1&klCoef=0.7', hash: '#/optimise' });
  });

  it('says what a link inside the page asks for in vain', async () => {
    const { lab, address } = await openPage({ href: '#/start' });
    address.visit('#/optimise?klCoef=much');
    expect(lab.getState().notices.notices.map(({ message }) => message)).toEqual([
      'No usable value for klCoef: A number, please.',
    ]);
  });

  it('refuses a seed that no address could say', async () => {
    const { lab } = await openPage();
    for (const seed of [Number.NaN, -1, 1.5, 2 ** 40]) lab.getState().config.setSeed(seed);
    expect(lab.getState().config.value.seed).toBe(1);
  });
});
