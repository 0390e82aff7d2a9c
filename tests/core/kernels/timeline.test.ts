import { describe, expect, it } from 'vitest';
import type { SpanKind, TimeSpan } from '../../../src/contract/observations';
import { measured, measuring, observing, openTimeline, sharesOf } from '../../../src/core/kernels/timeline';

const span = (kind: SpanKind, name: string, startMs: number, endMs: number): TimeSpan => ({
  kind,
  name,
  startMs,
  endMs,
});

describe('the shares of the time', () => {
  it('are those of phases without what is looked at in them, and add up to the whole', () => {
    const spans = [
      span('phase', 'rollout', 0, 30),
      span('observation', 'observation', 40, 55),
      span('phase', 'evaluation', 30, 60),
      span('observation', 'observation', 60, 62),
      span('phase', 'rollout', 70, 80),
    ];
    expect(sharesOf(spans).phases).toEqual([
      { name: 'rollout', ms: 40, calls: 2 },
      { name: 'observation', ms: 17, calls: 2 },
      { name: 'evaluation', ms: 15, calls: 1 },
    ]);
  });

  it('count kernels by kind, within phases and observation alone', () => {
    const spans = [
      span('kernel', 'matMul', 1, 3),
      span('kernel', 'matMul', 11, 14),
      span('observation', 'observation', 10, 15),
      span('kernel', 'adamWStep', 16, 17),
      span('plan', 'policy: step', 16, 17),
      span('phase', 'step', 5, 20),
      span('kernel', 'matMul', 30, 90),
    ];
    expect(sharesOf(spans).kernels).toEqual([
      { name: 'matMul', ms: 3, calls: 1 },
      { name: 'adamWStep', ms: 1, calls: 1 },
    ]);
  });
});

describe('a timeline', () => {
  const opened = () => {
    const clock = { ms: 0 };
    return { clock, timeline: openTimeline(() => clock.ms) };
  };

  it('notes when work was done, also when it failed', async () => {
    const { clock, timeline } = opened();
    const takes = (ms: number) => {
      clock.ms += ms;
      return ms;
    };
    expect(measured('plan', 'policy: forward', () => takes(4))).toBe(4);
    expect(await measuring('phase', 'rollout', () => observing(async () => takes(3)))).toBe(3);
    expect(() =>
      measured('plan', 'dying', () => {
        takes(1);
        throw new Error('gone');
      }),
    ).toThrow('gone');
    expect(timeline.trace()).toEqual([
      span('plan', 'policy: forward', 0, 4),
      span('observation', 'observation', 4, 7),
      span('phase', 'rollout', 4, 7),
      span('plan', 'dying', 7, 8),
    ]);
  });

  it('forgets what is older than a minute, and the oldest when there is too much', () => {
    const { clock, timeline } = opened();
    timeline.add(span('phase', 'old', 0, 1));
    clock.ms = 60_001;
    expect(timeline.trace()).toEqual([]);
    for (let i = 0; i < 50_000; i++) timeline.add(span('kernel', `${i}`, clock.ms + i, clock.ms + i));
    const kept = timeline.trace().map(({ name }) => Number(name));
    expect(kept.length).toBe(40_000);
    expect([kept[0], kept.at(-1)]).toEqual([10_000, 49_999]);
  });

  it('is detailed for as long as somebody looks, and tells no more than what it saw meanwhile', () => {
    const { clock, timeline } = opened();
    timeline.add(span('phase', 'before', 0, 5));
    expect(timeline.isDetailed).toBe(false);
    clock.ms = 6;
    expect(timeline.look()).toEqual({ windowMs: 0, phases: [], kernels: [] });
    expect(timeline.isDetailed).toBe(true);
    timeline.add(span('phase', 'meanwhile', 6, 1000));
    clock.ms = 1006;
    expect(timeline.look()).toEqual({
      windowMs: 1000,
      phases: [{ name: 'meanwhile', ms: 994, calls: 1 }],
      kernels: [],
    });
    clock.ms = 9000;
    expect(timeline.look().windowMs).toBe(8994);
    clock.ms = 18_000;
    expect(timeline.look()).toEqual({ windowMs: 10_000, phases: [], kernels: [] });
    clock.ms = 28_000;
    expect(timeline.isDetailed).toBe(false);
  });
});
