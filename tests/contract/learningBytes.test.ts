import { describe, expect, it } from 'vitest';
import { learningBytes } from '../../src/contract/learningBytes';
import { PPO } from '../../src/contract/settings/ppo';
import { defaultsOf } from '../../src/contract/settings/setting';

describe('what all weights take that learn', () => {
  const ppo = defaultsOf(PPO, 'tiny');
  const of = (kind: 'finetune' | 'reward' | 'ppo' | 'dpo', changes: Partial<typeof ppo> = {}) =>
    learningBytes(kind, { ppo: { ...ppo, ...changes } }, 1000) / 4000;

  it('is four numbers each, and one where the run began', () => {
    expect([of('finetune'), of('reward'), of('dpo')]).toEqual([5, 5, 5]);
  });

  it('is as much again for a critic of its own, and one more each of the reward model', () => {
    expect(of('ppo', { advantages: 'gae', valueModel: 'separate', rewardFrom: 'model' })).toBe(10);
    expect(of('ppo', { advantages: 'gae', valueModel: 'shared', rewardFrom: 'model' })).toBe(6);
    expect(of('ppo', { advantages: 'rloo', valueModel: 'separate', rewardFrom: 'rule' })).toBe(5);
  });
});
