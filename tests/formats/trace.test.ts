import { describe, expect, it } from 'vitest';
import type { SpanKind, TimeSpan } from '../../src/contract/observations';
import { traceEvents, traceFile } from '../../src/formats/trace';

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
    for (const lane of lanes) {
      const events = all.filter(({ tid }) => tid === lane);
      const open: number[] = [];
      for (const { ts, dur } of events) {
        while (open.length > 0 && open.at(-1)! <= ts) open.pop();
        expect(open.at(-1) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(ts + dur!);
        open.push(ts + dur!);
      }
    }
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
