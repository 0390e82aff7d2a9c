import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import { expectAccessible, renderLab } from './renderLab';

async function open(text = 'the fox found a warm lamp . they laughed') {
  const page = await renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      lab.getState().inspect.show(text);
      lab.getState().inspect.setTab('words');
    },
  });
  await waitFor(() => expect(answers().getAllByRole('listitem').length).toBeGreaterThan(3));
  return page;
}
const body = () => screen.getByRole('region', { name: 'Words' });
const answers = () => within(screen.getByRole('list', { name: 'Answers' }));

describe('the words of a model', () => {
  it('are a map with kinds, sums, neighbours and what is solved, and a table of the same', async () => {
    const { lab } = await open();
    const { view } = lab.getState().words;
    const kinds = within(screen.getByRole('list', { name: 'Kinds of words' })).getAllByRole('listitem');
    expect(kinds.map(({ textContent }) => textContent!.trim())).toContain('he, she, they');
    expect(body().textContent).toMatch(/Analogies solved.*of 1,/);
    expect(body().textContent).toMatch(/It fails on .+ : .+ = .+ : \? and answers/);
    expect(body().textContent).toMatch(/one vector for all its senses/);
    const table = within(body()).getByRole('table', { hidden: true });
    expect(within(table).getAllByRole('row', { hidden: true })).toHaveLength(view!.words.length + 1);
    await expectAccessible(body());
  });

  it('answers a ready question, and one of the visitor’s own, without the words asked with', async () => {
    const { user, lab } = await open();
    await user.click(screen.getByRole('button', { name: 'happy : sad = smiled : ?' }));
    await waitFor(() => expect(body().textContent).toMatch(/happy : sad = smiled : \? gives \w+ \(0\.\d\d\)/));
    await user.selectOptions(screen.getByRole('combobox', { name: 'plus c' }), 'sang');
    await waitFor(() => expect(lab.getState().words.answers?.question.base).toBe('sang'));
    expect(body().textContent).toMatch(/happy : sad = sang : \? gives/);
    for (const item of answers().getAllByRole('listitem')) expect(item.textContent).not.toMatch(/^(happy|sad|sang)0/);
    expect(screen.getByRole('button', { name: /= laughed : \?/ })).toBeDefined();
  });

  it('of a text that no grammar wrote are marked by nobody, and that is said', async () => {
    const { lab } = await open();
    const { words } = lab.getState();
    act(() => lab.setState({ words: { ...words, view: { ...words.view!, analogies: null, questions: [] } } }));
    expect(body().textContent).toMatch(/no grammar knows the answers/);
    expect(body().textContent).not.toMatch(/Analogies solved/);
  });

  it('finds a word by typing: Enter shows its neighbours; what is not there is said', async () => {
    const { user } = await open();
    const field = screen.getByRole('textbox', { name: 'Find a word' });
    await user.type(field, 'badg{Enter}');
    expect(screen.getByRole('list', { name: 'Neighbours of badger' })).toBeDefined();
    await user.type(field, 'zebra');
    expect(body().textContent).toMatch(/“zebra” is not on the map/);
  });

  it('shows words of no kind when all are asked for, and is there without a text', async () => {
    const { user, lab } = await open();
    await user.click(screen.getByRole('radio', { name: /^All \d+$/ }));
    await waitFor(() => expect(lab.getState().words.view!.kinds).toContain(null));
    lab.getState().inspect.setText('');
    await waitFor(() => expect(lab.getState().inspect.busy).toBe(false));
    expect(lab.getState().words.view!.words).toContain('the');
  });

  it('enlarges and shows the whole again, by buttons and by keys', async () => {
    const { user } = await open();
    const whole = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Fit' });
    expect(whole().disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Enlarge the map' }));
    expect(whole().disabled).toBe(false);
    screen.getByRole('button', { name: /^Map of the words/ }).focus();
    await user.keyboard('0');
    expect(whole().disabled).toBe(true);
    await user.keyboard('++-{ArrowLeft}');
    expect(whole().disabled).toBe(false);
  });

  it('of a model that learns are followed step by step, beside the curve of the share with chance', async () => {
    const page = await renderLab(<Inspect />, {
      prepare: async (lab, client) => {
        await lab.getState().corpus.generate();
        await lab.getState().runs.play('pretrain');
        await client.advance(3);
        lab.getState().inspect.show('the fox was sad .', 'pretrain');
        lab.getState().inspect.setTab('words');
      },
    });
    await waitFor(() => expect(page.lab.getState().words.view?.step).toBeGreaterThan(0));
    await act(async () => page.client.advance(400));
    const curve = await screen.findByRole('heading', { name: 'While pretraining' });
    expect(curve.closest('[data-card]')!.textContent).toMatch(/chance/);
    expect(body().textContent).toMatch(/of 1,211, \d+ steps/);
  });

  it('belong to one model: a stale answer is gone when another word is asked for', async () => {
    const { lab } = await open();
    const before = lab.getState().words.answers!;
    lab.getState().words.ask({ from: 'kind', to: 'cruel', base: 'hugged' });
    expect(lab.getState().words.answers).toBeNull();
    await waitFor(() => expect(lab.getState().words.answers?.question).not.toEqual(before.question));
    lab.getState().words.ask({ from: 'zebra', to: 'cruel', base: 'hugged' });
    await waitFor(() => expect(body().textContent).toMatch(/The model does not know “zebra”/));
  });
});
