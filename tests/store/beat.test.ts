import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEAT_MS, beatScheduler, createBatch } from '../../src/store/batch';
import { openPage, settle } from './openLab';

const FRAME_MS = 16;

describe('what a run tells', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, FRAME_MS));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  function counted() {
    const shown: number[][] = [];
    const batch = createBatch<number[]>(beatScheduler(), (change) => shown.push(change(shown.at(-1) ?? [])));
    return { shown, tell: (value: number) => batch.add((list) => [...list, value]) };
  }

  it('is committed in the next frame after a pause', () => {
    const { shown, tell } = counted();
    for (let value = 0; value < 3; value++) {
      vi.advanceTimersByTime(10 * BEAT_MS);
      tell(value);
      vi.advanceTimersByTime(FRAME_MS);
      expect(shown.at(-1)?.at(-1)).toBe(value);
    }
  });

  it('is committed once a beat however much comes, all of it, the last soon', () => {
    const { shown, tell } = counted();
    const beats = 4;
    for (let ms = 0; ms < beats * BEAT_MS; ms += 10) {
      tell(ms / 10);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(BEAT_MS + FRAME_MS);
    expect(shown.length).toBeLessThanOrEqual(beats + 2);
    expect(shown.length).toBeGreaterThanOrEqual(beats);
    expect(shown.at(-1)).toEqual(Array.from({ length: (beats * BEAT_MS) / 10 }, (_, i) => i));
  });

  it('is committed also while frames stand still', () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    const { shown, tell } = counted();
    tell(1);
    vi.advanceTimersByTime(BEAT_MS);
    expect(shown).toEqual([[1]]);
  });
});

describe('a run', () => {
  it('that goes on waits for the beat, and one that stands does not', async () => {
    const page = await openPage({ schedule: () => undefined }); // no beat ever comes
    await page.lab.getState().runs.play('pretrain');
    await settle();
    const shown = () => page.lab.getState().runs.pretrain.state;
    const begun = shown()!;
    page.client.emit('run/state', { ...begun, step: begun.step + 1 });
    expect(shown()?.step).toBe(begun.step);
    page.client.emit('run/state', { ...begun, step: begun.step + 2, status: 'paused' });
    expect(shown()).toMatchObject({ step: begun.step + 2, status: 'paused' });
    page.kill();
  });
});
