import { describe, expect, it } from 'vitest';
import { type PpoConfig, presetConfig } from '../../../src/contract/config';
import type { RunSpec } from '../../../src/contract/domain';
import { NO_TASTE } from '../../../src/contract/ownTaste';
import { ppoVariant } from '../../../src/contract/ppoVariants';
import { describeDifference } from '../../../src/store/models/configDiff';

const tiny = presetConfig('tiny');
const ppo = (changes: Partial<PpoConfig> = {}, rest: Partial<Extract<RunSpec, { kind: 'ppo' }>> = {}): RunSpec => ({
  kind: 'ppo',
  seed: 1,
  config: { ...tiny.ppo, ...changes },
  baseId: 'base-1',
  rewardId: 'reward-1',
  rater: { name: 'happy' },
  ...rest,
});

describe('the difference of two runs in words', () => {
  it('says only what differs', () => {
    expect(describeDifference(ppo({ klCoef: 0.05 }), ppo({ klCoef: 0 }))).toBe('β 0.05 → 0; else the same');
    expect(describeDifference(ppo(), ppo())).toBe('the same settings');
  });

  it('says in words what an own rater likes', () => {
    const own = (liked: string[]) => ppo({}, { rater: { name: 'own', taste: { ...NO_TASTE, liked } } });
    expect(describeDifference(ppo(), own(['beach']))).toBe(
      'rater happy → own, taste of the rater none → likes “beach”; else the same',
    );
    expect(describeDifference(own(['beach']), own(['park', 'shop']))).toBe(
      'taste of the rater likes “beach” → likes “park”, “shop”; else the same',
    );
  });

  it('names several changes, nested ones and switches too', () => {
    const other = ppo({
      valueModel: 'shared',
      whitenRewards: true,
      optimizer: { ...tiny.ppo.optimizer, maxGradNorm: 0 },
    });
    expect(describeDifference(ppo(), other)).toBe(
      'whiten rewards off → on, value model separate → shared, max grad norm 1 → 0; else the same',
    );
  });

  it('calls checkpoints by their names, and a further round by what it went on from', () => {
    const names: Record<string, string> = {
      'reward-1': 'Votes of round 1',
      'reward-2': 'Votes of both rounds',
      p1: 'Policy, 40 iterations',
    };
    const again = ppo({}, { rewardId: 'reward-2', startId: 'p1' });
    expect(describeDifference(ppo(), again, (id) => names[id] ?? id)).toBe(
      'reward model Votes of round 1 → Votes of both rounds, first policy none → Policy, 40 iterations; else the same',
    );
  });

  it('tells a member of the family from plain PPO', () => {
    expect(describeDifference(ppo(), ppo(ppoVariant('ptx', 'tiny')))).toBe('corpus mixed in 0 → 1; else the same');
    expect(describeDifference(ppo(), ppo(ppoVariant('rloo', 'tiny')))).toMatch(/^advantages gae → rloo/);
  });

  it('names two methods first and compares what both have', () => {
    const bestOf: RunSpec = {
      kind: 'bestOf',
      seed: 2,
      config: tiny.bestOf,
      baseId: 'base-1',
      rewardId: 'reward-1',
      rater: { name: 'happy' },
    };
    expect(describeDifference(ppo(), bestOf)).toBe('PPO → best of N, seed 1 → 2');
  });
});
