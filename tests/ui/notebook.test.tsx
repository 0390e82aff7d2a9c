import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Notebook } from '../../src/ui/panels/Notebook/Notebook';
import { Machine } from '../../src/ui/panels/Start/Machine';
import { plainVote } from '../helpers/plainVote';
import { expectAccessible, renderLab } from './renderLab';

interface Saved {
  fileName: string;
  content: Blob;
}

const vote = (number: number) => plainVote(number);

/** the page, with a notebook of three votes that was saved elsewhere */
async function openPage(here: number[] = []) {
  const files: Saved[] = [];
  const saveFile = (fileName: string, content: string | Uint8Array | Blob) =>
    void files.push({ fileName, content: content as Blob });
  const page = await renderLab(<Notebook />, {
    saveFile,
    today: () => Date.UTC(2026, 10, 30),
    prepare: async (lab) => {
      await lab.getState().opinions.add([1, 2, 3].map(vote));
      await lab.getState().notebook.save();
      await lab.getState().opinions.clear();
      if (here.length > 0) await lab.getState().opinions.add(here.map(vote));
    },
  });
  const file = new File([files[0]!.content], 'ours.rlhflab');
  const choose = (chosen: File) => page.user.upload(screen.getByLabelText('Open notebook, file'), chosen);
  return { ...page, files, file, choose };
}

describe('the page Notebook', () => {
  it('saves the lab as one file', async () => {
    const { user, files, container } = await openPage([7]);
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Save notebook' }));
    await waitFor(() => expect(files).toHaveLength(2));
    expect(files[1]!.fileName).toBe('lab-2026-11-30.rlhflab');
  });

  it('opens a notebook in an empty lab at once, and says what was in it', async () => {
    const { lab, choose, file, container } = await openPage();
    await choose(file);
    expect(await screen.findByText('Opened:')).toBeTruthy();
    expect(within(screen.getByRole('region', { name: 'In it' })).getByText('3 votes')).toBeTruthy();
    expect(lab.getState().opinions.all).toHaveLength(3);
    await expectAccessible(container);
  });

  it('asks where something is here, and adds what is missing', async () => {
    const { user, lab, choose, file, container } = await openPage([1, 8]);
    await choose(file);
    const open = await screen.findByRole('button', { name: 'Open beside what is here' });
    expect(lab.getState().opinions.all).toHaveLength(2);
    await expectAccessible(container);
    await user.click(open);
    expect(await screen.findByText('Opened:')).toBeTruthy();
    expect(lab.getState().opinions.all).toHaveLength(4);
  });

  it('leaves everything as it is where it is left closed', async () => {
    const { user, lab, choose, file } = await openPage([8]);
    await choose(file);
    await user.click(await screen.findByRole('button', { name: 'Leave it closed' }));
    expect(screen.queryByRole('button', { name: 'Open beside what is here' })).toBeNull();
    expect(lab.getState().opinions.all).toHaveLength(1);
  });

  it('says in a sentence what is wrong with a file that is none', async () => {
    const { choose, file, lab } = await openPage([8]);
    await choose(new File([file.slice(0, 100)], 'cut.rlhflab'));
    expect(
      await screen.findByText(/^cut\.rlhflab: its table of contents, which stands at the end, is missing/),
    ).toBeTruthy();
    expect(lab.getState().opinions.all).toHaveLength(1);
  });
});

describe('the reminder to save a notebook', () => {
  it('stands where nothing is stored for good, and goes once a notebook has it', async () => {
    const { lab } = await renderLab(<Machine />, {
      saveFile: () => undefined,
      prepare: async ({ getState }) => getState().opinions.add([vote(1)]),
    });
    expect(screen.getByText('Not kept for certain.')).toBeTruthy();
    await act(() => lab.getState().notebook.save());
    expect(screen.queryByText('Not kept for certain.')).toBeNull();
    await act(() => lab.getState().opinions.add([vote(2)]));
    expect(screen.getByRole('button', { name: 'Save a notebook' })).toBeTruthy();
  });

  it('says nothing in an empty lab', async () => {
    await renderLab(<Machine />);
    expect(screen.queryByText('Not kept for certain.')).toBeNull();
  });
});
