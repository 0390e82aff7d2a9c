import { describe, expect, it } from 'vitest';
import { runLabel, sweepSentence } from '../../src/lessons/sweep/sweepSentence';
import type { SweepRecord, SweepRun } from '../../src/store/sweep/sweepState';

const run = (value: number, score: number, gold: number | null, kl: number): SweepRun => ({
  value,
  totalSteps: 3,
  status: 'done',
  message: '',
  history: [1, 2, 3].map((step) => ({
    step,
    elapsedMs: step,
    values: { 'objective/scores': score, 'objective/klExact': kl, ...(gold !== null && { 'gold/score': gold }) },
  })),
});
const record = (runs: SweepRun[], sweepId: SweepRecord['sweepId'] = 'ppoBeta'): SweepRecord => ({
  sweepId,
  seed: 1,
  status: 'done',
  runs,
});

describe('the sentence of a sweep', () => {
  it('tells the numbers of its own runs, and which went farthest and has the most gold', () => {
    expect(sweepSentence(record([run(0.03, 2, -0.4, 21), run(0.1, 1.5, 0.9, 5), run(0.5, 0.4, 0.3, 0.8)]))).toBe(
      'β = 0.03: score +2.00, gold −0.40 at 21.00 nats; β = 0.1: score +1.50, gold +0.90 at 5.00 nats; β = 0.5: score +0.40, gold +0.30 at 0.80 nats. β = 0.03 went farthest; β = 0.1 has the most gold.',
    );
  });

  it('claims nothing where numbers are written the same, and names no gold on own text', () => {
    const same = sweepSentence(record([run(1, 1, null, 2.001), run(4, 1, null, 2.002)], 'epochs'));
    expect(same).toBe(
      'epochs = 1: score +1.00 at 2.00 nats; epochs = 4: score +1.00 at 2.00 nats. Nothing tells them apart here; longer runs may.',
    );
  });

  it('compares only runs that came to their end, and says how far the others came and why', () => {
    const halted: SweepRun = { ...run(10, 3, 0, 160), status: 'failed', message: 'Too far from the reference.' };
    const cut: SweepRun = { ...run(1, 3, 0, 160), status: 'begun' };
    expect(sweepSentence(record([run(0.1, 1, 0, 2), cut, halted], 'rewardTimes'))).toBe(
      'reward × 0.1: score +1.00, gold 0.00 at 2.00 nats. reward × 1 ended at iteration 3. reward × 10 ended at iteration 3: Too far from the reference.',
    );
  });

  it('says of a run of which nothing was measured that nothing was, and compares it with none', () => {
    const bare = (value: number): SweepRun => ({ ...run(value, 0, 0, 0), history: [] });
    expect(sweepSentence(record([bare(0.1), bare(0.5)]))).toBe(
      'β = 0.1: nothing was measured; β = 0.5: nothing was measured.',
    );
    const values = { 'objective/klExact': 2 };
    const far: SweepRun = { ...run(0.1, 0, 0, 0), history: [{ step: 1, elapsedMs: 1, values }] };
    expect(sweepSentence(record([far]))).toBe('β = 0.1: at 2.00 nats.');
  });

  it('counts votes for DPO', () => {
    const values = { 'rewards/accuracies': 0.75, 'gold/score': 0.5, 'axis/kl': 3 };
    const dpo: SweepRun = { ...run(0.1, 0, 0, 0), history: [{ step: 1, elapsedMs: 1, values }] };
    expect(sweepSentence(record([dpo], 'dpoBeta'))).toBe('β = 0.1: 75 % of votes followed, gold +0.50 at 3.00 nats.');
    expect(runLabel('rewardTimes', 10)).toBe('reward × 10');
  });
});
