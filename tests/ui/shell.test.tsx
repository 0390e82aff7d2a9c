import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { memoryAddress } from '../../src/store/address/url';
import { App } from '../../src/ui/App';
import { expectAccessible, renderLab } from './renderLab';

const open = (href = '', engine = {}) => renderLab(<App />, { address: memoryAddress(href), engine });
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

describe('the shell', () => {
  it('opens on Start, names the document and has no accessibility violation', async () => {
    const { container } = await open();
    await heading('Start');
    expect(document.title).toBe('Start · RLHF Lab');
    await expectAccessible(container, 'page');
  });

  it('opens the stage of the address', async () => {
    await open('#/data');
    await heading('Data');
    expect(screen.getByRole('link', { name: 'Data' }).getAttribute('aria-current')).toBe('page');
  });

  it('lists the pipeline in order, each stage with its state in words', async () => {
    const { lab } = await open();
    const pipeline = screen.getByRole('navigation', { name: 'Pipeline' });
    const links = within(pipeline).getAllByRole('link');
    expect(links.map((link) => link.textContent)).toEqual([
      'Start',
      'Data',
      'Pretrain',
      'Fine-tune',
      'Compare',
      'Reward model',
      'Optimise',
    ]);
    const stateOf = (name: string) => {
      const link = within(pipeline).getByRole('link', { name });
      return document.getElementById(link.getAttribute('aria-describedby') ?? '')?.textContent;
    };
    expect(stateOf('Data')).toBe('nothing here yet');
    await act(() => lab.getState().corpus.generate());
    expect(stateOf('Data')).toBe('done');
    act(() => lab.getState().config.change('stories', { happyShare: 0.9, sadShare: 0.1 }));
    expect(stateOf('Data')).toContain('out of date');
  });

  it('moves the focus to the heading of a stage that was opened', async () => {
    const { user } = await open();
    await heading('Start');
    expect(document.activeElement).toBe(document.body);
    await user.click(screen.getByRole('link', { name: 'Data' }));
    const title = await heading('Data');
    await waitFor(() => expect(document.activeElement).toBe(title));
    expect(document.title).toBe('Data · RLHF Lab');
  });

  it('says which path computes, and on request why it is not the fastest', async () => {
    const { user } = await open('', { backend: 'wasm', adapter: null, reason: 'This browser has no WebGPU.' });
    const badge = await screen.findByRole('button', { name: /WebAssembly · portable/ });
    await user.click(badge);
    expect(await screen.findAllByText('This browser has no WebGPU.')).not.toHaveLength(0);
  });

  it.each([
    [2, /WebAssembly · fused · 2 threads/],
    [1, /WebAssembly · fused · 1 thread(?!s)/],
  ])('says with how many threads WebAssembly computes: %i', async (threads, words) => {
    const { user } = await open('', { backend: 'wasm', executor: 'fused', threads, adapter: null });
    await user.click(await screen.findByRole('button', { name: words }));
    await screen.findByRole('group', { name: 'Executor' });
  });

  it('switches fast arithmetic on and off behind the engine, and says which it is', async () => {
    const wasm = { backend: 'wasm', executor: 'fused', threads: 2, fast: false, adapter: null } as const;
    const { user, client } = await open('', wasm);
    await user.click(await screen.findByRole('button', { name: /WebAssembly · fused · 2 threads(?! · fast)/ }));
    const toggle = () => screen.getByRole('switch', { name: 'Fast arithmetic' });
    expect(await screen.findByRole('switch', { name: 'Fast arithmetic' })).toHaveProperty('checked', false);
    for (const fast of [true, false]) {
      await user.click(toggle());
      await waitFor(() => expect(toggle()).toHaveProperty('checked', fast));
      const pressed = client.calls.filter(({ kind }) => kind === 'engine/fast');
      expect(pressed.at(-1)?.params).toEqual({ fast });
      const badge = screen.getByText('Engine:').parentElement!;
      expect(badge.textContent?.includes('2 threads · fast')).toBe(fast);
    }
  });

  it('offers no fast arithmetic where it cannot be had', async () => {
    const { user } = await open('', { backend: 'wasm', executor: 'fused', threads: 1, fast: null, adapter: null });
    await user.click(await screen.findByRole('button', { name: /WebAssembly/ }));
    expect(await screen.findByRole('switch', { name: 'Fast arithmetic' })).toHaveProperty('disabled', true);
    await screen.findByText('This browser multiplies and adds in two steps only.');
  });

  it('says why the path is not the fastest, and why one thread computes, in a sentence each', async () => {
    const reason = 'wasm was asked for';
    const { user } = await open('', { backend: 'wasm', executor: 'fused', threads: 1, reason, adapter: null });
    await user.click(await screen.findByRole('button', { name: /WebAssembly/ }));
    await screen.findByText('Wasm was asked for.');
    await screen.findByText(/^One thread: .*\.$/);
  });

  it('closes what the engine says with Escape, with a second press and with one beside it', async () => {
    const { user } = await open();
    const badge = await screen.findByRole('button', { name: /^Engine: / });
    const details = () => screen.queryByRole('dialog', { name: 'Engine' });
    const closings = [
      () => user.keyboard('{Escape}'),
      () => user.click(badge),
      () => user.click(screen.getByRole('heading', { level: 1 })),
    ];
    for (const close of closings) {
      await user.click(badge);
      await waitFor(() => expect(details()?.contains(document.activeElement)).toBe(true));
      expect(badge.getAttribute('aria-controls')).toBe(details()!.id);
      await close();
      await waitFor(() => expect(details()).toBeNull());
      expect(badge.getAttribute('aria-expanded')).toBe('false');
    }
  });

  it('gives the focus back to the engine after Escape', async () => {
    const { user } = await open();
    const badge = await screen.findByRole('button', { name: /^Engine: / });
    await user.click(badge);
    const details = await screen.findByRole('dialog', { name: 'Engine' });
    await waitFor(() => expect(details.contains(document.activeElement)).toBe(true));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(badge));
  });

  it('says how far the kernels of a new model are compiled, as long as that lasts', async () => {
    const { client } = await open();
    act(() => client.emit('engine/compiling', { done: 0.4 }));
    await screen.findByRole('button', { name: /Engine.*compiling kernels, 40 %/ });
    act(() => client.emit('engine/compiling', { done: 1 }));
    await waitFor(() => expect(screen.queryByRole('button', { name: /compiling/ })).toBeNull());
  });

  it('lists all keys when ? is pressed, and closes with Escape', async () => {
    const { user } = await open();
    await heading('Start');
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Help' });
    expect(dialog.textContent).toContain('Train or pause');
    expect(dialog.textContent).not.toContain('nothing is recorded'); // Recorded runs are
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('keeps the question mark out of the way while someone types', async () => {
    const { user } = await open('#/data');
    const box = await screen.findByRole('textbox', { name: 'Text to cut into tokens' });
    await waitFor(() => expect(box.hasAttribute('disabled')).toBe(false));
    await user.type(box, '?');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('switches theme and type size on the root element', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Dark theme' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    await user.click(screen.getByRole('button', { name: 'Dark theme' }));
    expect(document.documentElement.dataset.theme).toBe('light');
    await user.click(screen.getByRole('button', { name: 'Presenter size' }));
    expect(document.documentElement.dataset.size).toBe('presenter');
  });

  it('shows trouble with its cause and the next step, and lets go of it', async () => {
    const { lab, user } = await open();
    act(() => lab.getState().notices.report({ code: 'storage/full', message: 'The disk said no.', stack: undefined }));
    const notices = screen.getByRole('status', { name: 'Notices' });
    expect(notices.textContent).toContain('The browser has no room left');
    expect(notices.textContent).toContain('The disk said no.');
    expect(notices.textContent).toContain('Export what you want to keep');
    await user.click(within(notices).getByRole('button', { name: /^Dismiss/ }));
    expect(notices.textContent).toBe('');
  });

  it('offers a restart when the thread has died', async () => {
    const { client, user } = await open();
    await heading('Start');
    act(() => client.crash());
    await user.click(await screen.findByRole('button', { name: /Engine stopped/ }));
    expect(await screen.findAllByRole('button', { name: 'Restart' })).not.toHaveLength(0);
  });
});
