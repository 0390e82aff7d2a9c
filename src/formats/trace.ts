/**
 * Measured intervals as Chrome's Trace Event Format, which Perfetto and chrome://tracing open: complete events (`ph`
 * X), microseconds, one thread (`tid`) per row. Events of one thread must nest, so what overlaps in part moves to a
 * thread of its own. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import type { TimeSpan } from '../contract/observations';

export interface TraceRow {
  name: string;
  spans: readonly TimeSpan[];
}

export interface TraceEvent {
  ph: 'X' | 'M';
  pid: 1;
  tid: number;
  name: string;
  /** microseconds since the first event */
  ts: number;
  dur?: number;
  cat?: string;
  args?: { name: string };
}

/** what lies around another comes first */
const outerFirst = (a: TimeSpan, b: TimeSpan): number => a.startMs - b.startMs || b.endMs - a.endMs;

/**
 * @returns the spans in as few lanes as it takes: in each, two lie apart or one within the other; by their beginnings
 */
function lanesOf(spans: readonly TimeSpan[]): TimeSpan[][] {
  const lanes: { spans: TimeSpan[]; open: TimeSpan[] }[] = [];
  for (const span of [...spans].sort(outerFirst)) {
    const takes = ({ open }: (typeof lanes)[number]) => {
      while (open.length > 0 && open.at(-1)!.endMs <= span.startMs) open.pop();
      return open.length === 0 || span.endMs <= open.at(-1)!.endMs;
    };
    const lane = lanes.find(takes);
    if (lane) {
      lane.spans.push(span);
      lane.open.push(span);
    } else lanes.push({ spans: [span], open: [span] });
  }
  return lanes.map((lane) => lane.spans);
}

/** @param rows on one clock; a row without spans has its name all the same */
export function traceEvents(rows: readonly TraceRow[]): TraceEvent[] {
  const origin = rows
    .flatMap(({ spans }) => spans)
    .reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
  const micros = (ms: number): number => Math.round(1000 * (ms - origin));
  const names: TraceEvent[] = [{ ph: 'M', pid: 1, tid: 0, name: 'process_name', ts: 0, args: { name: 'RLHF Lab' } }];
  const events: TraceEvent[] = [];
  for (const { name, spans } of rows) {
    const lanes = lanesOf(spans);
    for (const lane of lanes.length > 0 ? lanes : [[]]) {
      const tid = names.length;
      names.push({ ph: 'M', pid: 1, tid, name: 'thread_name', ts: 0, args: { name } });
      for (const { kind, name, startMs, endMs } of lane) {
        const ts = micros(startMs);
        events.push({ ph: 'X', pid: 1, tid, name, cat: kind, ts, dur: micros(endMs) - ts });
      }
    }
  }
  return [...names, ...events.sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)];
}

export const traceFile = (rows: readonly TraceRow[]): string =>
  JSON.stringify({ displayTimeUnit: 'ms', traceEvents: traceEvents(rows) });
