import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { memoryAddress, readUrl } from '../../src/store/address/url';
import { App } from '../../src/ui/App';
import '../../src/ui/panels/GridWorld/GridWorld'; // loaded beforehand, so that the lazy page is there at once
import { expectAccessible, renderLab } from './renderLab';

const button = () => screen.getByRole('button', { name: 'Teach' });
const menu = () => screen.getByRole('menu', { name: 'Teach' });

describe('the menu Teach', () => {
  it('opens with the focus on its first entry, walks by arrow keys, and gives the focus back on Escape', async () => {
    const { user, container } = await renderLab(<App />);
    button().focus();
    await user.keyboard('{Enter}');
    const entries = within(menu()).getAllByRole('menuitem');
    expect(entries[0]?.textContent).toContain('Grid world');
    expect(document.activeElement).toBe(entries[0]);
    await user.keyboard('{ArrowUp}');
    expect(document.activeElement).toBe(entries.at(-1));
    await expectAccessible(container);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button());
  });

  it('closes when the focus goes on, and when something else is pressed', async () => {
    const { user } = await renderLab(<App />);
    await user.click(button());
    await user.tab();
    expect(screen.queryByRole('menu')).toBeNull();
    await user.click(button());
    await user.click(screen.getByRole('button', { name: 'Dark theme' }));
    expect(screen.queryByRole('menu')).toBeNull();
    await user.click(button());
    await user.click(button());
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('leaves an open drawer open when Escape closes it', async () => {
    const { user } = await renderLab(<App />);
    await user.click(screen.getByRole('button', { name: 'Checkpoints' }));
    await screen.findByRole('dialog', { name: 'Checkpoints' });
    await user.click(button());
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(screen.getByRole('dialog', { name: 'Checkpoints' })).toBeTruthy();
  });

  it('opens Inspect over the page that is there, as the key I does', async () => {
    const { user, lab } = await renderLab(<App />);
    await user.click(button());
    await user.click(within(menu()).getByRole('menuitem', { name: 'Inspect' }));
    await screen.findByRole('dialog', { name: 'Inspect' });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(lab.getState().inspect.open).toBe(false));
    await user.keyboard('i');
    await screen.findByRole('dialog', { name: 'Inspect' });
  });

  it('keeps the keys of the page away from what is behind it', async () => {
    const { user } = await renderLab(<App />);
    await user.click(button());
    await user.keyboard('m');
    expect(screen.queryByRole('dialog', { name: 'Checkpoints' })).toBeNull();
  });

  it('leads to the grid world, which has an address, a heading that takes the focus, and no stage marked', async () => {
    const address = memoryAddress('?preset=tiny&seed=1#/data');
    const { user, lab } = await renderLab(<App />, { address });
    await user.click(button());
    await user.click(within(menu()).getByRole('menuitem', { name: 'Grid world' }));
    const heading = await screen.findByRole('heading', { level: 1, name: 'Grid world' });
    await waitFor(() => expect(document.activeElement).toBe(heading));
    expect(readUrl(address.read()).stage).toBe('primer');
    expect(document.title).toBe('Grid world · RLHF Lab');
    const links = within(screen.getByRole('navigation', { name: 'Pipeline' })).getAllByRole('link');
    expect(links.filter((link) => link.getAttribute('aria-current') === 'page')).toEqual([]);
    await user.click(button());
    await user.keyboard('{Enter}'); // already there
    expect(document.activeElement).toBe(button());
    expect(lab.getState().view.stage).toBe('primer');
  });
});
