import { act, render, waitFor } from '@testing-library/react';
import { useMemo } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BEAT_MS } from '../../src/store/batch';
import { WORK_MS } from '../../src/ui/charts/turns';
import { remPixels } from '../../src/ui/charts/useCanvas';
import { usePaced } from '../../src/ui/charts/usePaced';
import { useSize } from '../../src/ui/charts/useSize';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { withJudge } from './judge';
import { renderLab } from './renderLab';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** every look at the false clock finds that a turn's worth of work was done since the last */
function workSlowly(): void {
  const clock = performance.now.bind(performance);
  let worked = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    worked += WORK_MS;
    return clock() + worked;
  });
}

/** until nobody waits for a turn any more, though the false clock begins at 0 */
const settle = () => act(() => vi.advanceTimersByTime(60_000));

/** until nothing is drawn any more: a turn that was asked for on the true clock would never come on the false one */
async function atRest(container: Element): Promise<void> {
  for (let before = ''; before !== container.innerHTML; ) {
    before = container.innerHTML;
    await act(async () => new Promise((done) => setTimeout(done, 2 * BEAT_MS)));
  }
}

describe('numbers that come', () => {
  function Shown({ value }: { value: number }) {
    return <i>{usePaced(value)}</i>;
  }
  const Five = ({ value }: { value: number }) => [1, 2, 3, 4, 5].map((key) => <Shown key={key} value={value} />);

  const shownIn = (container: Element) => (value: number) =>
    [...container.querySelectorAll('i')].filter((one) => one.textContent === String(value)).length;

  it('are drawn by one component a turn where that takes long, and by every one in the end', () => {
    vi.useFakeTimers();
    const { container, rerender } = render(<Five value={0} />);
    const shown = shownIn(container);
    settle();
    workSlowly();
    rerender(<Five value={1} />);
    expect(shown(1)).toBe(0);
    for (let turn = 1, before = 0; turn <= 8; turn++) {
      act(() => vi.advanceTimersByTime(16));
      expect(shown(1) - before, `turn ${turn}`).toBeLessThanOrEqual(1);
      before = shown(1);
    }
    expect(shown(1)).toBe(5);
  });

  it('are drawn in one turn, and so in one frame, where that is quick', () => {
    vi.useFakeTimers();
    const { container, rerender } = render(<Five value={0} />);
    settle();
    rerender(<Five value={1} />);
    expect(shownIn(container)(1)).toBe(0);
    act(() => vi.advanceTimersByTime(1));
    expect(shownIn(container)(1)).toBe(5);
  });

  it('are drawn on one beat, also by what was drawn later than the others', () => {
    vi.useFakeTimers();
    const Two = ({ value, late }: { value: number; late: number }) => [
      <Shown key="one" value={value} />,
      <Shown key="late" value={late} />,
    ];
    const { container, rerender } = render(<Two value={0} late={0} />);
    settle();
    let [drawn, before] = [0, container.textContent];
    for (let ms = 0; ms < 4 * BEAT_MS; ms += 10) {
      const value = 1 + Math.floor(ms / 200);
      rerender(<Two value={value} late={ms < 70 ? 0 : value} />);
      act(() => vi.advanceTimersByTime(10));
      if (container.textContent !== before) drawn++;
      before = container.textContent;
    }
    settle();
    expect(drawn).toBeLessThanOrEqual(6); // one after the other at first, then on each beat; apart they were 8
  });

  it('are drawn at most twice a second, the last one always', () => {
    vi.useFakeTimers();
    const { container, rerender } = render(<Shown value={0} />);
    settle();
    const seen = new Set<string | null>();
    for (let value = 1; value <= 100; value++) {
      rerender(<Shown value={value} />);
      act(() => vi.advanceTimersByTime(10));
      seen.add(container.textContent);
    }
    settle();
    expect(seen.size).toBeLessThanOrEqual(4);
    expect(container.textContent).toBe('100');
  });
});

describe('numbers that come all the time', () => {
  /** @returns redraws a second where each takes so long */
  function rate(redrawMs: number): number {
    vi.useFakeTimers();
    const clock = performance.now.bind(performance);
    let [worked, redraws] = [0, 0];
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + worked);
    function Slow({ value }: { value: number }) {
      const shown = usePaced(value);
      useMemo(() => {
        if (shown === 0) return;
        worked += redrawMs;
        redraws++;
      }, [shown]);
      return <i>{shown}</i>;
    }
    const { rerender, unmount } = render(<Slow value={0} />);
    settle();
    const begun = performance.now();
    for (let value = 1; performance.now() - begun < 20 * BEAT_MS; value++) {
      rerender(<Slow value={value} />);
      act(() => vi.advanceTimersByTime(10));
    }
    const perSecond = (1000 * redraws) / (performance.now() - begun);
    settle();
    unmount();
    return perSecond;
  }

  it('are drawn twice a second, and once where a redraw takes a tenth of the time or more', () => {
    expect(rate(0.02 * BEAT_MS)).toBeGreaterThan(1.7);
    vi.restoreAllMocks();
    const slow = rate(0.2 * BEAT_MS);
    expect(slow).toBeLessThan(1.3);
    expect(slow).toBeGreaterThan(0.8);
  });
});

describe('a page that is laid out anew', () => {
  it('has one chart a turn drawn in its new size, and asks nothing about the theme for it', () => {
    vi.useFakeTimers();
    const layouts: (() => void)[] = [];
    class Observer {
      constructor(laidOut: () => void) {
        layouts.push(laidOut);
      }
      observe(): void {}
      disconnect(): void {}
    }
    vi.stubGlobal('ResizeObserver', Observer);
    const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get');
    function Sized() {
      const [ref, size] = useSize<HTMLDivElement>();
      return <i ref={ref}>{size.width}</i>;
    }
    const { container } = render([1, 2, 3, 4, 5].map((key) => <Sized key={key} />));
    const shown = (value: number) =>
      [...container.querySelectorAll('i')].filter((one) => one.textContent === String(value)).length;
    settle();
    remPixels();
    const asked = vi.spyOn(window, 'getComputedStyle');
    workSlowly();
    for (const px of [300, 200]) {
      width.mockReturnValue(px);
      for (const laidOut of layouts) laidOut();
      expect(shown(px)).toBe(0);
      for (let turn = 1, before = 0; turn <= 8; turn++) {
        act(() => vi.advanceTimersByTime(15));
        expect(shown(px) - before, `${px} px, turn ${turn}`).toBeLessThanOrEqual(1);
        before = shown(px);
      }
      expect(shown(px)).toBe(5);
      remPixels();
    }
    expect(asked).not.toHaveBeenCalled();
    settle();
  });
});

describe('the size of type', () => {
  afterEach(() => {
    document.documentElement.removeAttribute('data-size');
    document.documentElement.style.fontSize = '';
  });

  it('is asked for once, and again when the page has another', () => {
    const asked = vi.spyOn(window, 'getComputedStyle');
    const sizes = [15, 22].map((px) => {
      document.documentElement.dataset.size = `${px} px`;
      document.documentElement.style.fontSize = `${px}px`;
      return [remPixels(), remPixels(), remPixels()];
    });
    expect(sizes).toEqual([Array(3).fill(15), Array(3).fill(22)]);
    expect(asked).toHaveBeenCalledTimes(2);
    window.dispatchEvent(new Event('resize'));
    remPixels();
    expect(asked).toHaveBeenCalledTimes(3);
  });
});

describe('an iteration of PPO', () => {
  it('is drawn without a question for a style, which would lay the page out on the spot', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await act(async () => page.lab.getState().runs.play('ppo'));
    await act(async () => page.client.advance(5));
    await waitFor(() => expect(page.container.querySelectorAll('tbody').length).toBeGreaterThan(8));
    await atRest(page.container);
    const asked = vi.spyOn(window, 'getComputedStyle');
    await act(async () => page.client.advance(1));
    await atRest(page.container);
    expect(page.container.textContent).toContain('iteration 6');
    expect(asked).not.toHaveBeenCalled();
  });

  it('redraws one card a turn where that takes long, and the words of a few rollouts at once', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await act(async () => page.lab.getState().runs.play('ppo'));
    await act(async () => page.client.advance(5));
    await waitFor(() => expect(page.container.querySelectorAll('tbody').length).toBeGreaterThan(8));
    await atRest(page.container);
    vi.useFakeTimers();
    settle();
    workSlowly();
    const rolloutsIn = (records: readonly MutationRecord[]) =>
      new Set(
        records
          .map(({ target }) => (target as Element).closest?.('tbody') ?? target.parentElement?.closest('tbody'))
          .filter(Boolean),
      );
    const cardsIn = (records: readonly MutationRecord[]) =>
      new Set(
        records
          .map(({ target }) => (target.parentElement ?? (target as Element)).closest('section.card'))
          .filter(Boolean),
      );
    const observer = new MutationObserver(() => {});
    observer.observe(page.container, { subtree: true, childList: true, characterData: true, attributes: true });
    act(() => page.client.advance(1));
    const drawn = new Set<Element | null>();
    act(() => vi.advanceTimersToNextFrame()); // in it the events are committed
    expect(rolloutsIn(observer.takeRecords()).size, 'in the frame itself').toBe(0);
    for (let turn = 0; turn < 60; turn++) {
      act(() => vi.advanceTimersByTime(16));
      const records = observer.takeRecords();
      expect(cardsIn(records).size, `turn ${turn}`).toBeLessThanOrEqual(1);
      expect(rolloutsIn(records).size, `turn ${turn}`).toBeLessThanOrEqual(4);
      for (const card of cardsIn(records)) drawn.add(card as Element);
    }
    expect(drawn.size).toBeGreaterThan(3);
  });
});
