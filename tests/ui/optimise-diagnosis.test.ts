import { describe, expect, it } from 'vitest';
import type { MetricPoint, RunStatus } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import { type DiagnosisInput, diagnose } from '../../src/ui/panels/Optimise/diagnosis';
import { findGoldPeak, smoothed } from '../../src/ui/panels/Optimise/goldPeak';

/** A run whose numbers follow the given functions of the iteration. */
function run(iterations: number, values: (step: number) => MetricValues): MetricPoint[] {
  return Array.from({ length: iterations }, (_, i) => ({ step: i + 1, elapsedMs: 600 * (i + 1), values: values(i + 1) }));
}
const input = (points: MetricPoint[], rest: Partial<DiagnosisInput> = {}): DiagnosisInput => ({
  ready: true,
  status: 'running' as RunStatus,
  points,
  klCoef: 0.1,
  totalSteps: 40,
  message: '',
  error: null,
  ...rest,
});

/** Climbs like a run that goes well: gold and reward together. */
const climbing = (step: number): MetricValues => ({
  'objective/scores': 1.6 * (1 - Math.exp(-step / 7)),
  'gold/score': -0.2 + 1.2 * (1 - Math.exp(-step / 7)),
  'objective/kl': 3 * (1 - Math.exp(-step / 7)),
  'completion/distinct': 0.95,
  'completion/grammatical': 0.97,
  'val/explained_var': 0.6,
});
/** Climbs until iteration 8, then gold falls while the reward model's score goes on. */
const hacked = (step: number): MetricValues => ({
  ...climbing(step),
  'objective/scores': 0.1 * step,
  'gold/score': step <= 8 ? 0.1 * step : 0.8 - 0.2 * (step - 8),
});

describe('the turning point of gold', () => {
  it('is found where gold was highest, once it clearly fell', () => {
    const peak = findGoldPeak(run(16, hacked));
    expect(peak?.step).toBeGreaterThanOrEqual(6);
    expect(peak?.step).toBeLessThanOrEqual(8);
    expect(peak?.fallen).toBeGreaterThan(0.8);
    expect(peak?.kl).toBeCloseTo(climbing(peak?.step ?? 0)['objective/kl'] ?? 0);
  });

  it('is not claimed while gold still climbs', () => {
    expect(findGoldPeak(run(20, climbing))).toBeNull();
  });

  it('is not claimed for one bad batch', () => {
    const points = run(12, (step) => ({ 'gold/score': step === 11 ? 0.1 : 0.8 }));
    expect(findGoldPeak(points)).toBeNull();
  });

  it('is not claimed where no gold rater exists', () => {
    expect(findGoldPeak(run(20, (step) => ({ 'objective/scores': step })))).toBeNull();
  });

  it('averages each value with its neighbours only', () => {
    expect(smoothed([0, 3, 6, 0], 1)).toEqual([1.5, 3, 3, 3]);
  });
});

describe('the sentence about a PPO run', () => {
  it('says what Train will do before the first iteration', () => {
    expect(diagnose(input([], { status: 'idle' })).headline).toBe('Ready.');
    expect(diagnose(input([], { status: 'idle', ready: false })).headline).toBe('Not yet.');
  });

  it('calls a climb healthy and names reward, gold and distance', () => {
    const { tone, text } = diagnose(input(run(20, climbing)));
    expect(tone).toBe('good');
    expect(text).toMatch(/^Score \+1\.51, gold \+0\.93 at 2\.83 nats; since the start \+1\.30 and \+0\.97\./);
  });

  it('says what to do next when a healthy run is done', () => {
    const { headline, text } = diagnose(input(run(40, climbing), { status: 'done' }));
    expect(headline).toBe('Done, and healthy.');
    expect(text).toMatch(/Compare/);
  });

  it('warns past the peak, with the iteration and what to do', () => {
    const { tone, headline, text } = diagnose(input(run(16, hacked)));
    expect(tone).toBe('warn');
    expect(headline).toBe('Past the peak.');
    expect(text).toMatch(/since iteration [678] while the reward model climbs.*Raise the KL coefficient/);
  });

  it('raises the KL alarm above 12 nats, but not in the first ten iterations', () => {
    const far = (step: number): MetricValues => ({ 'objective/kl': 20, 'objective/scores': step });
    expect(diagnose(input(run(8, far))).headline).not.toBe('KL alarm.');
    expect(diagnose(input(run(12, far))).headline).toBe('KL alarm.');
  });

  it('calls fewer than three in ten different completions a collapse, whatever else is true', () => {
    const points = run(16, (step) => ({ ...hacked(step), 'completion/distinct': 0.2 }));
    expect(diagnose(input(points))).toMatchObject({ tone: 'bad', headline: 'Mode collapse.' });
  });

  it('notices lost grammar after the early dip', () => {
    const broken = (step: number): MetricValues => ({ ...climbing(step), 'completion/grammatical': 0.3 });
    expect(diagnose(input(run(6, broken))).headline).toBe('Healthy.');
    expect(diagnose(input(run(14, broken))).headline).toBe('Losing its grammar.');
  });

  it('notices texts that run away in length, an update that hits the clip, and a judge that learned too little', () => {
    const longer = run(16, (step) => ({ ...climbing(step), 'gold/score': 0, 'completion/length': 10 + step }));
    expect(diagnose(input(longer))).toMatchObject({ tone: 'warn', headline: 'Longer and longer.' });
    const clipped = run(16, (step) => ({ ...climbing(step), 'policy/clipfrac_avg': 0.4 }));
    expect(diagnose(input(clipped)).text).toMatch(/40 % of the tokens.*Lower the learning rate/);
    expect(diagnose(input(run(16, climbing), { rewardAccuracy: 0.6 })).headline).toBe('The judge is too weak.');
    expect(diagnose(input(run(16, climbing), { rewardAccuracy: 0.9 })).headline).toBe('Healthy.');
  });

  it('explains a critic that foresees nothing yet', () => {
    const points = run(3, () => ({ 'objective/scores': 0.1, 'val/explained_var': -0.4 }));
    expect(diagnose(input(points))).toMatchObject({ tone: 'neutral', headline: 'Critic not yet useful.' });
  });

  it('says when a short leash holds the policy still', () => {
    const still = (): MetricValues => ({ 'objective/scores': 0.02, 'val/explained_var': 0.5, 'objective/kl': 0.1 });
    expect(diagnose(input(run(15, still), { klCoef: 0.5 })).text).toMatch(/lower the KL coefficient/);
    expect(diagnose(input(run(15, still), { klCoef: 0.1 })).text).toMatch(/higher learning rate/);
  });

  it('says that the leash is off, and never advises what is set', () => {
    const off = (status: RunStatus) => diagnose(input(run(40, climbing), { status, klCoef: 0 }));
    expect(off('running')).toMatchObject({ tone: 'warn', headline: 'The leash is off.' });
    expect(off('running').text).toMatch(/^KL coefficient 0: .*Watch gold/);
    expect(off('done').headline).toBe('Done, with the leash off.');
    expect(off('done').text).not.toMatch(/let go of the leash/);
  });

  it('goes by what a finished run ended with, not by where the slider went since', () => {
    const points = run(40, (step) => ({ ...climbing(step), 'objective/kl_coef': 0.1 }));
    const { headline, text } = diagnose(input(points, { status: 'done', klCoef: 0 }));
    expect(headline).toBe('Done, and healthy.');
    expect(text).not.toMatch(/KL coefficient 0/);
    const loose = run(40, (step) => ({ ...climbing(step), 'objective/kl_coef': 0 }));
    expect(diagnose(input(loose, { status: 'done', klCoef: 0.1 })).headline).toBe('Done, with the leash off.');
  });

  it('does not ask for more KL coefficient than the slider has', () => {
    expect(diagnose(input(run(16, hacked), { klCoef: 0.5 })).text).toMatch(/Lower the learning rate/);
  });

  it('is not healthy while gold falls and the score rises', () => {
    const apart = (step: number): MetricValues => ({ ...climbing(step), 'gold/score': 0.5 - 0.03 * step });
    const { tone, headline } = diagnose(input(run(10, apart)));
    expect(tone).toBe('warn');
    expect(headline).toBe('The score rises, gold does not.');
  });

  it('is not healthy with a critic that foresees nothing', () => {
    const blind = (step: number): MetricValues => ({ ...climbing(step), 'val/explained_var': -0.4 });
    const { tone, headline, text } = diagnose(input(run(40, blind), { status: 'done' }));
    expect(tone).toBe('neutral');
    expect(headline).toBe('Done.');
    expect(text).toMatch(/foresees less than a constant/);
  });

  it('says that a run is paused, and how to go on', () => {
    const { tone, headline, text } = diagnose(input(run(12, climbing), { status: 'paused' }));
    expect(tone).toBe('neutral');
    expect(headline).toBe('Paused at iteration 12 of 40.');
    expect(text).toMatch(/^Press Train to go on\. Healthy\./);
    expect(text).not.toMatch(/watch/);
  });

  it('tells a KL ceiling from a broken number', () => {
    const ceiling = { code: 'run/klCeiling', message: 'KL 160 is above the ceiling of 150.' };
    const broken = { code: 'run/nonFinite', message: 'loss/value_avg became NaN at iteration 7.' };
    expect(diagnose(input(run(9, hacked), { status: 'stopped', error: ceiling }))).toMatchObject({
      headline: 'Stopped at the KL ceiling.',
    });
    const sentence = diagnose(input(run(9, hacked), { status: 'failed', error: broken })).text;
    expect(sentence).toMatch(/^loss\/value_avg became NaN at iteration 7\..*lower the learning rate/);
  });
});
