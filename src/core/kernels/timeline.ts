/**
 * What the computing thread did when: measured intervals, the last some ten thousand of them.
 *
 *   phase          of PPO, or a step of another run, or what is prepared before the first of them
 *     observation  what is only looked at: held-out loss, texts, the exact KL; and what is saved of it
 *     plan         a section of a recorded plan; on a graphics card, telling it to the card
 *       kernel     one entry of it, on WebAssembly, while somebody looks
 */
import type { SpanKind, TimeReading, TimeShare, TimeSpan } from '../../contract/observations';

/** some 2 MB */
const MOST = 40_000;
/** what is shown is of so many milliseconds; who looks asks again within them */
const WINDOW_MS = 10_000;
/** a trace goes so far back */
const TRACE_MS = 60_000;

export class Timeline {
  private readonly ring: TimeSpan[] = [];
  private written = 0;
  private detailedSince = 0;
  private detailedUntil = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds, steady */
  constructor(readonly now: () => number) {}

  /** every kernel costs a call of its own while it is timed, so they are only while somebody looks */
  get isDetailed(): boolean {
    return this.now() < this.detailedUntil;
  }

  add(span: TimeSpan): void {
    this.ring[this.written++ % MOST] = span;
  }

  /**
   * Somebody looks: kernels are timed for a while. @returns where the time went since somebody began to, at most the
   * last seconds
   */
  look(): TimeReading {
    const now = this.now();
    if (!this.isDetailed) this.detailedSince = now;
    this.detailedUntil = now + WINDOW_MS;
    const windowMs = Math.min(WINDOW_MS, now - this.detailedSince);
    return { windowMs, ...sharesOf(this.since(now - windowMs)) };
  }

  /** the last minute, in the order in which they ended */
  trace(): TimeSpan[] {
    return this.since(this.now() - TRACE_MS);
  }

  private since(startMs: number): TimeSpan[] {
    const oldest = this.written % Math.max(1, this.ring.length);
    return [...this.ring.slice(oldest), ...this.ring.slice(0, oldest)].filter((span) => span.startMs >= startMs);
  }
}

class Shares {
  private readonly shares = new Map<string, TimeShare>();

  add(name: string, ms: number): void {
    const { ms: before, calls } = this.shares.get(name) ?? { ms: 0, calls: 0 };
    this.shares.set(name, { name, ms: before + ms, calls: calls + 1 });
  }

  get inOrder(): TimeShare[] {
    return [...this.shares.values()].sort((a, b) => b.ms - a.ms);
  }
}

const lengthOf = ({ startMs, endMs }: TimeSpan): number => endMs - startMs;

/**
 * @param spans in the order in which they ended, so that what lies within another comes before it
 * @returns phases without what was observed in them, observation beside them, and the kernels of both; the most first
 */
export function sharesOf(spans: readonly TimeSpan[]): Pick<TimeReading, 'phases' | 'kernels'> {
  const [phases, kernels] = [new Shares(), new Shares()];
  let played: TimeSpan[] = [];
  let observed: TimeSpan[] = [];
  for (const span of spans) {
    if (span.kind === 'kernel') played.push(span);
    if (span.kind !== 'phase' && span.kind !== 'observation') continue;
    for (const kernel of played) if (kernel.startMs >= span.startMs) kernels.add(kernel.name, lengthOf(kernel));
    played = [];
    if (span.kind === 'observation') observed.push(span);
    const within = span.kind === 'phase' ? observed.filter(({ startMs }) => startMs >= span.startMs) : [];
    if (span.kind === 'phase') observed = [];
    phases.add(
      span.name,
      within.reduce((rest, one) => rest - lengthOf(one), lengthOf(span)),
    );
  }
  return { phases: phases.inOrder, kernels: kernels.inOrder };
}

let current: Timeline | null = null;

/** from now on what is `measured` is noted there */
export function openTimeline(now: () => number): Timeline {
  current = new Timeline(now);
  return current;
}

export const isDetailed = (): boolean => current?.isDetailed ?? false;

/** does the work, and notes when */
export function measured<T>(kind: SpanKind, name: string, work: () => T): T {
  const timeline = current;
  if (!timeline) return work();
  const startMs = timeline.now();
  try {
    return work();
  } finally {
    timeline.add({ kind, name, startMs, endMs: timeline.now() });
  }
}

/** what is only looked at */
export const observing = <T>(work: () => Promise<T>): Promise<T> => measuring('observation', 'observation', work);

/** the same for work that waits for something */
export async function measuring<T>(kind: SpanKind, name: string, work: () => Promise<T>): Promise<T> {
  const timeline = current;
  if (!timeline) return work();
  const startMs = timeline.now();
  try {
    return await work();
  } finally {
    timeline.add({ kind, name, startMs, endMs: timeline.now() });
  }
}
