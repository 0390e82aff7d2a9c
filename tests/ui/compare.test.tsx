import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { votesIn } from '../../src/contract/preferences';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { InLesson } from '../../src/ui/panels/LessonView';
import { saidOf } from '../helpers/plainVote';
import { castVotes, type OpenStage, openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

const votes = ({ lab }: OpenStage) => votesIn(lab.getState().opinions.all);
const sides = () =>
  ['Completion A', 'Completion B'].map(
    (name) => screen.getByRole('article', { name }).querySelector('span')?.textContent,
  );

describe('Compare', () => {
  it('shows the prompt, two completions and every answer by its name', async () => {
    const stage = await openStage(<Compare />);
    expect(screen.getByRole('heading', { level: 1, name: 'Compare' })).toBeTruthy();
    expect(screen.getByRole('article', { name: 'Completion A' })).toBeTruthy();
    expect(screen.getByRole('article', { name: 'Completion B' })).toBeTruthy();
    for (const name of ['A is better', 'B is better', 'Tie', 'Both bad', 'Skip', 'Undo'])
      expect(screen.getByRole('button', { name })).toBeTruthy();
    await expectAccessible(stage.container);
  });

  it('names no list and leads to no stage that a lesson leaves out', async () => {
    const view = { place: 'compare', show: ['pair', 'progress'], mark: null, held: null } as const;
    const stage = await openStage(
      <InLesson value={view}>
        <Compare />
      </InLesson>,
      { before: (lab, wait) => castVotes(lab, wait, 10, () => 'a') },
    );
    expect(screen.getByText(/\d of \d+ that choose a side/)).toBeTruthy();
    expect(stage.container.textContent).toContain('Kept until this window closes.');
    expect(stage.container.textContent).not.toMatch(/all votes|Go to Reward model/);
  });

  it('tells nothing about model, score or length before the vote', async () => {
    await openStage(<Compare />);
    const pair = screen.getByRole('article', { name: 'Completion A' }).parentElement?.parentElement;
    expect(pair?.textContent).not.toMatch(/shipped|tiny|score|word|token|[0-9]{2,}/i);
  });

  it.each([
    ['1', 'a'],
    ['{ArrowLeft}', 'a'],
    ['2', 'b'],
    ['{ArrowRight}', 'b'],
    ['{ArrowUp}', 'tie'],
    ['t', 'tie'],
    ['{ArrowDown}', 'bothBad'],
    ['b', 'bothBad'],
  ])('takes the key %s as the answer %s, wherever the focus is', async (key, choice) => {
    const stage = await openStage(<Compare />);
    const [a, b] = [stage.lab.getState().pairs.shown?.a, stage.lab.getState().pairs.shown?.b];
    const before = sides();
    stage.wait();
    screen.getByRole('button', { name: 'Skip' }).focus();
    await stage.user.keyboard(key);
    expect(votes(stage).map(saidOf)).toMatchObject([{ choice, a, b, source: 'human' }]);
    expect(sides()).not.toEqual(before);
  });

  it('stores which side each text stood on', async () => {
    const stage = await openStage(<Compare />);
    const shown = stage.lab.getState().pairs.shown;
    stage.wait();
    await stage.user.click(screen.getByRole('button', { name: 'B is better' }));
    expect(votes(stage).map(saidOf)).toMatchObject([
      { choice: 'b', swapped: shown?.swapped, a: shown?.a, b: shown?.b },
    ]);
  });

  it('leaves digits and letters to a field that is being typed in', async () => {
    const stage = await openStage(<Compare />);
    stage.wait();
    await stage.user.clear(screen.getByRole('spinbutton', { name: 'Votes' }));
    await stage.user.type(screen.getByRole('spinbutton', { name: 'Votes' }), '12');
    expect(votes(stage)).toHaveLength(0);
  });

  it('lets the arrow keys move the noise slider instead of voting', async () => {
    const stage = await openStage(<Compare />);
    stage.wait();
    screen.getByRole('slider', { name: 'Noise' }).focus();
    await stage.user.keyboard('{ArrowRight}');
    expect(votes(stage)).toHaveLength(0);
  });

  it('ignores a second press within 300 ms and a key that is held down', async () => {
    const stage = await openStage(<Compare />);
    stage.wait();
    await stage.user.keyboard('1');
    stage.wait(299);
    await stage.user.keyboard('1');
    expect(votes(stage)).toHaveLength(1);
    stage.wait();
    fireEvent.keyDown(document.body, { key: '1', code: 'Digit1', repeat: true });
    await act(async () => {});
    expect(votes(stage)).toHaveLength(1);
  });

  it('takes a vote back by key and by button, and shows its pair as it stood', async () => {
    const stage = await openStage(<Compare />);
    const first = sides();
    expect((screen.getByRole('button', { name: 'Undo' }) as HTMLButtonElement).disabled).toBe(true);
    for (const undo of ['u', '{Control>}z{/Control}']) {
      stage.wait();
      await stage.user.keyboard('1');
      expect(sides()).not.toEqual(first);
      await stage.user.keyboard(undo);
      expect(votes(stage)).toHaveLength(0);
      expect(sides()).toEqual(first);
    }
  });

  it('offers to undo in one line after each vote, never in a pile', async () => {
    const stage = await openStage(<Compare />);
    for (let i = 0; i < 3; i++) {
      stage.wait();
      await stage.user.keyboard('1');
    }
    expect(stage.lab.getState().notices.toasts.filter((toast) => toast.action?.kind === 'undo')).toHaveLength(1);
  });

  it('skips without storing anything', async () => {
    const stage = await openStage(<Compare />);
    const before = sides();
    await stage.user.keyboard('s');
    expect(sides()).not.toEqual(before);
    expect(votes(stage)).toHaveLength(0);
  });

  it('announces the next pair politely', async () => {
    const stage = await openStage(<Compare />);
    stage.wait();
    await stage.user.keyboard('1');
    const { shown } = stage.lab.getState().pairs;
    expect(
      screen.getAllByRole('status').some((region) => region.textContent?.includes(`Completion A: ${shown?.a}`)),
    ).toBe(true);
  });

  it('says how many votes are still missing, and leads on once there are enough', async () => {
    const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 40) });
    const usable = votes(stage).filter((vote) => vote.repeatOf === null).length;
    expect(usable).toBeGreaterThanOrEqual(24);
    expect(screen.getByText(/Enough for a good start/)).toBeTruthy();
    await stage.user.click(screen.getByRole('button', { name: 'Go to Reward model' }));
    expect(stage.lab.getState().view.stage).toBe('reward');
  });

  it('can train from eight votes on, and says what its bar counts and what more would help', async () => {
    const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 10) });
    const usable = votes(stage).filter((vote) => vote.repeatOf === null).length;
    expect(screen.getByText(`${usable} of 24 that choose a side`)).toBeTruthy();
    expect(screen.getByText(`You can train now; ${24 - usable} more make it better.`)).toBeTruthy();
    await stage.user.click(screen.getByRole('button', { name: 'Go to Reward model' }));
    expect(stage.lab.getState().view.stage).toBe('reward');
    expect(stage.lab.getState().notices.toasts).toEqual([]);
  });

  it('promises no storage where there is none', async () => {
    const stage = await openStage(<Compare />);
    act(() => stage.lab.setState((state) => ({ session: { ...state.session, storage: 'memory' } })));
    expect(screen.getByText(/^Kept until this window closes/)).toBeTruthy();
    stage.wait();
    await stage.user.keyboard('1');
    expect(stage.lab.getState().notices.toasts.at(-1)?.text).toBe('A is better: kept until this window closes.');
  });

  it('leads from the side card to the list of votes', async () => {
    const stage = await openStage(<Compare />);
    Element.prototype.scrollIntoView ??= () => {};
    await stage.user.click(screen.getByRole('button', { name: /^Look at all votes/ }));
    expect(document.activeElement?.contains(screen.getByRole('region', { name: 'All votes' }))).toBe(true);
  });

  it('keeps quiet about habits before ten votes, then names them with an interval', async () => {
    const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 9, () => 'a') });
    expect(screen.queryByText('Your habits')).toBeNull();
    stage.wait();
    await stage.user.keyboard('1');
    const card = within(screen.getByRole('heading', { name: 'Your habits' }).closest('section') as HTMLElement);
    expect(card.getByText('100 %').getAttribute('data-value')).toBe('1');
    expect(card.getByText(/clearly 72–100 %/)).toBeTruthy(); // Wilson: 10 of 10
    await expectAccessible(stage.container);
  });
});

describe('the simulated rater', () => {
  it('adds as many votes as asked for, counted apart from the visitor’s', async () => {
    const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 2) });
    await stage.user.selectOptions(screen.getByRole('combobox', { name: 'Rater' }), 'polite');
    await stage.user.clear(screen.getByRole('spinbutton', { name: 'Votes' }));
    await stage.user.type(screen.getByRole('spinbutton', { name: 'Votes' }), '25');
    await stage.user.click(screen.getByRole('button', { name: 'Add simulated votes' }));
    await waitFor(() => expect(screen.getByText('2 yours · 25 simulated · 0 imported')).toBeTruthy());
    expect(stage.client.calls.findLast((call) => call.kind === 'compare/simulate')?.params).toMatchObject({
      rater: { name: 'polite' },
      count: 25,
    });
  });

  it('starts at 300 votes and asks which animal only for an animal', async () => {
    const stage = await openStage(<Compare />);
    expect((screen.getByRole('spinbutton', { name: 'Votes' }) as HTMLInputElement).value).toBe('300');
    expect(screen.queryByRole('combobox', { name: 'Animal' })).toBeNull();
    await stage.user.selectOptions(screen.getByRole('combobox', { name: 'Rater' }), 'animal');
    await stage.user.selectOptions(screen.getByRole('combobox', { name: 'Animal' }), 'owl');
    expect(stage.lab.getState().opinions.rater).toEqual({ name: 'animal', animal: 'owl' });
  });

  it('is busy, and says so, while votes are written', async () => {
    const stage = await openStage(<Compare />);
    const release = stage.client.hold('compare/simulate');
    await stage.user.click(screen.getByRole('button', { name: 'Add simulated votes' }));
    expect(screen.getByRole('progressbar', { name: 'Writing and judging pairs' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Compare' }).getAttribute('aria-busy')).toBe('true');
    release();
    await waitFor(() => expect(screen.queryByRole('progressbar', { name: 'Writing and judging pairs' })).toBeNull());
  });
});

describe('what you seem to like', () => {
  it('says how many votes are missing below a dozen usable ones', async () => {
    await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 5) });
    expect(screen.getByText(/^7 more votes that choose a side, and the lab says/)).toBeTruthy();
  });

  it('shows weights with intervals, five examples and both counts, and can be vetoed part by part or altogether', async () => {
    const stage = await openStage(<Compare />, {
      before: async (lab, wait) => {
        await castVotes(lab, wait, 15);
        await lab.getState().taste.infer();
      },
    });
    const review = within(
      screen.getByRole('heading', { name: 'The rule behind your votes' }).closest('section') as HTMLElement,
    );
    expect(review.getAllByText(/95 % interval/).length).toBeGreaterThan(2);
    expect(review.getAllByText('preferred:')).toHaveLength(5);
    expect(review.getByText(/^\d+ yours \+ 600 by your rule\.$/)).toBeTruthy();

    await stage.user.click(review.getByRole('checkbox', { name: 'longer text' }));
    expect(stage.lab.getState().taste.vetoed).toEqual(['length']);
    expect(stage.client.calls.findLast((call) => call.kind === 'taste/infer')?.params).toMatchObject({
      vetoed: ['length'],
    });

    await stage.user.click(review.getByRole('switch', { name: 'The rule labels 600 more pairs' }));
    expect(stage.lab.getState().taste.useRule).toBe(false);
    expect(review.getByText(/^\d+ yours\.$/)).toBeTruthy();
    await expectAccessible(stage.container);
  });

  it('is fitted again after every vote once it stands', async () => {
    const stage = await openStage(<Compare />, {
      before: async (lab, wait) => {
        await castVotes(lab, wait, 15);
        await lab.getState().taste.infer();
      },
    });
    const fits = () => stage.client.calls.filter((call) => call.kind === 'taste/infer').length;
    const before = fits();
    stage.wait();
    await stage.user.keyboard('1');
    expect(screen.getByText('being fitted to the newest votes…')).toBeTruthy();
    await waitFor(() => expect(fits()).toBe(before + 1), { timeout: 3000 });
    await waitFor(() => expect(screen.getByText(/^from \d+ of yours$/)).toBeTruthy());
  });

  it('says whose votes they are when some are imported', async () => {
    const line = (i: number) =>
      JSON.stringify({ prompt: 'the fox .', chosen: `it ${'sang and '.repeat(i)}sang .`, rejected: 'it cried .' });
    const text = Array.from({ length: 12 }, (_, i) => line(i)).join('\n');
    await openStage(<Compare />, {
      before: async (lab) => {
        await lab.getState().opinions.importFile(new TextEncoder().encode(text), 'votes.jsonl');
        await lab.getState().taste.infer();
      },
    });
    expect(screen.getByRole('heading', { name: 'The imported votes seem to like' })).toBeTruthy();
    expect(screen.getByText('from 12 imported')).toBeTruthy();
    expect(screen.queryByText(/by your rule/)).toBeNull();
  });

  it('says of the visitor’s own text that it has no attributes', async () => {
    await openStage(<Compare />, {
      before: (lab) =>
        lab
          .getState()
          .corpus.useText(new TextEncoder().encode('the sea was calm and the boat went out. '.repeat(30)), 'sea.txt'),
    });
    expect(screen.getByText(/own text has no attributes to infer a rule from/)).toBeTruthy();
    expect(screen.getByText(/A rater of your own can vote, judge and pay/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add simulated votes' })).toHaveProperty('disabled', true);
  });
});

describe('the list of votes', () => {
  const file = (text: string) => new File([text], 'votes.jsonl', { type: 'application/jsonl' });
  const GOOD = JSON.stringify({ prompt: 'the fox .', chosen: 'it sang .', rejected: 'it cried .' });

  it('names who wrote and who chose only after the vote', async () => {
    const stage = await openStage(<Compare />);
    stage.wait(2500);
    await stage.user.keyboard('1');
    const list = within(screen.getByRole('region', { name: 'All votes' }));
    expect(list.getByText('yours · 2.5 s')).toBeTruthy();
    expect(list.getByText(/shipped/i)).toBeTruthy();
  });

  it('imports a good file at once, counted apart', async () => {
    const stage = await openStage(<Compare />);
    await stage.user.upload(screen.getByLabelText('Votes file'), file(`${GOOD}\n`));
    await waitFor(() => expect(screen.getAllByText('0 yours · 0 simulated · 1 imported').length).toBeGreaterThan(0));
  });

  it('keeps nothing of a file with a bad line until the visitor says so', async () => {
    const stage = await openStage(<Compare />);
    await stage.user.upload(screen.getByLabelText('Votes file'), file(`${GOOD}\nnonsense\n`));
    await waitFor(() => expect(stage.lab.getState().notices.notices[0]?.message).toContain('line 2'));
    expect(votes(stage)).toHaveLength(0);
    await act(() => stage.lab.getState().opinions.keepGoodLines());
    expect(votes(stage)).toHaveLength(1);
  });

  it('cuts long texts with an ellipsis', async () => {
    const stage = await openStage(<Compare />);
    const long = JSON.stringify({ prompt: 'the fox .', chosen: 'fox '.repeat(475), rejected: 'it cried .' });
    await stage.user.upload(screen.getByLabelText('Votes file'), file(long));
    await waitFor(() => expect(votes(stage)).toHaveLength(1));
    expect(screen.getByText(/(fox ){20,}.*…$/i).textContent?.length).toBeLessThan(250);
  });

  it('exports JSON Lines', async () => {
    const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 3) });
    await stage.user.click(screen.getByRole('button', { name: 'Export votes' }));
    await waitFor(() => expect(stage.files).toHaveLength(1));
    expect(stage.files[0]?.fileName).toMatch(/\.jsonl$/);
    expect(String(stage.files[0]?.content).trim().split('\n')).toHaveLength(3);
  });

  it('asks which votes to clear and keeps the others', async () => {
    const stage = await openStage(<Compare />, {
      before: async (lab, wait) => {
        await castVotes(lab, wait, 2);
        await lab.getState().opinions.simulate(5);
      },
    });
    await stage.user.click(screen.getByRole('button', { name: 'Clear votes…' }));
    await stage.user.click(
      within(screen.getByRole('dialog', { name: 'Clear votes' })).getByRole('button', { name: 'Remove 5 simulated' }),
    );
    await waitFor(() => expect(votes(stage)).toHaveLength(2));
    expect(votes(stage).every((vote) => vote.source === 'human')).toBe(true);
  });
});

describe('Compare without anything to show', () => {
  it('leads to a model when there is none', async () => {
    const stage = await openStage(<Compare />, { model: false });
    await expectAccessible(stage.container);
    await stage.user.click(screen.getByRole('button', { name: 'Start with the trained model' }));
    await waitFor(() => expect(screen.getByRole('article', { name: 'Completion A' })).toBeTruthy());
  });

  it('keeps its place while a pair is being written', async () => {
    const stage = await openStage(<Compare />, {
      before: async (lab, _wait, client) => {
        client.hold('compare/pairs');
        for (let i = 0; i < 12; i++) void lab.getState().pairs.skip();
      },
    });
    expect((screen.getByRole('button', { name: 'A is better' }) as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByText('The next pair is being written.')).toBeTruthy();
    await expectAccessible(stage.container);
  });

  it('says why no pair could be written and tries again', async () => {
    let broken = true;
    const stage = await openStage(<Compare />, {
      before: async (lab, _wait, client) => {
        const call = client.call.bind(client);
        client.call = (kind, params) =>
          broken && kind === 'compare/pairs'
            ? Promise.reject(new Error('The thread is busy elsewhere.'))
            : call(kind, params);
        for (let i = 0; i < 20; i++) await lab.getState().pairs.skip();
      },
    });
    expect(screen.getByText('The thread is busy elsewhere.')).toBeTruthy();
    broken = false;
    await stage.user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.getByRole('article', { name: 'Completion A' })).toBeTruthy());
  });
});
