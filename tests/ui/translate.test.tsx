import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { translationOf } from '../../src/store/translate/translation';
import { InLesson } from '../../src/ui/panels/LessonView';
import { leftOut, pairsOf } from '../../src/ui/panels/Translate/leftOut';
import { Translate } from '../../src/ui/panels/Translate/Translate';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

async function opened(prepare?: Parameters<typeof renderLab>[1]): Promise<Rendered> {
  const rendered = await renderLab(<Translate />, prepare);
  await screen.findByRole('grid', { name: /^Cross-attention/ });
  return rendered;
}
const button = (name: string) => screen.getByRole('button', { name: new RegExp(`^${name}`) });
const press = (user: Rendered['user'], name: string) => user.click(button(name));
const bar = () => screen.getByRole('toolbar', { name: 'Transport' }).textContent;
const sentence = () => screen.getByRole('textbox', { name: 'Sentence' });
const metricOf = (id: string) => document.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
const rowsOf = (name: RegExp) =>
  within(screen.getByRole('grid', { name }))
    .getAllByRole('rowheader')
    .map((cell) => cell.textContent);

describe('the page Translate', () => {
  it('has its heading, buttons, fields and tabs by their names', async () => {
    const { container } = await opened();
    expect(screen.getByRole('heading', { level: 1, name: 'Translate' })).toBeTruthy();
    for (const name of ['Train', 'Step', 'Reset']) expect(button(name)).toBeTruthy();
    expect(screen.getByRole('radio', { name: 'Greedy' })).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Beam 4' }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Cross-attention' }).checked).toBe(true);
    expect(screen.getByRole('tab', { name: 'What a decoder alone leaves out' })).toBeTruthy();
    await expectAccessible(container);
  });

  it('says that it is untrained, then trains, pauses between two steps and goes on', async () => {
    const { user, client, lab } = await opened();
    expect(screen.getByText('Untrained.')).toBeTruthy();
    await press(user, 'Step');
    await waitFor(() => expect(bar()).toContain('step 1 of 500'));
    expect(metricOf('translator/loss')).toBe(
      String(translationOf(lab).getState().points[0]?.values['translator/loss']),
    );
    const release = client.hold('translate/advance');
    await press(user, 'Train');
    expect(screen.getByRole('region', { name: 'Translate' }).getAttribute('aria-busy')).toBe('true');
    await press(user, 'Pause');
    await act(async () => release());
    await waitFor(() => expect(bar()).toContain('step 11 of 500'));
    expect(button('Train').hasAttribute('disabled')).toBe(false);
    expect(screen.getByText('It found the word order.')).toBeTruthy();
  });

  it('keeps in a lesson what the cut costs for the question about it', async () => {
    const view = { place: 'translate', show: ['curves', 'sentence'], mark: null, held: null } as const;
    const { user } = await renderLab(
      <InLesson value={view}>
        <Translate />
      </InLesson>,
    );
    await press(user, 'Train');
    await waitFor(() => expect(bar()).toContain('step 500 of 500'));
    await waitFor(() => expect(metricOf('translator/exactMatch')).toBeTruthy());
    expect(metricOf('translator/exactMatchCut')).toBeUndefined();
    expect(screen.queryByText(/cross-attention cut/)).toBeNull();
    await user.keyboard('c');
    await waitFor(() => expect(metricOf('translator/exactMatchCut')).toBeTruthy());
  });

  it('trains to the end, with a curve beside the one of cross-attention cut, and asks before it begins again', async () => {
    const { user, lab } = await opened();
    await press(user, 'Train');
    await waitFor(() => expect(bar()).toContain('step 500 of 500'));
    const { points, status, reading } = translationOf(lab).getState();
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect([status, reading?.step]).toEqual(['done', 500]);
    expect(metricOf('translator/exactMatch')).toBe('1');
    expect(metricOf('translator/exactMatchCut')).toBe('0');
    await press(user, 'Train');
    await user.click(await screen.findByRole('button', { name: 'Train again' }));
    await waitFor(() => expect(translationOf(lab).getState().points.length).toBe(500));
  });

  it('begins again at step 0 with the seed of the lab', async () => {
    const { user, client, lab } = await opened();
    await press(user, 'Step');
    act(() => lab.getState().config.setSeed(7));
    await press(user, 'Reset');
    await waitFor(() => expect(bar()).toContain('step 0 of 500'));
    expect(bar()).toContain('seed 7');
    const created = client.calls.filter(({ kind }) => kind === 'translate/create');
    expect(created.map(({ params }) => (params as { seed: number }).seed)).toEqual([1, 7]);
  });

  it('translates what is typed, names unknown words and keeps the last picture meanwhile', async () => {
    const { user } = await opened();
    await user.clear(sentence());
    await user.type(sentence(), 'the shy owl won a shiny kite .{Enter}');
    await waitFor(() => expect(rowsOf(/^Cross/)).toEqual('ko kuva fupa na fizo filzo lusik .'.split(' ')));
    await user.clear(sentence());
    await user.type(sentence(), 'the dragon slept .{Enter}');
    expect(await screen.findByText('The stories do not have “dragon”.')).toBeTruthy();
    expect(rowsOf(/^Cross/)[1]).toBe('kuva');
    await user.clear(sentence());
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Type a sentence.')).toBeTruthy();
  });

  it('lists what the beam found with its log p, and underlines an ending that does not agree', async () => {
    const { user } = await opened();
    const found = screen.getByRole('columnheader', { name: 'log p' }).closest('table')!;
    expect(within(found).getAllByRole('row')).toHaveLength(4);
    expect(found.textContent).toContain('−4.12');
    expect([...found.querySelectorAll('u')].map((word) => word.textContent)).toEqual(['drema']);
    await user.click(screen.getByRole('radio', { name: 'Greedy' }));
    await waitFor(() => expect(screen.queryByText('−4.12')).toBeNull());
  });

  it('cuts cross-attention by C and by the box: ribbons go, the encoder takes the large place', async () => {
    const { user } = await opened();
    await press(user, 'Step');
    await user.keyboard('c');
    expect(await screen.findByText('It does not hear the sentence.')).toBeTruthy();
    expect(screen.queryByRole('grid', { name: /^Cross/ })).toBeNull();
    expect(screen.getByRole('grid', { name: /^Encoder/ })).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'Cross-attention' }));
    expect(await screen.findByRole('grid', { name: /^Cross/ })).toBeTruthy();
  });

  it('enlarges a kind of attention that is pressed, and walks its cells by arrow keys', async () => {
    const { user } = await opened();
    await user.click(button('Decoder'));
    const grid = screen.getByRole('grid', { name: /^Decoder/ });
    grid.focus();
    expect(screen.getByText('“ko” reads the beginning 1.00.')).toBeTruthy();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByText('“ko” cannot read “ko”: it is written later.')).toBeTruthy();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByText('“vulto” reads “ko” 0.80.')).toBeTruthy();
    await user.click(button('Cross-attention'));
    screen.getByRole('grid', { name: /^Cross/ }).focus();
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(screen.getByText(/^“vulto” reads “brave” .*; its true partner is “fox”\.$/)).toBeTruthy();
  });

  it('draws the head that is chosen in every picture, and finds back to the strongest', async () => {
    const { user, container } = await opened();
    await press(user, 'Step');
    await waitFor(() => expect(bar()).toContain('step 1 of'));
    expect(screen.getByText(/cross-attention, layer 2, head 1/)).toBeTruthy();
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Layer' }).value).toBe('1');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Layer' }), '1');
    expect(screen.getByText('“ko” reads “the” 0.80, its true partner.')).toBeTruthy();
    expect(screen.getByText(/cross-attention, layer 1, head 1/)).toBeTruthy();
    expect(screen.getAllByText(/0 of 5 content words read their true partner/)).not.toEqual([]);
    await user.click(button('Decoder'));
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Layer' }).value).toBe('0');
    await user.click(button('Cross-attention'));
    await expectAccessible(container);
    await user.click(button('Show the strongest head'));
    expect(await screen.findAllByText(/5 of 5 content words read their true partner/)).not.toEqual([]);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Head' }), '2');
    expect(screen.getByText(/cross-attention, layer 2, head 2/)).toBeTruthy();
  });

  it('has the same in a table: word, strongest, weight, partner, same or not', async () => {
    const { user } = await opened();
    await press(user, 'Step');
    await waitFor(() => expect(bar()).toContain('step 1 of'));
    await user.click(screen.getByText('As a table'));
    const table = screen.getByRole('columnheader', { name: 'true partner' }).closest('table')!;
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows[2]?.textContent).toBe('dremobrave0.80braveyes');
    expect(rows).toHaveLength(8);
  });

  it('shows what a decoder alone leaves out, counted on this model and this sentence', async () => {
    const { user, container } = await opened();
    await user.click(screen.getByRole('tab', { name: 'What a decoder alone leaves out' }));
    expect(screen.getByRole('heading', { name: 'Why it suffices' })).toBeTruthy();
    expect(screen.getByText(/28 of 164 cells here/)).toBeTruthy();
    expect(container.textContent).toContain('triangle of 136 cells');
    await expectAccessible(container);
  });

  it('says what went wrong, and begins again from Reset', async () => {
    const { user, client } = await opened();
    await press(user, 'Step');
    client.fail('translate/advance', new LabError('run/nonFinite', 'The loss is no number.'));
    await press(user, 'Step');
    expect(await screen.findByText('The loss is no number.')).toBeTruthy();
    expect(button('Train').hasAttribute('disabled')).toBe(true);
    await press(user, 'Reset');
    await waitFor(() => expect(button('Train').hasAttribute('disabled')).toBe(false));
    expect(bar()).toContain('step 0 of 500');
  });

  it('makes the translator by the next press where it could not be made', async () => {
    const { user } = await renderLab(<Translate />, {
      prepare: (_, client) => client.fail('translate/create', new Error('out of memory')),
    });
    expect(await screen.findByText('out of memory')).toBeTruthy();
    await press(user, 'Step');
    expect(await screen.findByRole('grid', { name: /^Cross/ })).toBeTruthy();
    await waitFor(() => expect(bar()).toContain('step 1 of 500'));
  });
});

describe('what a decoder alone leaves out', () => {
  it('is counted by hand: width 2, inner width 4, one block, five words', () => {
    const shape = { layers: 1, heads: 1, width: 2, mlpWidth: 4, parameters: 0, heldOut: 0, targetWords: 0 };
    // attention 4 matrices of 2·2, 4 biases of 2, a normalisation of 2·2: 28; MLP 2·4·2 + 4 + 2 and its 4: 26
    expect(leftOut({ ...shape, sourceWords: 5 })).toEqual({ encoder: 54, cross: 28, sourceWords: 10 });
  });

  it('is one word of the sentence reading a later one: three words and two written ones', () => {
    // 3·3 + 2·3 + 3 cells in three squares, 15 in a triangle of 5; above the diagonal of 3: 3
    expect(pairsOf(3, 2)).toEqual({ squares: 18, triangle: 15, lost: 3 });
  });
});
