/**
 * What the Trace Event Format asks of a file of complete events, and Perfetto with it, which leaves out what it does not
 * ask for: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU ("Complete Events",
 * "Metadata Events", "JSON Object Format"), https://github.com/google/perfetto/issues/4280 (events that overlap).
 */
type Json = Record<string, unknown>;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const KEYS = {
  X: ['ph', 'pid', 'tid', 'name', 'cat', 'ts', 'dur'],
  M: ['ph', 'pid', 'tid', 'name', 'ts', 'args'],
};

function faultOfEvent(event: Json): string | null {
  const { ph, pid, tid, name, ts, dur, cat, args } = event;
  if (ph !== 'X' && ph !== 'M') return `phase ${String(ph)}`;
  const other = Object.keys(event).find((key) => !KEYS[ph].includes(key));
  if (other) return `${other} in an event of phase ${ph}`;
  if (!isCount(pid) || !isCount(tid)) return `process ${String(pid)}, thread ${String(tid)}`;
  if (!isName(name)) return 'an event without a name';
  if (!isCount(ts)) return `${name} begins at ${String(ts)}`;
  if (ph === 'X') {
    if (!isCount(dur)) return `${name} lasts ${String(dur)}`;
    return isName(cat) ? null : `${name} has no category`;
  }
  if (name !== 'process_name' && name !== 'thread_name') return `metadata ${name}`;
  return isName((args as Json | undefined)?.name) ? null : `${name} says none`;
}

interface Complete {
  tid: number;
  name: string;
  ts: number;
  dur: number;
}

/** in a thread two events lie apart, or one within the other, and whoever lies around comes first */
function faultOfThread(events: readonly Complete[]): string | null {
  const open: Complete[] = [];
  let last = 0;
  for (const event of events) {
    if (event.ts < last) return `${event.name} comes late`;
    last = event.ts;
    while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur <= event.ts) open.pop();
    const around = open.at(-1);
    if (around && event.ts + event.dur > around.ts + around.dur) return `${event.name} overlaps ${around.name}`;
    open.push(event);
  }
  return null;
}

function grouped(events: readonly Json[], keyOf: (event: Json) => string): Map<string, Json[]> {
  const groups = new Map<string, Json[]>();
  for (const event of events) groups.set(keyOf(event), [...(groups.get(keyOf(event)) ?? []), event]);
  return groups;
}

/** @returns what is wrong with a trace, in words; null for a good one */
export function traceFault(file: string): string | null {
  const whole = JSON.parse(file) as Json;
  if (whole.displayTimeUnit !== 'ms' && whole.displayTimeUnit !== 'ns') return 'no unit to show';
  if (!Array.isArray(whole.traceEvents)) return 'no events';
  const events = whole.traceEvents as Json[];
  const fault = events.map(faultOfEvent).find((one) => one !== null);
  if (fault) return fault;
  for (const [thread, own] of grouped(events, ({ pid, tid }) => `${pid}/${tid}`)) {
    const names = own.filter(({ ph, name }) => ph === 'M' && name === 'thread_name').length;
    const complete = own.filter(({ ph }) => ph === 'X') as unknown as Complete[];
    if (names > 1 || (complete.length > 0 && names === 0)) return `${names} names of thread ${thread}`;
    const wrong = faultOfThread(complete);
    if (wrong) return `thread ${thread}: ${wrong}`;
  }
  for (const [process, own] of grouped(events, ({ pid }) => `${pid}`)) {
    const names = own.filter(({ name }) => name === 'process_name').length;
    if (names !== 1) return `process ${process} has not one name`;
  }
  return null;
}
