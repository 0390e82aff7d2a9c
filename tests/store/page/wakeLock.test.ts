import { beforeEach, describe, expect, it } from 'vitest';
import { isWatched, keepAwake, type Screen } from '../../../src/store/page/wakeLock';
import { freshDisk, openPage, type Page, settle } from '../openLab';

/** a browser that counts who holds the screen */
function fakeScreen(answers: () => Promise<void> = async () => undefined) {
  const listeners = new Set<() => void>();
  const held = new Set<object>();
  let [asked, visible] = [0, true];
  const screen: Screen = {
    wakeLock: {
      async request() {
        asked++;
        await answers();
        const onRelease: (() => void)[] = [];
        const sentinel = {
          addEventListener: (_: string, listener: () => void) => onRelease.push(listener),
          async release() {
            held.delete(sentinel);
            for (const listener of onRelease) listener();
          },
        };
        held.add(sentinel);
        return sentinel as unknown as WakeLockSentinel;
      },
    },
    isVisible: () => visible,
    onVisibility(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const show = (next: boolean) => {
    visible = next;
    if (!next) for (const one of [...held]) void (one as WakeLockSentinel).release(); // as browsers do
    for (const listener of listeners) listener();
  };
  return { screen, held, show, asked: () => asked, listeners };
}
const present = (page: Page, screen: number | null) => page.lab.getState().view.present(screen);

describe('the screen', () => {
  beforeEach(freshDisk);

  it('is kept awake while a talk goes on, and let go at its end', async () => {
    const [page, { screen, held, asked }] = [await openPage(), fakeScreen()];
    keepAwake(page.lab, screen);
    await settle();
    expect(asked()).toBe(0);
    present(page, 0);
    await settle();
    expect(held.size).toBe(1);
    present(page, 1);
    await settle();
    expect([held.size, asked()]).toEqual([1, 1]);
    present(page, null);
    await settle();
    expect(held.size).toBe(0);
  });

  it('is asked for again when the page is seen again, and not while it is hidden', async () => {
    const [page, { screen, held, show, asked }] = [await openPage(), fakeScreen()];
    keepAwake(page.lab, screen);
    present(page, 0);
    await settle();
    show(false);
    expect(held.size).toBe(0);
    show(true);
    await settle();
    expect([held.size, asked()]).toEqual([1, 2]);
    show(false);
    present(page, null);
    show(true);
    await settle();
    expect([held.size, asked()]).toEqual([0, 2]);
  });

  it('is let go when all was over before the browser had answered, and when it refuses nothing happens', async () => {
    let answer: () => void = () => undefined;
    const late = fakeScreen(() => new Promise<void>((resolve) => (answer = resolve)));
    const page = await openPage();
    keepAwake(page.lab, late.screen);
    present(page, 0);
    present(page, null);
    answer();
    await settle();
    expect(late.held.size).toBe(0);

    const refusing = fakeScreen(() => Promise.reject(new Error('NotAllowedError')));
    keepAwake(page.lab, refusing.screen);
    present(page, 0);
    await settle();
    expect(refusing.held.size).toBe(0);
  });

  it('stops with its page, and is no error where a browser has no such thing', async () => {
    const [page, { screen, held, listeners }] = [await openPage(), fakeScreen()];
    const stop = keepAwake(page.lab, screen);
    present(page, 0);
    await settle();
    stop();
    await settle();
    expect([held.size, listeners.size]).toEqual([0, 0]);
    expect(() => keepAwake(page.lab, { ...screen, wakeLock: undefined })()).not.toThrow();
  });

  it('is watched by whoever runs, teaches or learns', async () => {
    const state = (await openPage()).lab.getState();
    expect(isWatched(state)).toBe(false);
    const running = { ...state.runs, ppo: { ...state.runs.ppo, state: { status: 'running' } as never } };
    expect(isWatched({ ...state, runs: running })).toBe(true);
    expect(isWatched({ ...state, view: { ...state.view, stage: 'lesson' } })).toBe(true);
    expect(isWatched({ ...state, session: { ...state.session, beside: 1 } })).toBe(true); // a translator, say
    const classroom = { ...state.classroom, teacher: {} as never };
    expect(isWatched({ ...state, classroom })).toBe(false); // somewhere else meanwhile
    expect(isWatched({ ...state, classroom, view: { ...state.view, stage: 'class' } })).toBe(true);
  });
});
