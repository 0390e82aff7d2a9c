import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import { TRUSTED } from '../../src/store/opinions/goldStanding';
import { dpoSentence } from '../../src/ui/panels/Optimise/dpoSentence';
import { type PpoFacts, ppoSentence } from '../../src/ui/panels/Optimise/ppoSentence';

/** A run whose numbers follow the given functions of the iteration. */
function run(iterations: number, values: (step: number) => MetricValues): MetricPoint[] {
  return Array.from({ length: iterations }, (_, i) => ({
    step: i + 1,
    elapsedMs: 600 * (i + 1),
    values: values(i + 1),
  }));
}
const facts = (points: MetricPoint[], rest: Partial<PpoFacts> = {}): PpoFacts => ({
  ready: true,
  status: 'running' as RunStatus,
  points,
  totalSteps: 40,
  message: '',
  error: null,
  rewardAccuracy: null,
  ...rest,
});
/** recorded by tests/scenario/record.ts */
const recorded = (name: string): MetricPoint[] =>
  (
    JSON.parse(readFileSync(`tests/fixtures/series/${name}.json`, 'utf8')) as {
      points: Omit<MetricPoint, 'elapsedMs'>[];
    }
  ).points.map((point) => ({ ...point, elapsedMs: 0 }));

/** Climbs like a run that goes well: gold and reward together. */
const climbing = (step: number): MetricValues => ({
  'objective/scores': 1.6 * (1 - Math.exp(-step / 7)),
  'gold/score': -0.2 + 1.2 * (1 - Math.exp(-step / 7)),
  'objective/kl': 3 * (1 - Math.exp(-step / 7)),
  'objective/klExact': 3 * (1 - Math.exp(-step / 7)),
  'objective/kl_coef': 0.1,
  'completion/distinct': 0.95,
  'completion/grammatical': 0.97,
  'val/explained_var': 0.6,
});

describe('the sentence about a PPO run', () => {
  it('says what Train will do before the first iteration', () => {
    expect(ppoSentence(facts([], { status: 'idle' })).headline).toBe('Ready.');
    expect(ppoSentence(facts([], { status: 'idle', ready: false })).headline).toBe('Not yet.');
  });

  it('calls a climb healthy, names reward, gold and distance, and turns no knob', () => {
    const { tone, headline, text, knob } = ppoSentence(facts(run(20, climbing)));
    expect([tone, headline, knob]).toEqual(['good', 'Healthy.', null]);
    expect(text).toMatch(/^Score \+1\.51, gold \+0\.93 at 2\.83 nats; since the start \+1\.30 and \+0\.97\./);
  });

  it('says whose taste gold is where the visitor votes by another, and neither blames the judge nor turns a knob by it', () => {
    const gold = {
      standing: 'anothers',
      rater: { name: 'happy' },
      whose: 'visitor',
      ranked: false,
      agree: 3,
      of: 24,
    } as const;
    const sadder = run(20, (step) => ({ ...climbing(step), 'gold/score': step < 6 ? 0.05 * step : 0.6 - 0.1 * step }));
    expect(ppoSentence(facts(sadder)).headline).toBe('Past the peak.');
    const { tone, text, knob } = ppoSentence(facts(sadder, { gold, status: 'done' }));
    expect([tone, knob]).toEqual(['good', null]);
    expect(text).toContain(
      'The gold rater (happy endings) sides with 3 of 24 of your votes (4–31 %): its gold is not your taste.',
    );
    expect(text).not.toMatch(/gamed|peak|KL coefficient$/);
    const unsure = ppoSentence(facts(sadder, { gold: { ...gold, standing: 'unknown', agree: 12 }, status: 'done' }));
    expect([unsure.tone, unsure.knob]).toEqual(['neutral', { stage: 'compare', label: 'Vote on more pairs' }]);
    expect(unsure.text).toContain('12 of 24 of your votes (31–69 %): it is not known whether it stands for you.');
  });

  it('says what to do next when a healthy run is done', () => {
    const { headline, text } = ppoSentence(facts(recorded('healthy'), { status: 'done' }));
    expect(headline).toBe('Done, and healthy.');
    expect(text).toMatch(/Compare, or let go of the leash/);
  });

  it('calls no short run healthy, and never lets go of its leash', () => {
    const short = run(3, (step) => ({
      'objective/scores': 0.03 * step,
      'objective/kl': 46 * (step - 1),
      'objective/klExact': 40 * (step - 1),
    }));
    const { tone, headline, text } = ppoSentence(facts(short, { status: 'done', totalSteps: 3 }));
    expect([tone, headline]).toEqual(['warn', 'Done, but too short to judge.']);
    expect(text).toContain('80.0 nats are over the KL alarm of 12.');
    expect(text).toMatch(/judged from iteration 11 on: reset and train for more iterations\.$/);
    expect(text).not.toMatch(/leash/);
    const fallen = run(5, (step) => ({
      ...climbing(step),
      'objective/scores': 0.58 - 0.3 * step,
      'gold/score': -0.1 * step,
    }));
    expect(ppoSentence(facts(fallen, { status: 'done' })).text).toContain(
      'Score and gold ended below where they began.',
    );
  });

  it('finds nothing wrong with a short run that climbs, and still does not call it healthy', () => {
    for (let steps = 1; steps <= 10; steps++) {
      const done = ppoSentence(facts(recorded('healthy').slice(0, steps), { status: 'done' }));
      expect([steps, done.tone, done.headline]).toEqual([steps, 'neutral', 'Done, but too short to judge.']);
      const running = ppoSentence(facts(recorded('healthy').slice(0, steps)));
      expect([steps, running.tone, running.headline]).toEqual([steps, 'neutral', 'Early.']);
      expect(running.text).toMatch(/Health is judged from iteration 11 on\. Nothing to do: watch\.$/);
    }
    expect(ppoSentence(facts(recorded('healthy').slice(0, 11))).headline).toBe('Healthy.');
  });

  it('tells the distance of a short run beside the leash that is off', () => {
    const loose = run(3, (step) => ({ 'objective/scores': 0, 'objective/kl': 30 * step, 'objective/kl_coef': 0 }));
    expect(ppoSentence(facts(loose, { status: 'done' }))).toMatchObject({
      headline: 'Done, but too short to judge.',
      text: expect.stringMatching(/90\.0 nats are over the KL alarm of 12\. The leash is off\./),
    });
  });

  it('says the worst first, with its advice and the knob', () => {
    expect(ppoSentence(facts(recorded('leashOff')))).toMatchObject({
      tone: 'bad',
      headline: 'Past the peak.',
      text: expect.stringMatching(/since iteration \d.*Raise the KL coefficient, or stop at the peak\.$/),
      knob: { control: 'ppo/klCoef' },
    });
    expect(ppoSentence(facts(recorded('hurried').slice(0, 4)))).toMatchObject({
      knob: { control: 'ppo/learningRate' },
    });
  });

  it('speaks of the target where β follows it, never of a coefficient that moves by itself', () => {
    const ceiling = { code: 'run/klCeiling', message: 'Too far.' };
    for (const name of readdirSync('tests/fixtures/series').map((file) => file.replace('.json', '')))
      for (const targetKl of [0.5, 200])
        for (const rest of [{}, { status: 'done' }, { status: 'stopped', error: ceiling }] as Partial<PpoFacts>[]) {
          const { text, knob } = ppoSentence(facts(recorded(name), { ...rest, targetKl }));
          expect([name, text]).toEqual([name, expect.not.stringMatching(/KL coefficient|leash/)]);
          expect(knob).not.toMatchObject({ control: 'ppo/klCoef' });
        }
    expect(ppoSentence(facts(recorded('leashOff'), { targetKl: 200 }))).toMatchObject({
      text: expect.stringMatching(/Lower the KL target: β follows it by itself, or stop at the peak\.$/),
      knob: { control: 'ppo/klTarget' },
    });
    expect(ppoSentence(facts(recorded('leashOff'), { targetKl: 0.5 })), 'β is on its way').toMatchObject({
      knob: { control: 'ppo/learningRate' },
    });
  });

  it('says that the leash is off beside what was measured, running and done', () => {
    const loose = run(20, (step) => ({ ...climbing(step), 'objective/kl_coef': 0 }));
    expect(ppoSentence(facts(loose))).toMatchObject({
      tone: 'neutral',
      headline: 'The leash is off.',
      text: expect.stringMatching(/^Score \+1\.51, .* KL coefficient 0: nothing holds/),
    });
    expect(ppoSentence(facts(loose, { status: 'done' })).headline).toBe('Done. The leash is off.');
  });

  it('sends nobody to vote, and speaks of no judge, where a rule alone pays', () => {
    const byRule = { byRule: true, payer: 'the rule', status: 'done' } as const;
    const well = ppoSentence(facts(run(16, climbing), byRule));
    expect(well.text).toMatch(/Read before and after, or let go of the leash/);
    const loose = run(20, (step) => ({ ...climbing(step), 'objective/kl_coef': 0 }));
    expect(ppoSentence(facts(loose, byRule)).text).toMatch(/pays for what it checks wherever the policy goes/);
    const doubtful = { ...byRule, gold: { ...TRUSTED, standing: 'unknown' } } as const;
    const fallen = [
      ppoSentence(facts(recorded('leashOff'), byRule)),
      ppoSentence(facts(recorded('leashOff'), doubtful)),
      well,
    ];
    for (const { text, knob } of fallen) {
      expect(text).not.toMatch(/vote|judge|gamed/i);
      expect(knob).not.toMatchObject({ stage: 'compare' });
    }
  });

  it('knows a judge that learned too little', () => {
    expect(ppoSentence(facts(run(16, climbing), { rewardAccuracy: 0.6 }))).toMatchObject({
      headline: 'The judge is too weak.',
      knob: { stage: 'compare' },
    });
    expect(ppoSentence(facts(run(16, climbing), { rewardAccuracy: 0.9 })).headline).toBe('Healthy.');
  });

  it('says of a pause among updates what a reload goes on from, before the first iteration is done too', () => {
    const message = 'Paused within optimisation; a reload goes on from iteration 11.';
    for (const points of [run(12, climbing), []])
      expect(ppoSentence(facts(points, { status: 'paused', message }))).toMatchObject({
        headline: message,
        text: 'Press Train to go on from here.',
      });
    const between = facts(run(12, climbing), { status: 'paused', message: 'Paused before optimisation.' });
    expect(ppoSentence(between).headline).toMatch(/^Paused at iteration/);
  });

  it('says that a run is paused, and how to go on', () => {
    const { tone, headline, text } = ppoSentence(facts(run(12, climbing), { status: 'paused' }));
    expect(tone).toBe('neutral');
    expect(headline).toBe('Paused at iteration 12 of 40.');
    expect(text).toMatch(/^Press Train to go on\. Healthy\./);
    expect(text).not.toMatch(/watch/);
  });

  it('tells a KL ceiling from a broken number, with the knob for each', () => {
    const ceiling = { code: 'run/klCeiling', message: 'KL 160 is above the ceiling of 150.' };
    const broken = { code: 'run/nonFinite', message: 'loss/value_avg became NaN at iteration 7.' };
    expect(ppoSentence(facts(recorded('leashOff'), { status: 'stopped', error: ceiling }))).toMatchObject({
      headline: 'Stopped at the KL ceiling.',
      knob: { control: 'ppo/klCoef' },
    });
    const { text, knob } = ppoSentence(facts(recorded('leashOff'), { status: 'failed', error: broken }));
    expect(text).toMatch(/^loss\/value_avg became NaN at iteration 7\..*lower the learning rate/);
    expect(knob).toMatchObject({ control: 'ppo/learningRate' });
  });
});

describe('the sentence about a DPO run', () => {
  const dpo = (points: MetricPoint[]) =>
    dpoSentence({ blocked: null, status: 'done', points, totalSteps: points.length, message: '', stale: false });

  it('calls the recorded usual run healthy and the overdose past its peak', () => {
    expect(dpo(recorded('dpoHealthy'))).toMatchObject({ tone: 'good', headline: 'Done, and healthy.', knob: null });
    expect(dpo(recorded('dpoOverdose'))).toMatchObject({
      tone: 'bad',
      headline: 'Past the peak.',
      knob: { control: 'dpo/beta' },
    });
  });

  it('does not judge a run that was looked at too seldom', () => {
    for (let looks = 1; looks < 4; looks++) {
      const points = recorded('dpoHealthy')
        .filter(({ values }) => values['axis/kl'] !== undefined)
        .slice(0, looks);
      expect([looks, dpo(points).headline]).toEqual([looks, 'Done, but too short to judge.']);
    }
  });

  it('calls texts that repeat themselves, and a score that fell, by their names', () => {
    const points = (last: MetricValues) =>
      run(6, (step) => ({
        'axis/kl': 0.5 * step,
        'axis/score': 0.2 * step,
        'completion/distinct2': 0.48,
        ...(step === 6 && last),
      }));
    expect(dpo(points({}))).toMatchObject({ tone: 'good', headline: 'Done, and healthy.' });
    const repeating = dpo(points({ 'completion/distinct2': 0.1 }));
    expect(repeating).toMatchObject({ tone: 'warn', headline: 'Done.' });
    expect(repeating.text).toContain('Distinct pairs fell from 0.48 to 0.10: it repeats itself.');
    const fallen = dpo(points({ 'axis/score': -5 }));
    expect([fallen.headline, fallen.text]).toEqual([
      'Done.',
      expect.stringContaining('The score ended below where it began.'),
    ]);
  });
});
