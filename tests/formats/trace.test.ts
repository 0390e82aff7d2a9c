import { describe, expect, it } from 'vitest';
import type { SpanKind, TimeSpan } from '../../src/contract/observations';
import { Random } from '../../src/core/tensor/random';
import { type TraceEvent, traceEvents, traceFile } from '../../src/formats/trace';
import { traceFault } from '../helpers/traceFormat';

const span = (name: string, startMs: number, endMs: number, kind: SpanKind = 'phase'): TimeSpan => ({
  kind,
  name,
  startMs,
  endMs,
});
const timesOf = (spans: TimeSpan[]) => traceEvents([{ name: 'thread', spans }]).filter(({ ph }) => ph === 'X');

describe('a trace', () => {
  it('has a name for the page and each thread, and whole microseconds since the first event', () => {
    const rows = [
      { name: 'page', spans: [span('news', 1_000_000_002, 1_000_000_003.5, 'page')] },
      { name: 'computing thread', spans: [span('rollout', 1_000_000_000.5, 1_000_000_010.25)] },
    ];
    expect(traceEvents(rows)).toEqual([
      { ph: 'M', pid: 1, tid: 0, name: 'process_name', ts: 0, args: { name: 'RLHF Lab' } },
      { ph: 'M', pid: 1, tid: 1, name: 'thread_name', ts: 0, args: { name: 'page' } },
      { ph: 'M', pid: 1, tid: 2, name: 'thread_name', ts: 0, args: { name: 'computing thread' } },
      { ph: 'X', pid: 1, tid: 2, name: 'rollout', cat: 'phase', ts: 0, dur: 9750 },
      { ph: 'X', pid: 1, tid: 1, name: 'news', cat: 'page', ts: 1500, dur: 1500 },
    ]);
    expect(JSON.parse(traceFile(rows))).toEqual({ displayTimeUnit: 'ms', traceEvents: traceEvents(rows) });
  });

  it('rises in time, the outer of two that begin together first, in whatever order they ended', () => {
    const events = timesOf([span('kernel', 0, 1), span('later', 5, 6), span('plan', 0, 4), span('phase', 0, 8)]);
    expect(events.map(({ name }) => name)).toEqual(['phase', 'plan', 'kernel', 'later']);
    expect(new Set(events.map(({ tid }) => tid)).size).toBe(1);
  });

  it('gives what overlaps only in part a thread of its own, so that all events of a thread nest', () => {
    const spans = Array.from({ length: 300 }, (_, i) =>
      span(`${i}`, (i * 37) % 101, ((i * 37) % 101) + 1 + ((i * 13) % 29)),
    );
    const all = timesOf(spans);
    const lanes = new Set(all.map(({ tid }) => tid));
    expect(all.length).toBe(300);
    expect(lanes.size).toBeGreaterThan(1);
    expect(traceFault(traceFile([{ name: 'thread', spans }]))).toBeNull();
  });

  it('is what the format asks for, whatever was measured, down to what lasts less than a microsecond', () => {
    const random = Random.fromSeed(1);
    /** calls within calls, to the depth that is left; edges may touch, and many are shorter than a microsecond */
    const within = (from: number, to: number, depth: number): TimeSpan[] => {
      const edges = Array.from({ length: 6 }, () => from + (to - from) * random.next()).sort((a, b) => a - b);
      const inner = edges.slice(1).flatMap((end, i) => (depth > 0 ? within(edges[i]!, end, depth - 1) : []));
      return [...inner, span(`depth ${depth}`, from, to, depth > 1 ? 'plan' : 'kernel')];
    };
    const rows = [
      { name: 'page', spans: within(3e8, 3e8 + 40, 2).map((one) => ({ ...one, startMs: one.startMs - 0.0004 })) },
      { name: 'computing thread', spans: within(3e8, 3e8 + 20, 4) },
      { name: 'nothing', spans: [] },
    ];
    expect(rows[1]!.spans.length).toBeGreaterThan(700);
    expect(traceFault(traceFile(rows))).toBeNull();
  });

  const last = (change: Partial<Record<keyof TraceEvent, unknown>>) => (events: readonly TraceEvent[]) =>
    events.map((event, i) => (i === events.length - 1 ? { ...event, ...change } : event));
  it.each<[string, (events: readonly TraceEvent[]) => object[]]>([
    ['inner overlaps outer', last({ dur: 9e6 })],
    ['inner begins at 0.5', last({ ts: 0.5 })],
    ['inner lasts', last({ dur: undefined })],
    ['inner lasts -1', last({ dur: -1 })],
    ['inner has no category', last({ cat: '' })],
    ['0 names of thread 1/7', last({ tid: 7 })],
    ['phase B', last({ ph: 'B' })],
    ['comes late', (events) => [...events, { ...events.at(-1)!, ts: 0 }]],
    ['2 names of thread 1/1', (events) => [events[1]!, ...events]],
    ['thread_name says none', ([first, second, ...rest]) => [first!, { ...second, args: {} }, ...rest]],
    ['has not one name', ([, ...rest]) => rest],
  ])('is not what the format asks for: %s', (fault, spoilt) => {
    const rows = [{ name: 'thread', spans: [span('inner', 1, 2), span('outer', 0, 4)] }];
    const file = { displayTimeUnit: 'ms', traceEvents: traceEvents(rows) };
    expect(traceFault(JSON.stringify(file))).toBeNull();
    expect(traceFault(JSON.stringify({ ...file, traceEvents: spoilt(file.traceEvents) }))).toContain(fault);
  });

  it('never has what touches overlap by rounding', () => {
    const edges = Array.from({ length: 50 }, (_, i) => i * 0.123456789);
    const events = timesOf(edges.slice(1).map((end, i) => span(`${i}`, edges[i]!, end)));
    events.slice(1).forEach(({ ts }, i) => {
      expect(ts).toBe(events[i]!.ts + events[i]!.dur!);
    });
  });

  it('of nothing is a file all the same', () => {
    expect(traceEvents([{ name: 'page', spans: [] }]).map(({ ph, tid }) => [ph, tid])).toEqual([
      ['M', 0],
      ['M', 1],
    ]);
  });
});
