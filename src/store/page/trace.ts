/** A trace of the last minute: what the computing thread measured and what its news cost the page, on one clock. */
import type { TimeSpan } from '../../contract/observations';
import { traceFile } from '../../formats/trace';
import type { Context } from '../context';

/** two steady clocks meet by the date that each read, to the millisecond */
const moved = (spans: readonly TimeSpan[], byMs: number): TimeSpan[] =>
  spans.map((span) => ({ ...span, startMs: span.startMs + byMs, endMs: span.endMs + byMs }));

export async function saveTrace({ call, now, today, pageTimeline, saveFile }: Context): Promise<void> {
  const thread = await call('engine/trace', {});
  const rows = [
    { name: 'page', spans: moved(pageTimeline.trace, today() - now()) },
    { name: 'computing thread', spans: moved(thread.spans, thread.today - thread.nowMs) },
  ];
  saveFile('rlhf-lab-trace.json', traceFile(rows), 'application/json');
}
