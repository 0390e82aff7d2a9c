/** Parts of the page that are fetched when they are first shown, and a network that is not there. */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ReactNode, Suspense } from 'react';
import { expect, it, vi } from 'vitest';
import { fetchParts, part } from '../../src/ui/parts';
import { Dialog } from '../../src/ui/primitives/Dialog';
import { ErrorBoundary } from '../../src/ui/shell/ErrorBoundary';
import { expectAccessible } from './renderLab';

const Thing = () => <p>the thing itself</p>;
const noNetwork = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));

function draw(Shown: ReturnType<typeof part<object>>, frame?: (words: ReactNode) => ReactNode) {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React tells of what a boundary caught
  return render(
    <ErrorBoundary {...(frame && { frame })}>
      <Suspense fallback={<p>Opening…</p>}>
        <Shown />
      </Suspense>
    </ErrorBoundary>,
  );
}

it('says that a part did not come, and shows it when it is tried again', async () => {
  const load = vi
    .fn()
    .mockImplementationOnce(noNetwork)
    .mockImplementationOnce(noNetwork)
    .mockResolvedValue({ default: Thing });
  const { container } = draw(part<object>(load));
  const again = await screen.findByRole('button', { name: 'Try again' });
  expect(container.textContent).toContain('The connection was lost before it was loaded.');
  await expectAccessible(container);
  await userEvent.click(again);
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('the thing itself')).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(3);
});

it('shows one that has come in the background after its first try failed, as soon as it is tried again', async () => {
  const load = vi.fn().mockImplementationOnce(noNetwork).mockResolvedValue({ default: Thing });
  draw(part<object>(load));
  const again = await screen.findByRole('button', { name: 'Try again' });
  await fetchParts().catch(() => undefined); // those of other tests cannot come
  expect(load).toHaveBeenCalledTimes(2);
  await userEvent.click(again);
  expect(await screen.findByText('the thing itself')).toBeTruthy();
});

it('frames the words where the place of the part is gone with it', async () => {
  const frame = (words: ReactNode) => (
    <Dialog title="Inspect" shape="drawer" open onClose={() => undefined}>
      {words}
    </Dialog>
  );
  draw(part<object>(noNetwork), frame);
  expect((await screen.findByRole('dialog', { name: 'Inspect' })).textContent).toContain('not here yet');
});

it('fetches parts, and the parts that these name, before anybody asks for them', async () => {
  const inner = vi.fn(async () => ({ default: Thing }));
  const Outer = part<object>(async () => {
    part<object>(inner);
    return { default: Thing };
  });
  await fetchParts().catch(() => undefined); // those of the tests before cannot come
  expect(inner).toHaveBeenCalledOnce();
  draw(Outer);
  expect(await screen.findByText('the thing itself')).toBeTruthy();
});

it('tells when something did not come', async () => {
  part<object>(noNetwork);
  await expect(fetchParts()).rejects.toMatchObject({ code: 'page/partMissing' });
});
