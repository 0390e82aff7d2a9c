import { beforeEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { RunSpec } from '../../../src/contract/domain';
import { ppoName } from '../../../src/contract/lineage';
import { describeDifference } from '../../../src/store/models/configDiff';
import { inputsKey, runIsOutdated } from '../../../src/store/runs/inputs';
import { axisOf } from '../../../src/store/runs/methodTrail';
import { runSpec } from '../../../src/store/runs/runSpec';
import { freshDisk, openPage, openVoting, settle } from '../openLab';

const KEYS = ['rewardFrom', 'rewardRule', 'ruleLength', 'ruleTolerance', 'ruleWord', 'ruleWeight', 'rewardScale'];

/** as a run was stored before there was a choice */
function ofEarlier(spec: RunSpec): RunSpec {
  const config = Object.fromEntries(Object.entries(spec.config).filter(([key]) => !KEYS.includes(key)));
  return { ...spec, config } as unknown as RunSpec;
}

describe('which reward', () => {
  beforeEach(freshDisk);

  it('asks for no reward model where a rule pays, whatever stands in the slot', async () => {
    const { lab } = await openVoting();
    for (const kind of ['ppo', 'bestOf'] as const) {
      expect(() => runSpec(lab.getState(), kind)).toThrow('or let a rule pay');
      lab.getState().config.change(kind, { rewardFrom: 'rule' });
      expect(runSpec(lab.getState(), kind)).toMatchObject({ kind, rewardId: null });
      lab.getState().config.change(kind, { rewardFrom: 'mix' });
      expect(() => runSpec(lab.getState(), kind)).toThrow('There is no reward model');
    }
  });

  it('trains by a rule from the page, to a policy in use', async () => {
    const page = await openVoting({ href: '?preset=tiny&iterations=3&ppoReward=rule&ppoRule=fresh' });
    const { lab, client } = page;
    expect(lab.getState().config.value.ppo).toMatchObject({ rewardFrom: 'rule', rewardRule: 'fresh' });
    await lab.getState().runs.play('ppo');
    client.advance(1000);
    await settle();
    expect(lab.getState().runs.ppo.state?.status).toBe('done');
    expect(lab.getState().shelf.slots.policyId).not.toBeNull();
  });

  it('has a weight that acts at once, and is marked in the charts', async () => {
    const page = await openVoting({ href: '?preset=tiny&iterations=9&ppoReward=rule' });
    const { lab, client } = page;
    await lab.getState().runs.play('ppo');
    client.advance(3);
    await settle();
    await lab.getState().runs.adjust({ ruleWeight: 0.2 });
    expect(client.calls.findLast(({ kind }) => kind === 'run/adjust')?.params).toMatchObject({
      knobs: { ruleWeight: 0.2 },
    });
    expect(lab.getState().runs.ppo.marks.at(-1)?.label).toBe('weight of the rule 0.2');
    expect(runIsOutdated(lab.getState(), 'ppo')).toBe(false);
  });

  it('is stale with another rater only where its gold pays', async () => {
    const { lab } = await openPage();
    const key = () => inputsKey(lab.getState(), 'ppo');
    const change = (rewardRule: 'gold' | 'ends') =>
      lab.getState().config.change('ppo', { rewardFrom: 'rule', rewardRule });
    const afterRater = (name: 'happy' | 'sad') => {
      lab.getState().opinions.setRater({ name });
      return key();
    };
    change('ends');
    expect(afterRater('happy')).toBe(afterRater('sad'));
    change('gold');
    expect(afterRater('happy')).not.toBe(afterRater('sad'));
  });

  it('is named by the model that it makes, unless it is the reward model’s', () => {
    const { ppo } = presetConfig('tiny');
    expect(ppoName(ppo)).toBe('PPO β = 0.1');
    expect(ppoName({ ...ppo, rewardFrom: 'mix' })).toBe('PPO by mix β = 0.1');
    expect(ppoName({ ...ppo, rewardFrom: 'rule', advantages: 'grpo', klCoef: 0 })).toBe('GRPO by rule β = 0');
  });

  it('means the reward model in a stored run that says nothing of it', async () => {
    const { lab } = await openVoting();
    lab.getState().config.change('ppo', { rewardFrom: 'rule' });
    const spec = { ...runSpec(lab.getState(), 'ppo'), rewardId: 'judge' } as RunSpec;
    lab.getState().config.change('ppo', { rewardFrom: 'model' });
    const model = { ...spec, config: lab.getState().config.value.ppo } as RunSpec;
    expect(describeDifference(ofEarlier(model), model)).toBe('the same settings');
    expect(describeDifference(ofEarlier(model), spec)).toBe('reward model → rule; else the same');
    expect(axisOf(ofEarlier(model))).toBe(axisOf(model));
    expect(axisOf(spec)).not.toBe(axisOf(model));
    const shown = (one: RunSpec) => ({
      ...lab.getState(),
      runs: { ...lab.getState().runs, ppo: { ...lab.getState().runs.ppo, spec: one } },
    });
    expect(runIsOutdated(shown(ofEarlier(model)), 'ppo')).toBe(false);
    expect(runIsOutdated(shown(spec), 'ppo')).toBe(true);
  });
});
