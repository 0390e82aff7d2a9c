/** What happy-dom lacks and the page uses. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

/** A busy machine is slow, not wrong: a panel's chunk may take seconds to arrive. */
configure({ asyncUtilTimeout: 10_000 });

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResizeObserver;

/** There is no network here: who asks for it is told at once, and no socket is opened that somebody would read of. */
globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
