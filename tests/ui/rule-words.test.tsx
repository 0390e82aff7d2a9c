/**
 * One criterion for the switch of the rule, one wording: it goes on by itself at one standard error, and says what that
 * is worth.
 */
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { evidenceOf, saysSomething } from '../../src/contract/evidence';
import type { TasteResult, TasteWeight } from '../../src/contract/preferences';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { ruleWords } from '../../src/ui/panels/Compare/ruleWords';
import { WeightBars } from '../../src/ui/panels/Compare/WeightBars';
import { castVotes, openStage } from './compareHelpers';

const weight = (value: number, reach: number, vetoed = false): TasteWeight => ({
  attribute: `w${value}`,
  label: 'happy ending',
  weight: value,
  low: value - reach,
  high: value + reach,
  vetoed,
});
const fitted = (...weights: TasteWeight[]): TasteResult => ({
  kind: 'rule',
  rule: { usableVotes: 12, weights, agreement: 0.8, examples: [] },
});

describe('what there is for a rule', () => {
  it('is clear at a 95 % interval without 0, leaning beyond one standard error, else nothing; vetoed parts left out', () => {
    expect(evidenceOf(fitted(weight(-0.66, 0.6)))).toBe('clear');
    expect(evidenceOf(fitted(weight(-0.66, 0.7)))).toBe('leaning');
    expect(evidenceOf(fitted(weight(0.3, 0.7)))).toBe('none');
    expect(evidenceOf(fitted(weight(-0.66, 0.6, true), weight(0.3, 0.7)))).toBe('none');
    expect(evidenceOf(null)).toBe('none');
    for (const one of [weight(1, 0.5), weight(0.6, 1), weight(0.1, 1)])
      expect(saysSomething(fitted(one))).toBe(evidenceOf(fitted(one)) !== 'none');
  });

  it('is said with the state of the switch, and cautions wherever an interval covers 0', () => {
    const said = (evidence: 'clear' | 'leaning' | 'none', useRule: boolean, answered = false) =>
      ruleWords({ evidence, useRule, answered, ruleLabels: 600 });
    expect(said('clear', true)).toBe('On: the rule labels 600 more pairs.');
    expect(said('leaning', true)).toBe(
      'On, since a weight lies more than one standard error from 0: the rule labels 600 more pairs, though every 95 % interval still covers 0: it may be chance.',
    );
    expect(said('none', false)).toMatch(
      /^Off: the rule labels nothing until a weight lies more than one standard error from 0\./,
    );
    expect(said('none', true, true)).toMatch(/^On, as you chose: .*most likely chance\.$/);
    expect(said('clear', false, true)).toBe('Off, as you chose: the rule labels nothing.');
  });
});

describe('a weight below 0', () => {
  it('reads as dislike, one above as liking, a vetoed one as neither', () => {
    render(<WeightBars weights={[weight(-0.66, 0.6), weight(0.4, 0.6), weight(-0.2, 0.6, true)]} />);
    const [less, more, vetoed] = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(less).toMatch(/happy ending.*disliked −0\.66, 95 % interval −1\.26 to −0\.06/);
    expect(more).toMatch(/happy endingliked \+0\.40/);
    expect(vetoed).not.toMatch(/liked/);
  });
});

describe('the rule while it is off', () => {
  it('shows its five pairs as what it would do, not as what it does', async () => {
    await openStage(<Compare />, {
      before: async (lab, wait) => {
        await castVotes(lab, wait, 15);
        await lab.getState().taste.infer();
        lab.getState().taste.setUseRule(false);
      },
    });
    expect(screen.queryByRole('heading', { name: 'Five pairs it would label this way' })).toBeNull();
    expect(screen.getByRole('heading', { name: /^Off: it labels none/ })).toBeTruthy();
    expect(screen.getAllByText(/^Off, as you chose: the rule labels nothing\./).length).toBeGreaterThan(0);
  });
});
