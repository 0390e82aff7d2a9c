import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import type { ModelDifference } from '../../src/contract/inside';
import {
  differenceSentence,
  headChanges,
  isSame,
  mostChanged,
  sizeOf,
  wordChanges,
} from '../../src/ui/panels/Inspect/difference/changes';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import { expectAccessible, renderLab } from './renderLab';

const TEXT = 'the fox found a warm lamp . it was sad .';

async function open() {
  const page = await renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      await lab.getState().shelf.loadShipped('small');
      lab.getState().inspect.show(TEXT);
      lab.getState().inspect.setTab('before-after');
    },
  });
  const [first, second] = page.lab.getState().shelf.checkpoints;
  return { ...page, first: first!.checkpointId, second: second!.checkpointId };
}
const body = () => screen.getByRole('dialog', { name: 'Inspect' });
const choice = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name });

describe('two models on one text', () => {
  it('says that nothing differs where a model is held against itself', async () => {
    await open();
    await waitFor(() => expect(body().textContent).toMatch(/Nothing differs/));
    expect(choice('Before').value).toBe(choice('After').value);
    await expectAccessible(body());
  });

  it('says that heads of another shape cannot be compared, and shows words and bars', async () => {
    const { user, first } = await open();
    await user.selectOptions(choice('Before'), first);
    await waitFor(() => expect(body().textContent).toMatch(/another shape/));
    expect(within(screen.getByRole('list', { name: 'Words' })).getAllByRole('listitem')).toHaveLength(4);
    expect(screen.getByRole('list', { name: 'Next word' })).toBeTruthy();
    expect(body().textContent).toMatch(/What changed most: Of the words, \S+ (lost|gained) most: [−+]\d/);
    await expectAccessible(body());
  });

  it('swaps the two by X', async () => {
    const { user, first, second } = await open();
    await user.selectOptions(choice('Before'), first);
    await waitFor(() => expect(choice('Before').value).toBe(first));
    const before = screen.getByRole('list', { name: 'Words' }).textContent!;
    body().focus();
    await user.keyboard('x');
    await waitFor(() => expect(choice('Before').value).toBe(second));
    expect(choice('After').value).toBe(first);
    await waitFor(() => expect(screen.getByRole('list', { name: 'Words' }).textContent).not.toBe(before));
  });

  it('finds head, cell and word that changed most, and the next largest by N', async () => {
    const { user, lab, client, first } = await open();
    await user.selectOptions(choice('Before'), first);
    await act(async () => lab.getState().runs.play('pretrain'));
    await act(async () => client.advance(3));
    await user.selectOptions(choice('After'), 'Live: Pretrain');
    const map = await screen.findByRole('figure', { name: /^Change of attention/ });
    const result = lab.getState().difference.result!;
    const order = headChanges(result).sort((a, b) => sizeOf(b) - sizeOf(a));
    const nameOf = (i: number) => `Change of attention, layer ${order[i]!.layer + 1}, head ${order[i]!.head + 1}`;
    expect(map.getAttribute('aria-label')).toBe(nameOf(0));
    body().focus();
    await user.keyboard('n');
    expect(screen.getByRole('figure', { name: nameOf(1) })).toBeTruthy();
    const cell = screen.getByRole('button', { name: /^Change of attention.*arrow keys/ });
    const reading = () => screen.getByRole('figure', { name: nameOf(1) }).querySelector('figcaption')!.textContent;
    const before = reading();
    expect(order[1]!.row, 'the first token reads nothing but itself').toBeGreaterThan(0);
    fireEvent.keyDown(cell, { key: 'ArrowUp' });
    expect(reading()).not.toBe(before);
    await user.click(screen.getByRole('button', { name: 'Find what changed most' }));
    expect(screen.getByRole('figure', { name: nameOf(0) })).toBeTruthy();
    await expectAccessible(body());
  });

  it('moves the next-word bars to the word that is clicked', async () => {
    const { user } = await open();
    const words = await screen.findByRole('list', { name: 'Words' });
    await user.click(within(words).getByRole('button', { name: /^sad/ }));
    expect(body().textContent).toMatch(/Next word after “… \. it was”/);
  });

  it('refuses models of other tokens in words, and shows nothing old beside that', async () => {
    const { user, first, client } = await open();
    await screen.findByRole('list', { name: 'Words' });
    client.fail('inspect/difference', new LabError('run/missingInput', 'These two models read other tokens.'));
    await user.selectOptions(choice('Before'), first);
    await waitFor(() => expect(body().textContent).toMatch(/These two models read other tokens/));
    expect(screen.queryByRole('list', { name: 'Words' })).toBeNull();
  });
});

describe('what changed most', () => {
  const difference: ModelDifference = {
    tokens: ['the', 'owl', '.', 'sad'],
    unknownWords: [],
    from: 3,
    logprobs: [null, { before: -1, after: -9 }, { before: -1, after: -1 }, { before: -2, after: -0.16 }],
    next: [],
    maps: {
      layers: 1,
      heads: 2,
      before: new Float32Array(32),
      after: Float32Array.from({ length: 32 }, (_, i) => (i === 16 + 13 ? -0.5 : i === 4 ? 0.25 : 0)),
    },
    step: null,
  };

  it('is found over all heads and cells, and over the words of the completion alone', () => {
    expect(headChanges(difference)).toEqual([
      { layer: 0, head: 0, row: 1, column: 0, before: 0, after: 0.25 },
      { layer: 0, head: 1, row: 3, column: 1, before: 0, after: -0.5 },
    ]);
    const words = wordChanges(difference);
    expect(words.map(({ token }) => token)).toEqual([3]);
    expect(mostChanged(words)!.ratio).toBeCloseTo(1.84, 6);
    expect(isSame(difference)).toBe(false);
  });

  it('is told with head, from, to, both weights; word, nats and factor', () => {
    const [, cell] = headChanges(difference);
    expect(differenceSentence(difference, cell!, mostChanged(wordChanges(difference)), 'words')).toBe(
      'head 2 of layer 1. From “sad” it read “owl” with 0.00, now with −0.50. Of the words, “sad” gained most: +1.84 nats, a factor of 6.30.',
    );
  });
});
