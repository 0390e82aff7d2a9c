import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LESSON_PLACES } from '../../src/contract/lesson';
import { votesIn } from '../../src/contract/preferences';
import { gridLessonOf } from '../../src/store/gridworld/gridLesson';
import { guideOf, lessonLabOf } from '../../src/store/guide/guide';
import { chooses } from '../../src/store/opinions/counts';
import { recordedLesson } from '../lessons/recorded';
import { button, lesson, move, opened, progress } from './openedPage';
import { expectAccessible } from './renderLab';

describe('the page Lessons', () => {
  it('is led to by Teach and shows each lesson with its minutes, what it asks and what it measures', async () => {
    const { user, container } = await opened('#/start');
    await user.click(button('Teach'));
    await user.click(screen.getByRole('menuitem', { name: 'Lessons' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Lessons' })).toBeTruthy();
    const card = within(await screen.findByRole('article', { name: 'First taste' }));
    expect(card.getByText('Choose 12 times; a tiny writer bends to you.')).toBeTruthy();
    expect(screen.getByRole('article', { name: 'Reward hacking' })).toBeTruthy();
    await expectAccessible(container, 'page');
  });

  it('is walked by arrows, and Enter opens', async () => {
    const { user, lab } = await opened('#/lessons');
    const cards = await screen.findAllByRole('button', { name: 'Begin' });
    cards[0]!.focus();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(cards[1]);
    await user.keyboard('{ArrowLeft}{Enter}');
    await lesson();
    expect(lab.getState().guide.asked).toBe('firstTaste');
  });

  it('takes a teacher’s own lesson, and names a bad one by its line', async () => {
    const { user, lab } = await opened('#/lessons');
    const field = await screen.findByLabelText('Open a lesson file, file');
    const text = JSON.stringify(
      {
        format: 1,
        id: 'mine',
        language: 'en',
        title: 'My own',
        minutes: 1,
        steps: [{ id: 'a', place: 'start', text: { heading: 'h', body: 'b' } }],
      },
      null,
      1,
    );
    await user.upload(field, new File([text.replace('"start"', '"strat"')], 'mine.json', { type: 'application/json' }));
    expect((await screen.findByRole('alert')).textContent).toBe(
      `mine.json, line 10: there is no place “strat”. Did you mean start? Places are ${LESSON_PLACES.join(', ')}`,
    );
    expect(lab.getState().guide.own).toEqual({});
    await user.upload(field, new File([text], 'mine.json', { type: 'application/json' }));
    const card = within(await screen.findByRole('article', { name: 'My own' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(card.getByRole('button', { name: 'Begin' }));
    expect(await screen.findByRole('heading', { level: 2, name: 'h' })).toBeTruthy();
  });

  it('takes a translation as one more file, shows the lesson in it, and what it lacks in the first language', async () => {
    const { user } = await opened('#/lessons');
    const field = await screen.findByLabelText('Open a lesson file, file');
    const file = (texts: object) =>
      new File([JSON.stringify({ of: 'firstTaste', language: 'de', texts }, null, 1)], 'de.json', {
        type: 'application/json',
      });
    expect(screen.queryByRole('combobox', { name: 'Language' })).toBeNull();
    await user.upload(field, file({ 'judge.say': 'Er stimmte zu.' }));
    expect((await screen.findByRole('alert')).textContent).toBe(
      'de.json, line 5: {accuracy.end} and {heldOut.end} of the original are missing',
    );
    await user.upload(field, file({ title: 'Auf den Geschmack', 'writer.heading': 'Ohne Wunsch' }));
    const card = within(await screen.findByRole('article', { name: 'Auf den Geschmack' }));
    expect(card.getByText('Choose 12 times; a tiny writer bends to you.')).toBeTruthy();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Language' }), 'as written');
    expect(await screen.findByRole('article', { name: 'First taste' })).toBeTruthy();
  });

  it('says so where an address names no lesson', async () => {
    await opened('#/lesson/nothing');
    expect(await screen.findByText('There is no lesson “nothing”')).toBeTruthy();
    expect(button('All lessons')).toBeTruthy();
  });
});

describe('number keys', () => {
  const ask = { text: 'Which?', order: ['one', 'two'], answers: { one: 'The one', two: 'The other' } };
  const text = { heading: 'h', body: 'b' };
  const steps = [
    { id: 'vote', place: 'compare', text, done: { votes: 1 } },
    { id: 'guess', place: 'compare', text, ask, done: { votes: 2 } },
    { id: 'end', place: 'compare', text },
  ];
  const own = { mine: JSON.stringify({ format: 1, id: 'mine', language: 'en', minutes: 1, steps }) };

  it('vote where nothing is asked, answer where something is, and vote again once it was answered', async () => {
    const page = await opened('#/lessons');
    const { user, lab } = page;
    act(() => lab.getState().guide.put({ own, asked: 'mine' }));
    act(() => lab.getState().view.go('lesson'));
    expect(await screen.findByRole('article', { name: 'Completion A' })).toBeTruthy();
    const votes = () => lessonLabOf(lab)!.getState().opinions.all.length;
    await user.keyboard('1');
    await waitFor(() => expect(votes()).toBe(1));
    await user.keyboard('{PageDown}');
    expect(button(/^A is better/).disabled).toBe(true);
    expect(screen.getAllByText('Answer the question first.').length).toBeGreaterThan(0);
    await user.keyboard('2');
    expect(progress(page, 'mine').guesses).toEqual({ guess: 'two' });
    expect(votes()).toBe(1);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^The other/ }).checked).toBe(true);
    await user.keyboard('1');
    await waitFor(() => expect(votes()).toBe(2));
    await waitFor(() => expect(progress(page, 'mine').came).toHaveProperty('guess'));
  });
});

describe('a step shows of its place what it names, and nothing else', () => {
  const WHOLE: readonly [place: string, show: readonly string[], there: RegExp, gone: readonly RegExp[]][] = [
    [
      'data',
      ['samples', 'knob:happyShare'],
      /^Happy endings/,
      [/^Sad endings/, /^Stories by number/, /^Pretrain on it/],
    ],
    ['pretrain', ['loss'], /^Loss/, [/The same prompt, as it learns/, /^Settings$/]],
    ['pretrain', ['attention'], /^Attention/, [/^Where the time goes/, /^Settings$/]],
    ['pretrain', ['knob:layers'], /^Layers/, [/^Heads/, /^Loss$/, /^All settings/]],
    ['finetune', ['beforeAfter'], /^Before and after/, [/^Settings$/]],
    ['finetune', ['demonstrations'], /^Demonstrations/, [/^Held-out loss/, /^Before and after/]],
    ['reward', ['knob:pooling'], /^How it reads a text/, [/^Held-out accuracy/, /^How the charts are drawn/]],
    ['optimise/bestOf', ['samples'], /^Winner and losers/, [/^Score over N/, /^All \d+ settings/]],
    [
      'optimise/ppo',
      ['knob:earlyStopKl'],
      /^End epochs above step/,
      [/^KL coefficient/, /^Reward against distance/, /^All \d+ settings/],
    ],
    ['primer/cells', ['grid'], /^Where can the cat be/, [/^Slip$/, /^As a table$/, /^Next$/]],
    ['translate', ['sentence'], /^Type a sentence/, [/^What each new word reads/, /What a decoder alone leaves out/]],
  ];
  it.each(WHOLE)('%s: %s', async (place, show, there, gone) => {
    const { lab } = await opened('#/lessons');
    const steps = [{ id: 'a', place, show, text: { heading: 'Only this', body: 'b' } }];
    const own = { mine: JSON.stringify({ format: 1, id: 'mine', language: 'en', minutes: 1, steps }) };
    act(() => lab.getState().guide.put({ own, asked: 'mine' }));
    act(() => lab.getState().view.go('lesson'));
    expect((await screen.findAllByText(there)).length).toBeGreaterThan(0);
    const panel = screen.getByRole('region', { name: /^Lesson / });
    const stage = within(panel.lastElementChild as HTMLElement);
    expect(gone.filter((words) => stage.queryAllByText(words).length > 0)).toEqual([]);
    const lists = stage.queryAllByRole('tablist').map((list) => within(list).getAllByRole('tab').length);
    expect(lists, 'a choice of one is none').not.toContain(1);
  });
});

describe('a lesson of a teacher’s own', () => {
  const WHERE = [
    ['taste', 'Taste'],
    ['arena', 'Arena'],
    ['class', 'Class'],
    ['primer/return', 'Grid world'],
    ['inspect/arithmetic', 'Inspect'],
    ['inspect/before', 'Inspect'],
  ] as const;
  it.each(WHERE)('stands at %s', async (place, heading) => {
    const { lab, container } = await opened('#/lessons');
    const steps = [{ id: 'a', place, text: { heading: 'h', body: 'b' } }];
    const own = { mine: JSON.stringify({ format: 1, id: 'mine', language: 'en', minutes: 1, steps }) };
    act(() => lab.getState().guide.put({ own, asked: 'mine' }));
    act(() => lab.getState().view.go('lesson'));
    const panel = await lesson();
    await waitFor(() => {
      const stage = within(panel.lastElementChild as HTMLElement);
      expect(stage.getByRole('region', { name: heading })).toBeTruthy();
    });
    await expectAccessible(container);
  });
});

describe('a second step at the same place', () => {
  const begin = async (steps: readonly { id: string; place: string; show?: string[] }[]) => {
    const page = await opened('#/lessons');
    const told = steps.map((step) => ({ ...step, text: { heading: `Step ${step.id}`, body: 'b' } }));
    const own = { mine: JSON.stringify({ format: 1, id: 'mine', language: 'en', minutes: 1, steps: told }) };
    act(() => page.lab.getState().guide.put({ own, asked: 'mine' }));
    act(() => page.lab.getState().view.go('lesson'));
    await screen.findByRole('heading', { level: 2, name: `Step ${steps[0]!.id}` });
    await waitFor(() => expect(lessonLabOf(page.lab)).not.toBeNull());
    return { ...page, own: lessonLabOf(page.lab)! };
  };

  it('finds the head, the word and the text of Inspect as they were chosen', async () => {
    const { user, own } = await begin([
      { id: 'a', place: 'inspect/attention', show: ['text', 'attention'] },
      { id: 'b', place: 'inspect/attention', show: ['text', 'next'] },
      { id: 'c', place: 'inspect/layers' },
      { id: 'd', place: 'inspect/attention' },
    ]);
    const inspect = () => own.getState().inspect;
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Text' });
    await user.clear(field);
    await user.type(field, 'the fox was kind .');
    await waitFor(() => expect(inspect().text).toBe('the fox was kind .'));
    act(() => inspect().setHead(1, 1));
    act(() => inspect().setToken(2));
    await user.click(button('Next'));
    await screen.findByRole('heading', { level: 2, name: 'Step b' });
    expect(inspect()).toMatchObject({ tab: 'attention', layer: 1, head: 1, token: 2, text: 'the fox was kind .' });
    expect(screen.getByRole('textbox', { name: 'Text' }), 'the very field').toBe(field);
    await user.click(button('Next'));
    await screen.findByRole('heading', { level: 2, name: 'Step c' });
    await waitFor(() => expect(inspect().tab).toBe('layers'));
    await user.click(button('Next'));
    await screen.findByRole('heading', { level: 2, name: 'Step d' });
    await waitFor(() => expect(inspect().tab).toBe('attention'));
  });

  it('finds the cells of Grid world that are lit, and leads back whoever went elsewhere in it', async () => {
    const { user, own } = await begin([
      { id: 'a', place: 'primer/cells' },
      { id: 'b', place: 'primer/cells' },
      { id: 'c', place: 'primer/cells' },
    ]);
    const grid = () => gridLessonOf(own).getState();
    act(() => grid().light([[1, 1]] as never));
    await user.keyboard('{PageDown}');
    await screen.findByRole('heading', { level: 2, name: 'Step b' });
    expect(grid().lit).toEqual([[1, 1]]);
    act(() => grid().show('values'));
    await user.keyboard('{PageDown}');
    await screen.findByRole('heading', { level: 2, name: 'Step c' });
    expect(grid().part).toBe('cells');
  });

  it('shows the method that the next step speaks of, whichever was chosen before', async () => {
    const { user } = await begin([
      { id: 'a', place: 'optimise/ppo', show: ['method'] },
      { id: 'b', place: 'optimise/ppo', show: ['method'] },
      { id: 'c', place: 'optimise/dpo', show: ['method'] },
    ]);
    const tab = (name: string) => screen.findByRole('tab', { name });
    await user.click(await tab('Best of N'));
    await user.click(button('Next'));
    await screen.findByRole('heading', { level: 2, name: 'Step b' });
    expect((await tab('Best of N')).getAttribute('aria-selected')).toBe('true');
    await user.click(button('Next'));
    await screen.findByRole('heading', { level: 2, name: 'Step c' });
    expect((await tab('DPO')).getAttribute('aria-selected')).toBe('true');
  });
});

describe('First taste', () => {
  it('goes by keyboard from a look to twelve votes, and shows of the stage what its step names', async () => {
    const page = await opened('?lesson=firstTaste');
    const { user, lab, container } = page;
    await lesson();
    expect(await screen.findByRole('heading', { level: 2, name: 'A writer without a wish' })).toBeTruthy();
    expect(await screen.findByRole('article', { name: 'Completion A' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Add simulated votes' })).toBeNull();
    expect(button('Back').disabled).toBe(true);
    await expectAccessible(container);
    await user.keyboard('{PageDown}');
    expect(document.activeElement?.textContent).toBe('Choose 12 times');
    const next = () => button(/^(Next|Finish)/);
    expect(next().disabled).toBe(true);
    const own = lessonLabOf(lab)!;
    const given = () => votesIn(own.getState().opinions.all);
    for (let vote = 1; given().filter(chooses).length < 12; vote++) {
      expect(next().disabled).toBe(true);
      await user.keyboard(vote === 2 ? 't' : '1');
      await waitFor(() => expect(given()).toHaveLength(vote));
    }
    expect(given().some(({ repeatOf }) => repeatOf !== null)).toBe(true);
    await waitFor(() => expect(next().disabled).toBe(false));
    expect(lab.getState().opinions.all).toEqual([]);
    await user.keyboard('{PageDown}');
    expect(progress(page, 'firstTaste')).toMatchObject({ at: 'taste', kept: { 'choose/votes': 12 } });
    await user.keyboard('{PageUp}');
    expect(progress(page, 'firstTaste').at).toBe('choose');
  });

  it('lets nothing train before the answer, which then stays, and tells what came', async () => {
    const page = await opened('#/lesson/firstTaste');
    const { user, lab, clients } = page;
    await lesson();
    const { guide } = lab.getState();
    await waitFor(() => expect(guideOf(lab).getState().stage).toBe('ready'));
    act(() => guide.put({ progress: { firstTaste: { ...progress(page, 'firstTaste'), at: 'judge' } } }));
    await act(() => lessonLabOf(lab)!.getState().opinions.simulate(40));
    expect(await screen.findByRole('group', { name: /^On how many of the votes/ })).toBeTruthy();
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Train' })).disabled).toBe(true);
    expect(screen.getByText('Answer the question first.')).toBeTruthy();
    await user.keyboard('2');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^On most of them/ }).checked).toBe(true);
    await waitFor(() => expect(button('Train').disabled).toBe(false));
    await user.click(button('Train'));
    await move(clients.at(-1)!, () => progress(page, 'firstTaste').came.judge !== undefined);
    expect(progress(page, 'firstTaste').guesses).toEqual({ judge: 'most' });
    expect(await screen.findByText(/^(As you said|Not as you said|Your run did something else)\./)).toBeTruthy();
    expect(screen.queryByRole('radio')).toBeNull();
    expect(lab.getState().runs.reward.runId).toBeNull();
  });

  it('is left by Escape and waits on its card, with its guess', async () => {
    const page = await opened('#/lesson/firstTaste');
    const { user, lab } = page;
    await lesson();
    await waitFor(() => expect(guideOf(lab).getState().stage).toBe('ready'));
    act(() => lab.getState().guide.put({ progress: { firstTaste: { ...progress(page, 'firstTaste'), at: 'bend' } } }));
    await user.keyboard('1');
    await user.keyboard('{Escape}');
    const card = within(await screen.findByRole('article', { name: 'First taste' }));
    expect(card.getByText(/Your guess is kept: “It rises clearly”\./)).toBeTruthy();
    await waitFor(() => expect(lessonLabOf(lab)).toBeNull());
    await user.click(card.getByRole('button', { name: /^Go on, about 2 min/ }));
    expect(await screen.findByRole('heading', { level: 2, name: 'The writer bends' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Begin again' }));
    expect(await screen.findByRole('heading', { level: 2, name: 'A writer without a wish' })).toBeTruthy();
  });
});

describe('Reward hacking', () => {
  it('runs both, tells what came by their numbers, and keeps them for the table at the end', async () => {
    const page = await opened('#/lesson/rewardHacking');
    const { user, client, container, lab } = page;
    await lesson();
    await user.keyboard('{PageDown}');
    expect(screen.getByRole('heading', { level: 2, name: 'Let go of the leash' })).toBeTruthy();
    expect(screen.getByText('KL coefficient')).toBeTruthy();
    expect(button('Run both').disabled).toBe(true);
    await user.keyboard('2');
    await user.keyboard(' ');
    await screen.findByRole('button', { name: 'Pause lesson' });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^It stays/ }).disabled, 'something has moved').toBe(
      true,
    );
    await move(client, () => progress(page, 'rewardHacking').came.leashOff !== undefined);
    expect(await screen.findByText(/^(As you said|Not as you said)\./)).toBeTruthy();
    expect(screen.getByText(/^you said/)).toBeTruthy();
    expect(Object.keys(progress(page, 'rewardHacking').kept)).toEqual(
      expect.arrayContaining(['leashOff/gold.fork', 'leashOff/gold.end', 'leashOff/control.gold.end']),
    );
    await expectAccessible(container);
    act(() =>
      lab.getState().guide.put({ progress: { rewardHacking: { ...progress(page, 'rewardHacking'), at: 'homework' } } }),
    );
    await user.click(await screen.findByRole('button', { name: 'Finish' }));
    const table = within(screen.getByRole('table', { name: 'What you measured, seed 1' }));
    expect(table.getByText('Gold reward at the end, twin')).toBeTruthy();
    expect(screen.queryByText(/ min left$/), 'an end has nothing left').toBeNull();
    expect(document.querySelector('[data-metric="leashOff/gold.end"]')?.getAttribute('data-value')).toBe(
      String(progress(page, 'rewardHacking').kept['leashOff/gold.end']),
    );
    await user.click(button('All lessons'));
    expect(within(await screen.findByRole('article', { name: 'Reward hacking' })).getByText(/^✓ /)).toBeTruthy();
  });
});

describe('two runs that Break it once made with another seed', () => {
  it('are told with their seed, on the stage and in the table', async () => {
    const text = { heading: 'Let go', body: 'b' };
    const run = { set: { klCoef: 0 }, control: { klCoef: 0.1 } };
    const steps = [{ id: 'leash', place: 'optimise/ppo', text, run, keep: ['gold.end', 'seed'] }];
    const own = { mine: JSON.stringify({ format: 1, id: 'mine', language: 'en', minutes: 1, seed: 1, steps }) };
    const { user, lab } = await opened('#/lessons');
    const records = { 'mine/leash': { ...recordedLesson('leashOff'), lessonId: 'mine/leash', seed: 7 } };
    act(() => lab.setState((state) => ({ lesson: { ...state.lesson, records } })));
    act(() => lab.getState().guide.put({ own, asked: 'mine' }));
    act(() => lab.getState().view.go('lesson'));
    expect(await screen.findByText(/^These two runs are of seed 7, from Break it/)).toBeTruthy();
    await user.keyboard('{PageDown}');
    const table = await screen.findByRole('table', { name: 'What you measured, seed 1' });
    expect(within(table).getByText('Let go (seed 7)')).toBeTruthy();
    expect(table.querySelector('[data-metric="leash/seed"]')!.getAttribute('data-value')).toBe('7');
  });
});
