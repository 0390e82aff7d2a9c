import { readFileSync } from 'node:fs';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { PpoBatch } from '../../src/contract/ppoBatch';
import { laterDeltas } from '../../src/ui/panels/InNumbers/gaeParts';
import { batchKl, bothPlaces, byHand, k3Of, klsOf, slopesOf, textKl } from '../../src/ui/panels/InNumbers/klRows';
import { loopOf, nextPlace, placeBefore } from '../../src/ui/panels/InNumbers/loop';
import { dotsOf, epochSentence, equalSentence, lossSentence, verdictOf } from '../../src/ui/panels/InNumbers/silenced';
import { tokenLines } from '../../src/ui/panels/InNumbers/tokenLines';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { ppoBatch } from '../helpers/fake/ppoBatch';
import type { GoldenFile } from '../helpers/golden';
import { expectAccessible, renderLab } from './renderLab';

const PPO = presetConfig('tiny').ppo;

afterEach(() => vi.useRealTimers());

describe('the lines of a token', () => {
  const words = (batch: PpoBatch, row: number, token: number, epoch = 1) =>
    Object.fromEntries(tokenLines(batch, { row, token, epoch }).map((line) => [line.name, [line.words, line.value]]));

  it('put the digits in that their results come from', () => {
    const batch = ppoBatch({ ...PPO, klCoef: 0.1, gamma: 1, lam: 0.5, clipRange: 0.2 });
    const lines = words(batch, 0, 0);
    expect(lines.kl).toEqual(['−1.000 − (−1.500)', 0.5]);
    expect(lines['reward r']![0]).toBe('−0.1 × 0.500');
    expect(lines['surprise δ']).toEqual(['−0.050 + 1 × 0.750 − 0.500', expect.closeTo(0.2, 6)]);
    expect(lines['advantage A']![0]).toMatch(/^0\.200 \+ 0\.5 × 0\.\d{3}, the next token’s$/);
    expect(lines['ratio ρ']).toEqual(['exp(−0.750 − (−1.000))', expect.closeTo(Math.exp(0.25), 6)]);
  });

  it('pay the score at the last token, after which nothing comes', () => {
    const lines = words(ppoBatch(PPO), 1, 2);
    expect(lines['reward r']![0]).toMatch(/ \+ \(−0\.500\), the score$/);
    expect(lines['value V']![0]).toMatch(/after the last token there is none/);
    expect(lines['advantage A']![0]).toBe('δ alone: nothing comes after');
  });

  it('show the estimator that was paid, and no price where KL is paid in the loss', () => {
    const lines = words(ppoBatch({ ...PPO, klEstimator: 'k3', klPlacement: 'loss' }), 0, 0);
    expect(lines.kl![0]).toBe('exp(−d) − 1 + d, with d = −1.000 − (−1.500)');
    expect(lines['reward r']![0]).toBe('0, as KL is paid in the loss');
    expect(words(ppoBatch({ ...PPO, klCoef: 0 }), 0, 0)['reward r']![0]).toBe('0, as β is 0');
  });

  it('say who pays, by which rule, and with which weights', () => {
    const score = (changes: Partial<typeof PPO>) => words(ppoBatch({ ...PPO, ...changes }), 0, 0).score![0];
    expect(score({})).toBe('of the text, by the reward model, paid at its end');
    expect(score({ rewardFrom: 'rule', rewardRule: 'ends' })).toContain('by the rule “ends by itself”');
    expect(score({ rewardFrom: 'mix', ruleWeight: 0.25 })).toMatch(/^0\.75 × the model’s \+ 0\.25 × the rule’s/);
    expect(score({ rewardScale: 10 })).toContain('by the reward model, times 10');
  });

  it('show what an adaptive β becomes, from the KL of the batch; a fixed one stays', () => {
    const config = { ...PPO, klControl: 'adaptive', klCoef: 0.1, klTarget: 4, klHorizon: 100 } as const;
    const texts = ppoBatch(config).rollouts.length;
    const next = (kl: number, value: number) =>
      words({ ...ppoBatch(config), adapted: { kl, next: value } }, 0, 0)['next β'];
    expect(next(4.4, 0.1002)).toEqual([
      `0.1 × (1 + 0.100 × ${texts} ÷ 100), as KL is 4.400 a text and 4 is wanted`,
      0.1002,
    ]);
    expect(next(1, 0.0996)![0]).toContain(`(1 + (−0.200) × ${texts} ÷ 100)`);
    expect(words(ppoBatch(PPO), 0, 0).β).toEqual(['fixed: it stays', PPO.klCoef]);
  });

  it('show the group in place of value and δ', () => {
    const batch = ppoBatch({ ...PPO, advantages: 'rloo', groupSize: 2 });
    const lines = words(batch, 0, 1);
    expect(Object.keys(lines)).not.toContain('value V');
    expect(Object.keys(lines)).not.toContain('surprise δ');
    expect(lines['advantage A']![0]).toMatch(/^1\.\d{3} − \(−0\.\d{3}\), the mean of the others$/);
    expect(words({ ...batch, config: { ...batch.config, advantages: 'grpo' } }, 0, 1)['advantage A']![0]).toMatch(
      / ÷ \(\d\.\d{3} \+ 0\.0001\)$/,
    );
  });

  it('divide by no 0 where nothing spreads', () => {
    const batch = ppoBatch(PPO);
    const alike = { ...batch, whitening: { mean: 0, spread: 1e-4 } };
    expect(words(alike, 0, 0).whitened![0]).toMatch(/ ÷ 1e-4$/);
  });
});

describe('the chain of GAE', () => {
  it('adds up to the advantage, what is far away put together', () => {
    const batch = ppoBatch({ ...PPO, gamma: 1, lam: 0.5 });
    const sum = (parts: { part: number }[]) => parts.reduce((all, { part }) => all + part, 0);
    const short = laterDeltas(batch, { row: 0, token: 1, epoch: 0 });
    expect(short.map(({ text }) => text)).toEqual(['laughed', '.', '<eos>']);
    expect(sum(short)).toBeCloseTo(batch.tokens.rawAdvantages[1]!, 5);
    const tdErrors = Float32Array.from({ length: 12 }, (_, i) => 1 + i);
    const tokens = Array.from({ length: 12 }, (_, i) => `w${i}`);
    const long = {
      ...batch,
      length: 12,
      rollouts: [{ prompt: 'p', tokens, score: 1 }],
      tokens: { ...batch.tokens, tdErrors },
    };
    const folded = laterDeltas(long, { row: 0, token: 0, epoch: 0 });
    expect(folded).toHaveLength(9);
    expect(folded.at(-1)).toMatchObject({ text: '4 later tokens together', delta: null });
    expect(sum(folded)).toBeCloseTo(
      tdErrors.reduce((all, delta, k) => all + delta * 0.5 ** k, 0),
      5,
    );
  });
});

describe('what the clip silences', () => {
  it('is said of a token with its reason, and of an epoch with its share', () => {
    const batch = ppoBatch({ ...PPO, clipRange: 0.2 });
    const dots = dotsOf(batch, 1);
    expect(dots).toHaveLength(7);
    const silenced = dots.filter((dot) => dot.silenced);
    for (const { ratio, advantage } of silenced) expect(advantage > 0 ? ratio > 1.2 : ratio < 0.8).toBe(true);
    expect(silenced.length).toBeGreaterThan(0);
    const { row, token, text } = silenced[0]!;
    const verdict = verdictOf(batch, { row, token, epoch: 1 }, dots);
    expect(verdict.lead).toBe('Silenced.');
    expect(verdict.words).toContain(`“${text}” is already`);
    expect(epochSentence(batch, 1, dots)).toMatch(/^Epoch 2: \d tokens? of 7 silenced/);
    expect(epochSentence(batch, 0, dotsOf(batch, 0))).toBe('Every ratio is 1: nothing can be clipped yet.');
    const free = ppoBatch({ ...PPO, clipRange: 0 });
    expect(epochSentence(free, 1, dots)).toMatch(/clip is off/);
  });

  it('says that a loss of 0 has a gradient that is not', () => {
    const batch = ppoBatch(PPO);
    expect(lossSentence(batch, 0)).toMatch(
      /^Mean loss of the policy 0\.000, length of the gradient 0\.750\. A loss of 0 is no/,
    );
    expect(
      lossSentence({ ...batch, epochs: [{ ...batch.epochs[0]!, updates: [{ loss: 0.3, gradNorm: 1 }] }] }, 0),
    ).not.toMatch(/no gradient/);
    const near = { ...batch, epochs: [{ ...batch.epochs[0]!, updates: [{ loss: -0.001, gradNorm: 0.4 }] }] };
    expect(lossSentence(near, 0), 'texts of a group differ in length').toMatch(/So small a loss is no small gradient/);
    const still = { ...batch, epochs: [{ ...batch.epochs[0]!, updates: [{ loss: 0, gradNorm: 0 }] }] };
    expect(lossSentence(still, 0)).toMatch(/length of the gradient 0\.000\.$/);
  });

  it('says what still moves the policy where all of a group earn the same', () => {
    const few = { ...ppoBatch({ ...PPO, advantages: 'grpo', entropyCoef: 0, groupSize: 1 }), equalShare: 0.5 };
    const rollouts = Array.from({ length: 12 }, () => few.rollouts[0]!);
    const batch = { ...few, rollouts, equalShare: 0.25 };
    expect(equalSentence(ppoBatch(PPO))).toBeNull();
    expect(equalSentence(few)).toMatch(/^1 of 2 groups have equal returns/);
    expect(equalSentence(batch)).toMatch(/^25 % of the groups.*no token is pushed/);
    const inLoss = { ...batch, config: { ...batch.config, klPlacement: 'loss' as const } };
    expect(equalSentence(inLoss)).toMatch(/moved by the KL in the loss alone/);
    const alike = { ...batch, equalShare: 0, rollouts: batch.rollouts.map((one) => ({ ...one, score: 1 })) };
    const of = (changes: Partial<typeof PPO>) =>
      equalSentence({ ...alike, config: { ...alike.config, groupSize: 2, klCoef: 0.1, ...changes } });
    expect(of({})).toMatch(/^In 6 of 6 groups all scores are equal: there −β·kl alone .* counts in full\.$/);
    expect(of({ advantages: 'rloo' })).toMatch(/which text did better\.$/);
    expect(of({ klCoef: 0 })).toMatch(/every group teaches/);
  });
});

describe('four ways to tell a distance', () => {
  it('are those of golden v, also where float32 would cancel', () => {
    const { cases } = JSON.parse(readFileSync('tests/fixtures/v_kl_by_hand.json', 'utf8')) as GoldenFile;
    for (const { inputs, outputs } of cases) {
      const ratios = (inputs.log_ratio ?? outputs.log_ratio ?? []) as number[];
      ratios.forEach((d, i) => {
        const golden = (outputs.k3 as number[])[i]!;
        expect(Math.abs(k3Of(d) - golden)).toBeLessThanOrEqual(1e-8 * golden + 1e-20);
      });
      if (inputs.what !== 'distribution') continue;
      const mean = (of: 'k1' | 'k3') =>
        ratios.reduce((sum, d, i) => sum + (inputs.policy as number[])[i]! * klsOf(d, 0)[of], 0);
      for (const of of ['k1', 'k3'] as const) expect(mean(of)).toBeCloseTo(outputs.kl as number, 9);
    }
    expect(k3Of(1e-6)).toBeGreaterThan(0);
  });

  it('add up over a text, and average over the batch', () => {
    const batch = ppoBatch(PPO);
    expect(textKl(batch, 0)).toMatchObject({ k1: 0.75, exact: 0.4375 });
    expect(textKl(batch, 1)).toMatchObject({ k1: -0.25, exact: 0.625 });
    expect(batchKl(batch)).toMatchObject({ k1: 0.25, exact: 0.53125 });
  });

  it('are a price in the reward, or a term of the loss by the policy as the epoch saw it', () => {
    const batch = ppoBatch({ ...PPO, klCoef: 0.1 });
    const [first, second] = [bothPlaces(batch, 0), bothPlaces(batch, 1)];
    expect(first.inReward).toBeCloseTo(-0.1 * 0.25, 9);
    expect(first.inLoss.k1).toBeCloseTo((0.1 * 0.5) / 7, 9);
    expect(second.inReward).toBe(first.inReward);
    expect(second.inLoss.k1).toBeCloseTo((0.1 * (0.5 + 0.3125 - 0.625)) / 7, 6);
    expect(second.inLoss.k3).toBeGreaterThan(0);
  });
});

describe('what an estimate of KL pulls at as a loss', () => {
  const { cases } = JSON.parse(readFileSync('tests/fixtures/v_kl_by_hand.json', 'utf8')) as GoldenFile;
  const two = cases.filter(({ inputs }) => (inputs.policy as number[] | undefined)?.length === 2);

  it.each(two.map((one) => [one.name, one] as const))('is that of golden v: %s', (_, { inputs, outputs }) => {
    const [policy, ref] = [inputs.policy, inputs.ref] as [number, number][];
    const hand = byHand(policy!, ref!);
    for (const kind of ['k1', 'k2', 'k3'] as const) {
      expect(hand[kind].mean).toBeCloseTo(outputs[`mean_${kind}`] as number, 9);
      expect(hand[kind].pull).toBeCloseTo((outputs[`expected_gradient_of_${kind}_as_loss`] as number[])[0]!, 9);
    }
  });

  it('is the slope of the estimate', () => {
    const h = 1e-5;
    for (const d of [-2, -0.3, 0.4, 3])
      for (const kind of ['k1', 'k2', 'k3'] as const)
        expect(slopesOf(d)[kind]).toBeCloseTo((klsOf(d + h, 0)[kind] - klsOf(d - h, 0)[kind]) / (2 * h), 5);
  });
});

describe('the loop', () => {
  it('goes through eight phases, and through the update once an epoch', () => {
    const places = [{ phase: 1, epoch: 0 }];
    for (let i = 0; i < 9; i++) places.push(nextPlace(places.at(-1)!, 2));
    expect(places.map(({ phase, epoch }) => `${phase}.${epoch}`).join(' ')).toBe(
      '1.0 2.0 3.0 4.0 5.0 6.0 7.0 7.1 8.1 1.0',
    );
    expect(placeBefore({ phase: 8, epoch: 1 }, 2)).toEqual({ phase: 7, epoch: 1 });
    expect(placeBefore({ phase: 7, epoch: 1 }, 2)).toEqual({ phase: 7, epoch: 0 });
  });

  it('says what the method of the settings does', () => {
    const code = (changes: Partial<typeof PPO>) =>
      loopOf({ ...PPO, ...changes })
        .flatMap(({ lines }) => lines.map((line) => line.code))
        .join('\n');
    expect(code({})).toMatch(/GAE\(r, V\), whitened/);
    expect(code({ advantages: 'grpo', klPlacement: 'loss', klEstimator: 'k3' })).toMatch(/÷ spread[\s\S]*\+ β·kl/);
    expect(code({ rewardFrom: 'rule' })).toMatch(/a rule pays/);
    expect(code({ rewardFrom: 'mix' })).toMatch(/reward model and rule pay/);
  });
});

describe('PPO in numbers', () => {
  const dialog = () => screen.getByRole('dialog', { name: 'PPO in numbers' });
  const choice = (name: string) => within(dialog()).getByRole<HTMLSelectElement>('combobox', { name });
  const lit = () =>
    within(dialog()).getByRole('list', { name: 'Pseudo-code' }).querySelector('[aria-current]')!.textContent;

  async function open(iterations = 1) {
    const page = await renderLab(<Optimise />, {
      prepare: async (lab, client) => {
        const { shelf, opinions, runs } = lab.getState();
        await shelf.loadShipped('tiny');
        await opinions.simulate(40);
        await runs.play('reward');
        client.advance(500);
        await waitFor(() => expect(lab.getState().shelf.slots.rewardId).not.toBeNull());
      },
    });
    await act(async () => page.lab.getState().runs.play('ppo'));
    await act(async () => page.client.advance(iterations));
    await page.user.click(screen.getByRole('button', { name: 'In numbers' }));
    await screen.findByRole('dialog', { name: 'PPO in numbers' });
    return page;
  }

  it('opens on the last batch and fills a line a quantity', async () => {
    await open();
    await waitFor(() => expect(choice('Rollout').options).toHaveLength(2));
    expect(within(dialog()).getByRole('heading', { name: 'PPO in numbers' })).toBeTruthy();
    expect([...choice('Token').options].map(({ text }) => text)).toEqual(['he', 'laughed', '.', '<eos>']);
    expect(choice('Epoch').options).toHaveLength(2);
    expect(dialog().querySelector('[data-line="log π"] [data-value]')!.getAttribute('data-value')).toBe('-1');
    expect(within(dialog()).getByRole('list', { name: 'Chain of GAE' }).children).toHaveLength(4);
    await expectAccessible(dialog());
  });

  it('lights one line of the loop at each step, and links its formulas', async () => {
    const { user } = await open();
    await waitFor(() => expect(lit()).toMatch(/^1/));
    const step = within(dialog()).getByRole('button', { name: 'Step' });
    for (let i = 0; i < 6; i++) await user.click(step);
    expect(lit()).toMatch(/^7/);
    expect(dialog().querySelectorAll('tr[data-lit]')).toHaveLength(4);
    const links = within(within(dialog()).getByRole('list', { name: 'Formulas of this phase' })).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toContain(
      '#/source/core/losses/ppoLoss.ts?symbol=policyLoss',
    );
    expect(choice('Epoch').value).toBe('0');
    await user.click(step);
    expect(choice('Epoch').value).toBe('1');
    fireEvent.keyDown(dialog(), { key: '.' });
    expect(lit()).toMatch(/^8/);
  });

  it('goes through tokens and texts by keys, and to a silenced token by its name', async () => {
    const { user } = await open();
    await waitFor(() => expect(choice('Token').value).toBe('0'));
    expect(document.activeElement?.tagName).toBe('DIV'); // Space would close it from its button
    fireEvent.keyDown(dialog(), { key: 'ArrowRight' });
    expect(choice('Token').value).toBe('1');
    fireEvent.keyDown(dialog(), { key: 'ArrowDown' });
    expect(choice('Rollout').value).toBe('1');
    fireEvent.keyDown(dialog(), { key: 'ArrowDown' });
    expect(choice('Rollout').value).toBe('1');
    await user.selectOptions(choice('Epoch'), '2 of 2');
    const silenced = within(dialog()).getByRole('list', { name: 'Silenced tokens' });
    await user.click(within(silenced).getAllByRole('button')[0]!);
    expect(dialog().textContent).toMatch(/Silenced\./);
  });

  it('follows the run, and keeps the place that is looked at', async () => {
    const { client } = await open();
    await waitFor(() => expect(dialog().textContent).toMatch(/iteration 1 · /));
    fireEvent.keyDown(dialog(), { key: 'ArrowRight' });
    await act(async () => client.advance(2));
    await waitFor(() => expect(dialog().textContent).toMatch(/iteration 3 · /));
    expect(choice('Token').value).toBe('1');
  });

  it('holds its numbers while the run goes on, when it is told to', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { client, user } = await open();
    await waitFor(() => expect(dialog().textContent).toMatch(/iteration 1 · /));
    await user.click(within(dialog()).getByRole('button', { name: 'Freeze' }));
    await act(async () => client.advance(2));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(dialog().textContent).toMatch(/iteration 1 · /);
    await user.click(within(dialog()).getByRole('button', { name: 'Freeze' }));
    await waitFor(() => expect(dialog().textContent).toMatch(/iteration 3 · /));
  });

  it('tells the price of distance in the reward and as a loss', async () => {
    await open();
    const table = await within(dialog()).findByRole('table', { name: /^By hand: π \(0\.9, 0\.1\)/ });
    expect(within(table).getAllByRole('row')).toHaveLength(5);
    expect(within(table).getByRole('row', { name: /^loss: β × k1/ }).textContent).toMatch(/0\.3680\.000nowhere/);
  });

  it('says what to do before the first iteration', async () => {
    await open(0);
    expect(dialog().textContent).toMatch(/The first iteration is under way/);
  });
});
