import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { NO_TASTE } from '../../src/contract/ownTaste';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { GoldRater } from '../../src/ui/panels/Optimise/GoldRater';
import { phrasesIn, tasteSentence } from '../../src/ui/panels/OwnRater/words';
import { openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

const openText = (lab: Parameters<NonNullable<NonNullable<Parameters<typeof openStage>[1]>['before']>>[0]) =>
  lab
    .getState()
    .corpus.useText(new TextEncoder().encode('the sea was calm and the boat went out. '.repeat(30)), 'sea.txt');

describe('what is said of an own rater', () => {
  it('names its parts that have a say', () => {
    expect(tasteSentence(NO_TASTE)).toBeNull();
    expect(tasteSentence({ ...NO_TASTE, liked: ['shop', 'park', 'sea', 'hill', 'fair'] })).toBe(
      'It likes “shop”, “park”, “sea”, 2 more.',
    );
    const weights = { liked: 0, disliked: 1, length: 1, repetition: 1, ends: 1, pattern: -1 };
    expect(tasteSentence({ liked: ['shop'], disliked: ['rain'], length: 12, pattern: '\\d', weights })).toBe(
      'It dislikes “rain”; wants about 12 words; dislikes repetition; likes whole sentences at the end; dislikes what fits /\\d/.',
    );
  });

  it('reads a phrase a line, and says what it leaves out', () => {
    expect(phrasesIn(' the shop \n\nrain\nrain\n')).toEqual({ phrases: ['the shop', 'rain'], trouble: null });
    expect(phrasesIn(`a\n${'x'.repeat(201)}`)).toMatchObject({
      phrases: ['a'],
      trouble: expect.stringContaining('200'),
    });
    const many = Array.from({ length: 60 }, (_, i) => `p${i}`).join('\n');
    expect(phrasesIn(many).phrases).toHaveLength(50);
    expect(phrasesIn(many).trouble).toContain('50');
  });
});

describe('the own rater on own text', () => {
  it('is said in a dialog beside scored texts, votes when asked, and is gone through by keyboard', async () => {
    const { lab, client, user } = await openStage(<Compare />, { before: openText });
    const add = () => screen.getByRole('button', { name: 'Add simulated votes' }) as HTMLButtonElement;
    expect(add().disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Say what it likes' }));
    const dialog = await screen.findByRole('dialog', { name: 'Your own rater' });
    await waitFor(() => expect(within(dialog).getAllByRole('listitem')).toHaveLength(6));
    await expectAccessible(dialog);
    await user.type(within(dialog).getByLabelText('Liked words or phrases'), 'fox');
    await waitFor(() => expect(lab.getState().opinions.own.liked).toEqual(['fox']));
    await waitFor(() => expect(within(dialog).getAllByText(/^liked [+−]?\d/)).toHaveLength(6));
    // what is typed right before the dialog goes counts too
    await user.type(within(dialog).getByLabelText('Disliked words or phrases'), 'owl');
    await user.keyboard('{Escape}');
    expect(screen.getByText('It likes “fox”; dislikes “owl”.')).toBeTruthy();
    expect(add().disabled).toBe(false);
    await user.click(add());
    await waitFor(() => expect(lab.getState().opinions.all.length).toBeGreaterThan(0));
    const asked = client.calls.find(({ kind }) => kind === 'compare/simulate');
    expect(asked?.params).toMatchObject({ rater: { name: 'own', taste: { liked: ['fox'] } } });
  });

  it('is offered where gold is drawn, which comes with it', async () => {
    const { lab, user } = await openStage(<GoldRater />, { before: openText });
    await user.click(screen.getByRole('button', { name: 'Add a gold rater of your own' }));
    expect(await screen.findByRole('dialog', { name: 'Your own rater' })).toBeTruthy();
    act(() => lab.getState().opinions.setOwn({ ...NO_TASTE, liked: ['fox'] }));
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('button', { name: 'Gold: your own rater' })).toBeTruthy();
  });
});

describe('the own rater on stories', () => {
  it('is one of the raters, and keeps its taste while another is chosen', async () => {
    const { lab, user } = await openStage(<Compare />);
    await user.selectOptions(screen.getByLabelText('Rater'), 'your own rater');
    act(() => lab.getState().opinions.setOwn({ ...NO_TASTE, liked: ['fox'] }));
    expect(await screen.findByText('It likes “fox”.')).toBeTruthy();
    await user.selectOptions(screen.getByLabelText('Rater'), 'happy endings');
    expect(screen.queryByText('It likes “fox”.')).toBeNull();
    await user.selectOptions(screen.getByLabelText('Rater'), 'your own rater');
    expect(await screen.findByText('It likes “fox”.')).toBeTruthy();
  });
});
