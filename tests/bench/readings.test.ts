/** What the page's benchmark reads off the browser's own records. */
import { describe, expect, it } from 'vitest';
import { dataBytes } from './heap';
import { ORIGIN, type Span, type TraceEvent, tasksOf } from './tasks';

describe('bytes of data on a heap', () => {
  it('are those of objects, lists, texts and numbers, compiled code and the engine left out', () => {
    const kinds = ['hidden', 'array', 'string', 'object', 'code', 'heap number', 'native', 'object shape'];
    const meta = { node_fields: ['type', 'name', 'id', 'self_size'], node_types: [kinds] as [string[]] };
    const nodes = kinds.flatMap((_, type) => [type, 0, 2 * type + 1, 10 ** type]);
    expect(dataBytes({ snapshot: { meta }, nodes })).toBe(10 ** 1 + 10 ** 2 + 10 ** 3 + 10 ** 5);
  });
});

describe('tasks of the page', () => {
  const [PAGE, THREAD] = [
    { pid: 1, tid: 1 },
    { pid: 1, tid: 2 },
  ];
  const task = (ts: number, tdur: number, where = PAGE): TraceEvent => ({
    name: 'ThreadControllerImpl::RunTask',
    ph: 'X',
    ts,
    dur: 2 * tdur,
    tdur,
    ...where,
  });
  const mark: TraceEvent = { name: ORIGIN, ph: 'I', ts: 5_000_000, ...PAGE };

  it('are those of the thread that set the mark, by its clock, with their processor time', () => {
    const trace = [
      mark,
      task(6_000_000, 7000),
      task(6_100_000, 12_000),
      task(6_200_000, 90_000, THREAD),
      { ...task(6_300_000, 80_000), name: 'Layout' },
    ];
    expect(tasksOf(trace, 100, [])).toEqual([
      { at: 1100, ms: 14, workMs: 7 },
      { at: 1200, ms: 24, workMs: 12 },
    ]);
  });

  it('leave out what was at work while the heap was read', () => {
    const trace = [mark, task(5_400_000, 40_000), task(5_600_000, 9000)]; // at 500 and 700 ms of the page's clock
    const work = (apart: Span[]) => tasksOf(trace, 100, apart).map(({ workMs }) => workMs);
    expect(work([{ from: 450, to: 550 }])).toEqual([9]);
    expect(work([{ from: 530, to: 550 }]), 'it began before and was under way').toEqual([9]);
    expect(work([{ from: 579, to: 590 }]), 'it waited for a core meanwhile').toEqual([9]);
    expect(work([{ from: 581, to: 650 }])).toEqual([40, 9]);
  });

  it('are not to be had where the mark is missing', () => {
    expect(() => tasksOf([task(1, 2)], 0, [])).toThrow('mark');
  });
});
