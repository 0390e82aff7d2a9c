import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CheckpointInfo } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { RewardReview } from '../../src/contract/observations';
import type { Ranking } from '../../src/contract/preferences';
import { counted, type Share } from '../../src/contract/shares';
import { storyVocabulary } from '../../src/core/text/wordTokenizer';
import { Accuracy } from '../../src/ui/panels/Reward/Accuracy';
import { Disagreements } from '../../src/ui/panels/Reward/Disagreements';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { readiness, timesInTen } from '../../src/ui/panels/Reward/readiness';
import { otherwise, plainVote } from '../helpers/plainVote';
import { metricShown } from '../helpers/shown';
import { castVotes, type OpenStage, openStage } from './compareHelpers';
import { expectAccessible, renderLab } from './renderLab';

const VOCABULARY = new Set(storyVocabulary());
const card = (name: string) => within(screen.getByRole('heading', { name }).closest('section') as HTMLElement);
const metric = (container: Element, id: string) =>
  container.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
const button = (name: string) => screen.getByRole('button', { name }) as HTMLButtonElement;

/** trained on 30 votes; `steps` of the fake's 100 */
async function openTrained(steps = 100): Promise<OpenStage> {
  const stage = await openStage(<Reward />, {
    before: async (lab, wait) => {
      await castVotes(lab, wait, 30);
      await lab.getState().opinions.simulate(20);
    },
  });
  await stage.user.click(button('Train'));
  await waitFor(() => expect(button('Pause')).toBeTruthy());
  await act(async () => stage.client.advance(steps));
  return stage;
}

describe('Reward model before training', () => {
  it('says how many votes are missing and leads to Compare', async () => {
    const stage = await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 3) });
    expect(screen.getByRole('heading', { level: 1, name: 'Reward model' })).toBeTruthy();
    expect(screen.getAllByText(/5 more votes that choose a side: it needs 8/).length).toBeGreaterThan(0);
    expect(button('Train').disabled).toBe(true);
    await expectAccessible(stage.container);
    await stage.user.click(button('Go to Compare'));
    expect(stage.lab.getState().view.stage).toBe('compare');
  });

  it('leads to a model when there is none', async () => {
    const stage = await openStage(<Reward />, { model: false });
    expect(screen.getByText('No model to start from')).toBeTruthy();
    await stage.user.click(button('Go to Start'));
    expect(stage.lab.getState().view.stage).toBe('start');
  });

  it('counts yours, simulated and rule-made pairs apart', async () => {
    await openStage(<Reward />, {
      before: async (lab, wait) => {
        await castVotes(lab, wait, 14);
        await lab.getState().opinions.simulate(300);
      },
    });
    expect(screen.getByText(/^It will learn from \d+ yours \+ 300 simulated \+ 600 by your rule\.$/)).toBeTruthy();
  });

  it('says what all weights of a large model take, proposes adapters, and is silent with them', async () => {
    const stage = await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 14) });
    const told = () =>
      /All 124.M weights of Shipped tiny would learn\. That takes 2\.3.GB/.test(stage.container.textContent ?? '');
    expect(told()).toBe(false);
    const enlarge = (one: CheckpointInfo) => ({ ...one, parameters: 124_439_808 });
    act(() => {
      const { shelf } = stage.lab.getState();
      stage.lab.setState({ shelf: { ...shelf, checkpoints: shelf.checkpoints.map(enlarge) } });
    });
    expect(told()).toBe(true);
    await expectAccessible(stage.container);
    await stage.user.click(button('Take adapters of rank 8'));
    expect(stage.lab.getState().config.value.reward.loraRank).toBe(8);
    expect(told()).toBe(false);
  });

  it('says which vote the model cannot learn from, and leads to Compare', async () => {
    const stage = await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 14) });
    stage.client.fail('run/create', new LabError('run/votes', 'Vote 3 of 14: the model does not know “tide”.'));
    await stage.user.click(button('Train'));
    expect((await screen.findAllByText(/Vote 3 of 14: the model does not know “tide”\./)).length).toBeGreaterThan(0);
    const [notice] = stage.lab.getState().notices.notices;
    expect(notice).toMatchObject({ tone: 'warning', actions: [{ kind: 'stage', stage: 'compare' }] });
  });

  it('explains the empty formula and what is to come', async () => {
    await openStage(<Reward />);
    expect(card('The mathematics').getByText(/ln 2 ≈ 0.69: guessing/)).toBeTruthy();
    expect(card('Where it disagrees with you').getByText(/will stand here/)).toBeTruthy();
  });

  it('says whether the rule is off by the visitor’s word or because nothing is clear', async () => {
    const { lab } = await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 30) });
    expect(await screen.findByRole('button', { name: 'examples, veto' })).toBeTruthy();
    act(() => lab.getState().taste.setUseRule(false));
    expect(screen.getByRole('button', { name: 'switched off: look again' })).toBeTruthy();
    act(() => lab.setState(({ taste }) => ({ taste: { ...taste, answered: false } })));
    expect(screen.getByRole('button', { name: 'off: nothing is clear' })).toBeTruthy();
  });
});

describe('training the reward model', () => {
  it('turns Train into Pause, is busy, and moves its numbers', async () => {
    const stage = await openTrained(10);
    expect(screen.getByRole('region', { name: 'Reward model' }).getAttribute('aria-busy')).toBe('true');
    const early = metricShown(stage.container, 'reward/accuracy');
    await act(async () => stage.client.advance(40));
    expect(metricShown(stage.container, 'reward/accuracy')).toBeGreaterThan(early);
    expect(metricShown(stage.container, 'reward/loss')).toBeLessThan(Math.LN2);
    await stage.user.click(button('Pause'));
    await waitFor(() => expect(button('Train')).toBeTruthy());
    expect(screen.getByText('Paused at step 50 of 100.')).toBeTruthy();
  });

  it('walks single steps and starts over', async () => {
    const stage = await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 12) });
    await stage.user.click(button('Step'));
    await waitFor(() => expect(stage.lab.getState().runs.reward.state?.step).toBe(1));
    await stage.user.click(button('Reset'));
    await waitFor(() => expect(stage.lab.getState().runs.reward.state?.step ?? 0).toBe(0));
  });

  it('fills the formula with the numbers of the last batch', async () => {
    await openTrained();
    const maths = card('The mathematics');
    expect(maths.getByText('0.90')).toBeTruthy();
    expect(maths.getByText('(−0.30)')).toBeTruthy();
    expect(maths.getByText('0.263')).toBeTruthy(); // −log σ(1.2)
    expect(maths.getByText(/σ\(1.20\) = 0.77: .* about 8 times in 10/)).toBeTruthy();
  });

  it('ends with a verdict, its interval, and what it learned from', async () => {
    const stage = await openTrained();
    expect(screen.getByText('Ready for PPO:')).toBeTruthy();
    expect(screen.getByText(/^Learned from \d+ yours \+ 20 simulated \+ 600 by your rule\.$/)).toBeTruthy();
    await expectAccessible(stage.container);
    await stage.user.click(button('Go to Optimise'));
    expect(stage.lab.getState().view.stage).toBe('optimise');
  });

  it('shows the margins of held-out or of training pairs', async () => {
    const stage = await openTrained();
    expect(screen.getByText(/of the pairs it never saw/)).toBeTruthy();
    await stage.user.click(button('Training · 80'));
    expect(screen.getByText(/of the pairs it learned from/)).toBeTruthy();
  });

  it('opens a vote it disagrees with, and scores both sides on request', async () => {
    const stage = await openTrained();
    const list = card('Where it disagrees with the votes'); // a simulated rater's
    const first = list.getAllByRole('button')[0] as HTMLElement;
    expect(first.getAttribute('aria-expanded')).toBe('false');
    await stage.user.click(first);
    expect(list.getByText(/It never saw this pair/)).toBeTruthy();
    await stage.user.click(list.getByRole('button', { name: 'Score the chosen one' }));
    const chosen = stage.lab.getState().runs.reward.review?.review.disagreements[0]?.chosen;
    expect((screen.getByRole('textbox', { name: 'Score a text' }) as HTMLTextAreaElement).value).toContain(chosen);
  });

  it('says on which scale its numbers are', async () => {
    const stage = await openTrained(12);
    expect(card('Margins').getByText(/scores before normalising/)).toBeTruthy();
    expect(card('The mathematics').getByText(/raw scores/)).toBeTruthy();
    await act(async () => stage.client.advance(100));
    expect(await card('Margins').findByText(/1 is one standard deviation/)).toBeTruthy();
  });

  it('says that it is paused, and how to go on', async () => {
    const stage = await openTrained(12);
    await stage.user.click(button('Pause'));
    expect(await screen.findByText('Paused at step 12 of 100.')).toBeTruthy();
    expect(screen.getByText(/Press Train to go on\. So far:/)).toBeTruthy();
  });

  it('says what stopped it', async () => {
    const stage = await openTrained(12);
    const { runId } = stage.lab.getState().runs.reward;
    await act(async () =>
      stage.client.failRun(runId as string, new LabError('run/nonFinite', 'reward/loss became NaN at step 12.')),
    );
    expect(screen.getByText('It stopped:')).toBeTruthy();
    expect(screen.getByText(/reward\/loss became NaN/)).toBeTruthy();
    expect(button('Back to the last good checkpoint')).toBeTruthy();
  });

  it('is out of date once there are new votes', async () => {
    const stage = await openTrained();
    await act(() => castVotes(stage.lab, stage.wait, 1));
    expect(screen.getByText('Out of date:')).toBeTruthy();
  });
});

describe('Score a text', () => {
  it('waits for a reward model', async () => {
    await openStage(<Reward />, { before: (lab, wait) => castVotes(lab, wait, 12) });
    expect(screen.getByText(/There is no reward model yet/)).toBeTruthy();
  });

  it('scores every keystroke, shades each word and names the unknown ones', async () => {
    const stage = await openTrained();
    await stage.user.type(screen.getByRole('textbox', { name: 'Score a text' }), 'it was glad and sang xyzzy');
    await waitFor(() => expect(screen.getByTitle(/^xyzzy: adds/)).toBeTruthy());
    expect(screen.getByText('Not in the vocabulary, so not read: “xyzzy”.')).toBeTruthy();
    expect(metricShown(stage.container, 'reward/score')).toBeLessThan(0); // does not parse
    await stage.user.clear(screen.getByRole('textbox', { name: 'Score a text' }));
    expect(metric(stage.container, 'reward/score')).toBeFalsy();
  });

  it('has no score for words it never learned', async () => {
    const stage = await openTrained();
    const box = screen.getByRole('textbox', { name: 'Score a text' });
    const known = (box as HTMLTextAreaElement).placeholder.split(' ');
    expect(known.filter((word) => !VOCABULARY.has(word))).toEqual([]);
    await stage.user.type(box, 'xyzzy plugh .');
    expect(await screen.findByText('None of these words is in the vocabulary: nothing to score.')).toBeTruthy();
    expect(metric(stage.container, 'reward/score')).toBeFalsy();
  });

  it('lets the last answer win', async () => {
    const stage = await openTrained();
    const box = screen.getByRole('textbox', { name: 'Score a text' });
    const release = stage.client.hold('reward/score');
    await stage.user.type(box, 'it was sad and cried .');
    await stage.user.clear(box);
    await stage.user.type(box, 'it was glad and sang all day .');
    release();
    await waitFor(() => expect(metric(stage.container, 'reward/score')).toBe('1'));
  });

  it('offers the texts of the last vote to start with', async () => {
    const stage = await openTrained();
    await stage.user.click(button('Try the text you chose last'));
    await waitFor(() => expect(metric(stage.container, 'reward/score')).toBeTruthy());
  });
});

describe('how it reads a text', () => {
  it('says what each pooling teaches, and keeps rates and steps one click away', async () => {
    const stage = await openStage(<Reward />);
    const pooling = screen.getByRole('combobox', { name: 'Pooling' });
    expect(screen.getByText(/healthy default/)).toBeTruthy();
    await stage.user.selectOptions(pooling, 'sum');
    expect(screen.getByText(/made for reward hacking/)).toBeTruthy();
    await stage.user.selectOptions(pooling, 'mean');
    expect(screen.getByText(/mode collapse/)).toBeTruthy();
    await stage.user.click(screen.getByRole('button', { name: /^All \d+ settings/ }));
    await stage.user.clear(screen.getByRole('spinbutton', { name: 'Steps' }));
    await stage.user.type(screen.getByRole('spinbutton', { name: 'Steps' }), '40');
    expect(stage.lab.getState().config.value.reward).toMatchObject({ pooling: 'mean', steps: 40 });
  });
});

const STORIES = { ownText: false, canVeto: true };
const OWN_TEXT = { ownText: true, canVeto: false };

describe('the verdict', () => {
  const review = (fields: Partial<RewardReview>): RewardReview => ({
    margins: [1, -1],
    heldOutMargins: [1, -0.5, 2],
    accuracy: 0.84,
    low: 0.74,
    high: 0.91,
    heldOutPairs: 68,
    pairs: { human: 24, simulated: 300, imported: 0, rule: 0 },
    disagreements: [],
    lengthShare: 0.02,
    example: null,
    ...fields,
  });

  it('says of which pairs there are no disagreements: those that somebody chose, not those that a rule labelled', async () => {
    const none = async (pairs: RewardReview['pairs']) => {
      const { container } = await renderLab(<Disagreements items={[]} review={review({ pairs })} verbatim={false} />);
      const text = container.textContent;
      cleanup();
      return text;
    };
    expect(await none({ human: 20, simulated: 4, imported: 0, rule: 600 })).toContain(
      'None: it sides with all 24 pairs that votes and rankings chose. The 600 pairs that your rule labelled do not count here.',
    );
    expect(await none({ human: 24, simulated: 0, imported: 0, rule: 0 })).not.toContain('rule');
    expect(await none({ human: 24, simulated: 0, imported: 0, rule: 600 })).toContain('disagrees with you');
    for (const others of [{ simulated: 4 }, { imported: 4 }])
      expect(await none({ human: 20, simulated: 0, imported: 0, rule: 0, ...others })).toContain(
        'disagrees with the votes',
      );
    expect(await none({ human: 0, simulated: 0, imported: 0, rule: 600 })).toMatch(
      /None of yours: all 600 pairs were labelled/,
    );
  });

  it('says whose choice a pair was that it would have made the other way: a vote, or two texts of a ranking', async () => {
    const [prompt, chosen, rejected] = ['the fox found a kite .', 'it was glad .', 'it moaned .'];
    const item = { prompt, chosen, rejected, margin: -1, heldOut: true };
    const ranking: Ranking = {
      rankingId: 'r',
      prompt,
      completions: [rejected, chosen, 'it slept .'],
      ranks: [3, 1, 2],
      strengths: null,
      source: 'human',
      rater: null,
      policyId: '',
      seconds: 7.25,
      at: 0,
    };
    const vote = plainVote(1, { prompt, a: chosen, b: rejected });
    const said = async (...opinions: Ranking[]) => {
      const view = <Disagreements items={[item]} review={review({ disagreements: [item] })} verbatim={false} />;
      const { user } = await renderLab(view, { prepare: (lab) => lab.getState().opinions.add(opinions) });
      await user.click(screen.getByRole('button', { name: /It was glad/ }));
      const text = screen.getByText(/It never saw this pair/).textContent;
      cleanup();
      return text?.split('. ')[0];
    };
    expect(await said(ranking)).toBe('Your ranking of 3, after 7.3 s');
    expect(await said({ ...ranking, source: 'simulated', rater: { name: 'happy' } })).toBe(
      'Simulated ranking of 3: happy endings',
    );
    expect(await said({ ...ranking, source: 'imported' })).toBe('Imported ranking of 3');
    expect(await said(ranking, vote)).toBe('Your vote, after 1.0 s');
    expect(await said(ranking, otherwise(vote, { choice: 'b' })), 'a vote for the other side').toBe(
      'Your ranking of 3, after 7.3 s',
    );
    expect(await said()).toBe('Chosen by a vote or a ranking that is not here any more');
  });

  it('is ready when held-out accuracy is clearly above guessing', () => {
    expect(readiness(review({}), STORIES, null)).toMatchObject({ tone: 'good', lead: 'Ready for PPO:' });
    expect(readiness(review({}), STORIES, null).text).toContain('0.84 on 68 held-out votes (95 %: 0.74–0.91)');
  });
  it('says when most pairs were labelled by the rule, where the voter’s own slips bound nothing', () => {
    const byRule = review({ pairs: { human: 24, simulated: 0, imported: 0, rule: 600 } });
    const { text } = readiness(byRule, STORIES, { share: 0.8, low: 0.5, high: 0.95, count: 5 });
    expect(text).toContain('68 held-out pairs, most of them labelled by your rule');
    expect(text).not.toContain('perfect judge');
  });
  it('compares it with a perfect judge only once repeats can be told from chance, and most pairs are the voter’s', () => {
    const repeats = (agreed: number, count: number) => counted(agreed, count);
    const yours = review({ accuracy: 0.86, pairs: { human: 300, simulated: 40, imported: 0, rule: 0 } });
    const said = 'About as often as a perfect judge of your votes would be.';
    expect(readiness(yours, STORIES, repeats(2, 3)).text).not.toContain('perfect judge');
    expect(readiness(yours, STORIES, repeats(3, 4)).text).toContain(said); // 0.75 of the repeats: 0.854 of the votes
    expect(readiness({ ...yours, accuracy: 0.84 }, STORIES, repeats(3, 4)).text).not.toContain('perfect judge');
    expect(readiness(review({ accuracy: 0.86 }), STORIES, repeats(3, 4)).text).not.toContain('perfect judge');
  });
  it('is too weak near guessing, and too flat when nothing is told apart', () => {
    expect(readiness(review({ accuracy: 0.58, low: 0.46 }), STORIES, null).lead).toBe('Too weak:');
    expect(readiness(review({ heldOutMargins: [0.02, -0.01] }), STORIES, null).lead).toBe('Too flat:');
  });
  it('proves nothing from a handful of pairs', () => {
    const few = readiness(review({ heldOutPairs: 4, accuracy: 0.75 }), STORIES, null);
    expect(few).toMatchObject({ tone: 'warn', lead: 'Hard to say.' });
    expect(few.text).toContain('Right about 3 of 4 held-out votes (30–95 %): so few pairs prove nothing.');
    expect(few.text).not.toContain('0.75');
  });
  it('says that nothing was measured when no pairs were held out, whatever the corpus', () => {
    for (const page of [STORIES, OWN_TEXT]) {
      const { lead, text } = readiness(
        review({ heldOutPairs: 0, heldOutMargins: [], accuracy: 0, low: 0, high: 1 }),
        page,
        null,
      );
      expect(lead).toBe('Not measured.');
      expect(text).toMatch(/^No pairs were held out, so nothing was measured/);
      expect(text).not.toMatch(/\d/);
    }
  });
  it('shows no margin of error beside an accuracy that was not measured, a count of few, a share of many', async () => {
    const history = [{ step: 1, elapsedMs: 0, values: { 'reward/accuracy': 0.5, 'reward/trainAccuracy': 1 } }];
    const shown = async (heldOutPairs: number, points = history) => {
      const measured = review({ heldOutPairs, accuracy: 0.5, low: 0, high: 1 });
      const { container } = await renderLab(
        <Accuracy history={points} review={measured} consistency={null} longer={counted(0, 0)} totalSteps={40} />,
      );
      expect(container.querySelector('[data-metric="reward/accuracy"]')?.getAttribute('data-value')).toBe(
        points.length > 0 ? '0.5' : '',
      );
      return { text: container.textContent, legend: within(container).queryByRole('figure')?.textContent };
    };
    const unmeasured = await shown(0, []);
    expect(unmeasured.text).toContain('no pairs held out');
    expect(unmeasured.text).not.toContain('±');
    const few = await shown(2);
    expect(few.text).toContain('1 of 2 (9–91 %)');
    expect(few.text).toContain('2 held out: too few for a curve');
    expect(few.text).not.toContain('±');
    expect(few.legend).not.toContain('held out');
    const many = await shown(10);
    expect(many.text).toContain('0.50 ± 0.50');
    expect(many.legend).toContain('held out');
  });
  it('says what the voter’s own slips leave a perfect judge, and calls chance chance', async () => {
    const hint = async (consistency: Share | null, pairs = { human: 60, simulated: 0, imported: 0, rule: 0 }) => {
      const { container } = await renderLab(
        <Accuracy
          history={[]}
          review={review({ pairs })}
          consistency={consistency}
          longer={counted(0, 0)}
          totalSteps={40}
        />,
      );
      return container.textContent;
    };
    expect(await hint(null)).toContain('Now and then Compare repeats a pair in secret');
    expect(await hint(counted(1, 1))).toContain('You agreed with yourself in 1 of 1 repeat (21–100 %). A few more');
    const some = await hint(counted(3, 4));
    expect(some).toContain('You agreed with yourself in 3 of 4 repeats (30–95 %).');
    expect(some).toContain('you choose what you mean in about 0.85 of votes (0.50–0.98)');
    expect(some).toContain('a perfect judge of you');
    expect(some).not.toMatch(/best any|0\.75/);
    expect(await hint(counted(2, 4))).toContain('no more than by chance');
    expect(await hint(counted(3, 4), { human: 20, simulated: 300, imported: 0, rule: 0 })).toContain(
      'whose slips are not yours',
    );
  });
  it('warns of length', () => {
    expect(readiness(review({ lengthShare: 0.09 }), STORIES, null).text).toContain(
      'Length explains 9 % of the score: watch it.',
    );
  });
  it('never calls a model of own text ready, and says how far to trust it', () => {
    expect(readiness(review({}), OWN_TEXT, null).text).toContain('learned from the votes alone');
    expect(readiness(review({ low: 0.45 }), OWN_TEXT, null).lead).toBe('Do not trust it yet:');
  });
  it('says odds in words', () => {
    expect([0.5, 0.81, 0.99, 0.01].map(timesInTen)).toEqual([
      'every other time',
      'about 8 times in 10',
      'almost every time',
      'almost never',
    ]);
  });
});
