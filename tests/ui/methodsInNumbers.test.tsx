import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { FORMULAS } from '../../src/contract/formulas';
import type { DpoBatch, DpoPairNumbers } from '../../src/contract/stepBatch';
import { loopOf } from '../../src/ui/panels/InNumbers/loop';
import {
  bestOfItems,
  dpoItems,
  fineTuneItems,
  methodLoop,
  rewardItems,
} from '../../src/ui/panels/InNumbers/methodItems';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { expectAccessible, renderLab } from './renderLab';

const DPO = presetConfig('tiny').dpo;
const pair: DpoPairNumbers = {
  prompt: 'p',
  chosen: 'a',
  rejected: 'b',
  policy: { chosen: -4, rejected: -6 },
  reference: { chosen: -5, rejected: -5 },
  lengths: { chosen: 2, rejected: 4 },
  loss: Math.log1p(Math.exp(-0.2)),
};
const dpo = (changes: Partial<DpoBatch['config']>): DpoBatch => ({
  kind: 'dpo',
  step: 1,
  config: { ...DPO, beta: 0.1, labelSmoothing: 0, loss: 'sigmoid', ...changes },
  pairs: [pair],
});
const linesOf = (items: ReturnType<typeof dpoItems>) =>
  Object.fromEntries(items[0]!.lines.map(({ name, words, value }) => [name, [words, value]]));

describe('the lines of a method', () => {
  it('lead from four logps to the loss of DPO', () => {
    const lines = linesOf(dpoItems(dpo({})));
    expect(lines['log-ratio, chosen']).toEqual(['−4.000 − (−5.000)', 1]);
    expect(lines.h).toEqual(['1.000 − (−1.000)', 2]);
    expect(lines['margin βh']).toEqual(['0.1 × 2.000', 0.2]);
    expect(lines.loss).toEqual(['−log σ(0.200)', pair.loss]);
    expect(linesOf(dpoItems(dpo({ loss: 'ipo' }))).loss![0]).toBe('(2.000 − 1 ÷ (2 × 0.1))²');
    expect(linesOf(dpoItems(dpo({ loss: 'ipoMean' }))).h).toEqual(['0.500 − (−0.250)', 0.75]);
    expect(linesOf(dpoItems(dpo({ loss: 'sigmoidMean' }))).h).toEqual(['0.500 − (−0.250)', 0.75]);
    expect(linesOf(dpoItems(dpo({ loss: 'hinge' }))).loss![0]).toBe('max(0, 1 − 0.200)');
    expect(linesOf(dpoItems(dpo({ loss: 'robust', labelSmoothing: 0.1 }))).loss![0]).toBe(
      '(0.9 × −log σ(0.200) − 0.1 × −log σ(−0.200)) ÷ (1 − 2 × 0.1)',
    );
    expect(linesOf(dpoItems(dpo({ labelSmoothing: 0.1 }))).loss![0]).toBe('0.9 × −log σ(0.200) + 0.1 × −log σ(−0.200)');
  });

  it('end at the loss of the batch, with the fine-tuning term of DPO', () => {
    expect(linesOf(dpoItems(dpo({})))['loss of the batch']).toEqual(['mean of 1 pair', pair.loss]);
    const lines = linesOf(dpoItems(dpo({ rpoAlpha: 0.5 })));
    expect(lines['surprise, chosen']).toEqual(['−(sum of log π, chosen) ÷ 2 tokens of all pairs', 2]);
    expect(lines['loss of the batch']).toEqual(['mean of 1 pair, 0.598, + 0.5 × 2.000', pair.loss + 1]);
  });

  it('count one token in the singular', () => {
    const [item] = dpoItems({
      ...dpo({ loss: 'ipoMean' }),
      pairs: [{ ...pair, lengths: { chosen: 1, rejected: 4 } }],
    });
    const words = item!.lines.map((line) => line.words);
    expect(words).toContain('(−4.000 − (−5.000)) ÷ 1 token');
    expect(words).toContain('(−6.000 − (−5.000)) ÷ 4 tokens');
  });

  it('average the pairs of a ranking, ties left out, margins in', () => {
    const comparison = {
      prompt: 'p',
      completions: ['a', 'b', 'c'],
      ranks: [1, 2, 2],
      depths: [0, 1, 1],
      scores: [2, 0, 1],
    };
    const lines = linesOf(rewardItems({ kind: 'reward', step: 1, comparisons: [comparison], loss: 0 }));
    const [far, near] = [Math.log1p(Math.exp(-1)), Math.log(2)];
    expect(lines['text 1 over 2']).toEqual(['−log σ(2.000 − 0.000 − 1)', expect.closeTo(far, 9)]);
    expect(lines['text 2 over 3']).toBeUndefined();
    expect(lines.loss).toEqual(['mean of 2 pairs', expect.closeTo((far + near) / 2, 9)]);
  });

  it('average the surprise of a demonstration over its tokens', () => {
    const texts = [{ prompt: 'p', tokens: ['he', 'he', '.'], logprobs: [-1, -2, -3] }];
    const lines = linesOf(fineTuneItems({ kind: 'finetune', step: 1, texts, loss: 2 }));
    expect(Object.keys(lines)).toHaveLength(5);
    expect(lines['loss of this text']![1]).toBe(2);
    expect(lines['loss of the batch']).toEqual(['−(sum of 3 log π) ÷ 3, all 1 text', 2]);
  });

  it('choose the highest of the first N samples', () => {
    const sample = (score: number) => ({ completion: `t${score}`, score, gold: null, grammatical: null, length: 1 });
    const [item] = bestOfItems([{ prompt: 'p', samples: [1, 3, 2, 9].map(sample) }], 3, presetConfig('tiny').bestOf);
    expect(item!.texts[0]!.text).toBe('t3');
    const lines = linesOf([item!]);
    expect(lines['highest score']).toEqual(['sample 2 of 3', 3]);
    expect(lines['distance at most']![1]).toBeCloseTo(Math.log(3) - 2 / 3, 12);
  });
});

describe('the loop of a method', () => {
  const { bestOf, ppo } = presetConfig('tiny');
  const loops = [
    ...(['finetune', 'reward', 'dpo', 'bestOf'] as const).map((kind) => methodLoop(kind, bestOf)),
    ...(['model', 'rule', 'mix'] as const).flatMap((rewardFrom) =>
      (['gae', 'rloo', 'grpo'] as const).map((advantages) => loopOf({ ...ppo, rewardFrom, advantages })),
    ),
  ];
  const lines = loops.flatMap((loop) => loop.flatMap((one) => one.lines));

  it('leads from every line to a paper', () => {
    const without = lines.filter(({ formula }) => FORMULAS[formula].papers.length === 0);
    expect(lines.length).toBeGreaterThan(60);
    expect(without.map(({ code }) => code)).toEqual([]);
    expect(FORMULAS.whitening.papers).not.toEqual([]);
  });
});

describe('a method in numbers', () => {
  async function open(tab: string) {
    const page = await renderLab(<Optimise />, {
      prepare: async (lab, client) => {
        const { shelf, opinions, runs } = lab.getState();
        await shelf.loadShipped('tiny');
        await opinions.simulate(40);
        await runs.play('reward');
        client.advance(500);
        await waitFor(() => expect(lab.getState().shelf.slots.rewardId).not.toBeNull());
        await runs.play('bestOf');
        client.advance(3);
      },
    });
    await page.user.click(screen.getByRole('tab', { name: tab }));
    await page.user.click(screen.getByRole('button', { name: 'In numbers' }));
    const dialog = await screen.findByRole('dialog', { name: `${tab} in numbers` });
    await waitFor(() => expect(dialog.textContent).not.toContain('In a moment')); // its numbers come after it
    return { ...page, dialog };
  }

  it('of best of N goes step by step through its samples', async () => {
    const { user, dialog } = await open('Best of N');
    expect(within(dialog).getByRole('heading', { name: 'Best of N in numbers' })).toBeTruthy();
    const lit = () =>
      within(dialog).getByRole('list', { name: 'Pseudo-code' }).querySelector('[aria-current]')!.textContent;
    expect(lit()).toMatch(/^1/);
    expect(document.activeElement?.tagName, 'keys mean the numbers').toBe('DIV');
    await user.click(within(dialog).getByRole('button', { name: 'Step' }));
    expect(lit()).toMatch(/^2.*argmax/);
    await act(async () => fireEvent.keyDown(dialog, { key: 'ArrowDown' }));
    expect(within(dialog).getByRole<HTMLSelectElement>('combobox', { name: 'Prompt' }).value).toBe('1');
    await expectAccessible(dialog);
  });

  it('of DPO says what to do before the first step', async () => {
    const { dialog } = await open('DPO');
    expect(dialog.textContent).toMatch(/After one step what it was made from is here/);
    expect(within(dialog).getByRole('button', { name: 'Start training' })).toBeTruthy();
  });
});
