import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AttentionMaps } from '../../src/contract/observations';
import { App } from '../../src/ui/App';
import {
  cellSentence,
  clampHead,
  headWeights,
  strongestColumn,
  tellingRow,
} from '../../src/ui/panels/Inspect/attention';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import '../../src/ui/panels/Pretrain/Pretrain'; // loaded beforehand, so that the lazy page is there at once
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const TEXT = 'the fox found a warm lamp .';
const open = () =>
  renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      await lab.getState().shelf.loadShipped('small');
      lab.getState().inspect.show(TEXT);
    },
  });
const asked = (page: Rendered, kind: string) =>
  page.client.calls.filter((call) => call.kind === kind).map(({ params }) => params);

describe('Inspect', () => {
  it('says what to do while no model is there', async () => {
    const { user } = await renderLab(<Inspect />, { prepare: (lab) => lab.getState().inspect.show(TEXT) });
    expect(screen.getByRole('dialog', { name: 'Inspect' }).textContent).toMatch(/No model to look into yet/);
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
      ...['Attention', 'Arithmetic', 'Layers', 'Words', 'Before and after'],
    ]);
    await user.click(screen.getByRole('tab', { name: 'Words' }));
    expect(screen.getByRole('tabpanel', { name: 'Words' }).textContent).toMatch(/No model to look into yet/);
  });

  it('shows all heads small, one large, and the next token', async () => {
    const page = await open();
    const { maps } = page.lab.getState().inspect;
    await waitFor(() => expect(screen.getByRole('group', { name: 'Heads' })).toBeTruthy());
    const heads = within(screen.getByRole('group', { name: 'Heads' })).getAllByRole('button');
    expect(heads).toHaveLength((maps?.layers ?? 2) * (maps?.heads ?? 2));
    expect(within(screen.getByRole('list', { name: 'Next token' })).getAllByRole('listitem').length).toBeGreaterThan(2);
    expect(screen.getByRole('dialog').textContent).toMatch(/not why/);
    await expectAccessible(screen.getByRole('dialog'));
  });

  it('walks the cells of the enlarged head by arrow keys and reads them out', async () => {
    const page = await open();
    const map = await screen.findByRole('button', { name: /^Attention, layer 1, head 1/ });
    map.focus();
    await page.user.keyboard('{ArrowUp}');
    const figure = screen.getByRole('figure', { name: 'Attention, layer 1, head 1' });
    const { maps } = page.lab.getState().inspect;
    const row = maps!.tokens.length - 2;
    expect(figure.textContent).toContain(cellSentence(maps!, { layer: 0, head: 0 }, row, row));
    await page.user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(figure.textContent).toContain(cellSentence(maps!, { layer: 0, head: 0 }, row, row - 2));
    expect(
      within(figure)
        .getByText(/looks at/)
        .getAttribute('aria-live'),
    ).toBe('polite');
  });

  it('enlarges the head that is chosen', async () => {
    const page = await open();
    await page.user.click(await screen.findByRole('button', { name: 'Layer 2, head 2' }));
    expect(screen.getByRole('figure', { name: 'Attention, layer 2, head 2' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Layer 2, head 2' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('asks the model once for a typed text, not once per letter', async () => {
    const page = await open();
    await screen.findByRole('group', { name: 'Heads' });
    const before = asked(page, 'inspect/attention').length;
    const box = screen.getByRole('textbox', { name: 'Text' });
    for (const text of ['the o', 'the ow', 'the owl', 'the owl sang .'])
      fireEvent.change(box, { target: { value: text } });
    await waitFor(() => expect(asked(page, 'inspect/attention')).toHaveLength(before + 1));
    expect(asked(page, 'inspect/attention').at(-1)).toMatchObject({ text: 'the owl sang .' });
  });

  it('asks again with other sampling, and shows what was cut', async () => {
    const page = await open();
    await screen.findByRole('list', { name: 'Next token' });
    fireEvent.change(screen.getByRole('slider', { name: 'Top-k' }), { target: { value: '2' } });
    await waitFor(() => expect(asked(page, 'inspect/next').at(-1)).toMatchObject({ sampling: { topK: 2 } }));
    await waitFor(() => expect(screen.getByRole('list', { name: 'Next token' }).textContent).toMatch(/cut/));
    expect(screen.getByRole('list', { name: 'Next token' }).textContent).toMatch(/% before the filter/);
  });

  it('looks into any checkpoint of the shelf', async () => {
    const page = await open();
    const [first] = page.lab.getState().shelf.checkpoints;
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Model' }), first!.checkpointId);
    await waitFor(() =>
      expect(asked(page, 'inspect/attention').at(-1)).toMatchObject({ checkpointId: first!.checkpointId }),
    );
  });

  it('looks into the model that is being trained, and follows it', async () => {
    const page = await open();
    await act(async () => page.lab.getState().runs.play('pretrain'));
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Model' }), 'Live: Pretrain');
    const live = { checkpointId: `live:${page.lab.getState().runs.pretrain.runId}` };
    await waitFor(() => expect(asked(page, 'inspect/attention').at(-1)).toMatchObject(live));
    const before = asked(page, 'inspect/attention').length;
    await act(async () => page.client.advance(50));
    const soon = { timeout: 20_000 }; // it is left alone for as long as looks take
    await waitFor(() => expect(asked(page, 'inspect/attention').length).toBeGreaterThan(before), soon);
    await waitFor(() => expect(screen.getByRole('dialog').textContent).toMatch(/step \d+Freeze/), soon);
    await page.user.click(screen.getByRole('button', { name: 'Freeze' }));
    const frozen = asked(page, 'inspect/attention').length;
    await act(async () => page.client.advance(50));
    expect(asked(page, 'inspect/attention')).toHaveLength(frozen);
    await page.user.click(screen.getByRole('tab', { name: 'Before and after' }));
    expect(screen.queryByRole('button', { name: 'Freeze' }), 'both are kept').toBeNull();
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'After' }), 'Live: Pretrain');
    expect(screen.getByRole('button', { name: 'Freeze' })).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('dialog').textContent).toMatch(/step \d+Freeze/));
  });

  it('lets the model finish the text', async () => {
    const page = await open();
    await page.user.click(await screen.findByRole('button', { name: 'Complete' }));
    await waitFor(() => expect(page.lab.getState().inspect.completion).not.toBe(''));
    expect(asked(page, 'inspect/complete')).toHaveLength(1);
  });

  it('names the words that the model does not know and did not read', async () => {
    const page = await open();
    await screen.findByRole('group', { name: 'Heads' });
    expect(screen.getByRole('dialog').textContent).not.toContain('Not in the vocabulary');
    await act(async () => page.lab.getState().inspect.setText('the zebra found a kite .'));
    await waitFor(() =>
      expect(screen.getByRole('dialog').textContent).toContain('Not in the vocabulary, so not read: “zebra”.'),
    );
  });

  it('says when a text cannot be read', async () => {
    const page = await open();
    await screen.findByRole('group', { name: 'Heads' });
    page.client.fail('inspect/attention', new Error('That text is longer than the context of 48 tokens.'));
    await act(async () => page.lab.getState().inspect.setText('a b c'));
    await waitFor(() => expect(screen.getByRole('dialog').textContent).toMatch(/longer than the context/));
  });

  it('opens over a stage, closes with Escape and gives the focus back', async () => {
    const page = await renderLab(<App />, { prepare: (lab) => lab.getState().view.go('pretrain') });
    const opener = await screen.findByRole('button', { name: 'Inspect' });
    opener.focus();
    await page.user.click(opener);
    const dialog = await screen.findByRole('dialog', { name: 'Inspect' });
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    expect(screen.getByRole('button', { name: 'Train' })).toBeTruthy(); // the stage stays usable behind it
    await page.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(opener));
  });
});

describe('attention in words', () => {
  const maps: AttentionMaps = {
    tokens: ['the', 'owl', '.'],
    layers: 1,
    heads: 2,
    weights: new Float32Array([1, 0, 0, 0.25, 0.75, 0, 0.5, 0.3, 0.2, 1, 0, 0, 0.9, 0.1, 0, 0.1, 0.8, 0.1]),
  };

  it('finds the weights of each head', () => {
    expect([...headWeights(maps, { layer: 0, head: 1 })].map((w) => Number(w.toFixed(2)))).toEqual([
      1, 0, 0, 0.9, 0.1, 0, 0.1, 0.8, 0.1,
    ]);
  });

  it('names the cell first, then the strongest of its row', () => {
    expect(cellSentence(maps, { layer: 0, head: 0 }, 2, 2)).toBe('“.” looks at itself 20 %, “the” 50 %, “owl” 30 %.');
    expect(cellSentence(maps, { layer: 0, head: 0 }, 0, 0)).toBe('“the” looks at itself 100 %.');
  });

  it('begins at the newest word and where it looks most', () => {
    expect(tellingRow(maps)).toBe(1);
    expect(strongestColumn(maps, { layer: 0, head: 1 }, 1)).toBe(0);
  });

  it('stays inside the model when another has fewer heads', () => {
    expect(clampHead(maps, { layer: 3, head: 3 })).toEqual({ layer: 0, head: 1 });
  });
});
