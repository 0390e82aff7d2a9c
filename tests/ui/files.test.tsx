import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { App } from '../../src/ui/App';
import { droppedFile, readFile } from '../../src/ui/primitives/chosenFile';
import { FileDrop } from '../../src/ui/primitives/FileDrop';
import { expectAccessible, renderLab } from './renderLab';

const MB = 2 ** 20;
const text = (name = 'a.txt') => new File(['hello'], name, { type: 'text/plain' });

/** a file of any size that fails the test when it is read */
function huge(name: string, size: number): File {
  const file = new File(['x'], name);
  Object.defineProperty(file, 'size', { value: size });
  Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(new Error(`${name} was read`)) });
  return file;
}

/** what a browser throws for a folder, a file that went away, or one it has no right to */
function unreadable(name: string, error: string): File {
  const file = new File(['x'], name);
  Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(new DOMException('no', error)) });
  return file;
}

const dropOf = (files: File[], isDirectory = false) => ({
  dataTransfer: {
    types: ['Files'],
    files,
    items: files.map(() => ({ kind: 'file', webkitGetAsEntry: () => ({ isDirectory }) })),
  },
});

function open(disabled = false) {
  const onFile = vi.fn();
  const view = render(
    <FileDrop label="Open a text file" accept=".txt" limit={MB} disabled={disabled} onFile={onFile} />,
  );
  return { ...view, onFile, area: screen.getByRole('region', { name: 'Open a text file' }) };
}

describe('a file area', () => {
  it('reads one dropped file as bytes', async () => {
    const { area, onFile } = open();
    fireEvent.drop(area, dropOf([text()]));
    await waitFor(() => expect(onFile).toHaveBeenCalledWith(new TextEncoder().encode('hello'), 'a.txt'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('hands a name that no sentence can hold on shortened', async () => {
    const { area, onFile } = open();
    fireEvent.drop(area, dropOf([text('x'.repeat(2000))]));
    await waitFor(() => expect(onFile).toHaveBeenCalledWith(expect.anything(), `${'x'.repeat(60)}…`));
  });

  it.each([
    ['two files', dropOf([text('a.txt'), text('b.txt')]), 'You dropped 2 things. Drop one file.'],
    ['a folder', dropOf([text('letters')], true), 'letters is a folder. Open it, and drop one file of it.'],
    [
      'a folder among files',
      {
        dataTransfer: {
          files: [text()],
          items: [{ kind: 'string' }, { kind: 'file', webkitGetAsEntry: () => ({ isDirectory: true }) }],
        },
      },
      'a.txt is a folder. Open it, and drop one file of it.',
    ],
    ['no file at all', dropOf([]), 'There is no file in what you dropped. Drop one file.'],
    [
      '3 GB',
      dropOf([huge('big.txt', 3 * 2 ** 30)]),
      'big.txt is 3.0 GB large, more than the 1.0 MB that are read here.',
    ],
    ['one byte too many', dropOf([huge('big.txt', MB + 1)]), 'big.txt is a little over the 1.0 MB that are read here.'],
    [
      'a folder that looks like a file',
      dropOf([unreadable('letters', 'NotFoundError')]),
      'letters cannot be read. It may be a folder',
    ],
    [
      'a file without the right to it',
      dropOf([unreadable('mine.txt', 'NotReadableError')]),
      'mine.txt cannot be read.',
    ],
  ])('says a sentence about %s, and hands nothing on', async (_, drop, sentence) => {
    const { area, onFile, container } = open();
    expect(fireEvent.drop(area, drop)).toBe(false); // the browser does nothing of its own
    expect((await screen.findByRole('alert')).textContent).toContain(sentence);
    expect(onFile).not.toHaveBeenCalled();
    await expectAccessible(container);
  });

  it('says so when nothing can be opened, and forgets a trouble with the next file', async () => {
    const { area, onFile, rerender } = open(true);
    fireEvent.drop(area, dropOf([text(), text()]));
    expect((await screen.findByRole('alert')).textContent, 'what never can be opened is told so').toContain(
      'You dropped 2 things.',
    );
    fireEvent.drop(area, dropOf([huge('model.txt', 3 * MB)]));
    expect((await screen.findByRole('alert')).textContent).toContain('model.txt is');
    fireEvent.drop(area, dropOf([text()]));
    expect((await screen.findByRole('alert')).textContent).toContain('No file can be opened here at the moment.');
    rerender(<FileDrop label="Open a text file" accept=".txt" limit={MB} onFile={onFile} />);
    await userEvent.setup().upload(screen.getByLabelText('Open a text file, file'), text());
    await waitFor(() => expect(onFile).toHaveBeenCalledOnce());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('cuts a long name, and takes a browser that cannot tell folders', async () => {
    const long = await readFile(huge('n'.repeat(5000), 3 * MB), MB);
    expect('trouble' in long && long.trouble.length).toBeLessThan(200);
    const file = text();
    expect(droppedFile({ files: [file], items: [{ kind: 'file' }] } as unknown as DataTransfer)).toEqual({ file });
    expect(droppedFile({ files: [file] } as unknown as DataTransfer)).toEqual({ file });
  });
});

describe('the page', () => {
  it('stays when a file is dropped beside every area, and says where files go', async () => {
    const { lab, container } = await renderLab(<App />);
    expect(fireEvent.dragOver(container, dropOf([text()]))).toBe(false);
    act(() => expect(fireEvent.drop(container, dropOf([text()]))).toBe(false));
    expect(lab.getState().notices.toasts.map((toast) => toast.text)).toEqual([
      expect.stringContaining('was dropped beside'),
    ]);
  });

  it('leaves dragged words to the fields they are dropped on', async () => {
    const { lab, container } = await renderLab(<App />);
    expect(fireEvent.drop(container, { dataTransfer: { types: ['text/plain'], files: [], items: [] } })).toBe(true);
    expect(lab.getState().notices.toasts).toEqual([]);
  });

  it('says nothing of its own about a file that an area took', async () => {
    const { lab } = await renderLab(<App />, { prepare: (one) => one.getState().view.go('start') });
    const area = await screen.findByRole('region', { name: 'Open a model file' });
    act(() => void fireEvent.drop(area, dropOf([huge('big.safetensors', 3 * 2 ** 30)])));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'big.safetensors is 3.0 GB large, more than the 1.0 GB',
    );
    expect(lab.getState().notices.toasts).toEqual([]);
  });
});
