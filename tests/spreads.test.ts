import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { append, maxOf, minOf } from '../src/contract/many';

const SRC = resolve('src');

/**
 * Calls that may be given a list by a spread, because what they are given is bounded by our own code and by no file,
 * text or vote: `file: argument`. A list that a visitor can make longer goes through `contract/many.ts`.
 */
const BOUNDED = new Set([
  // arguments handed on as they came
  'core/kernels/gpu/account.ts: range',
  'store/rememberLast.ts: args',
  'store/persistence/restore.ts: asked',
  'store/persistence/restore.ts: call',
  'store/persistence/vault.ts: values',
  'worker/corpora.ts: draw',
  // instructions and bindings of a kernel
  'core/kernels/rowMath.ts: REGISTERS.map((i) => code(get(s0), lane(i), i > 0 ? addFloat : []))',
  'core/kernels/rowMath.ts: accumulate',
  'core/kernels/rowMath.ts: floats',
  'core/kernels/rowMath.ts: load',
  'core/kernels/rowMath.ts: square.map(() => bump(x, get(columnBytes)))',
  'core/kernels/rowMath.ts: store',
  'core/kernels/rowMath.ts: vectors.map((vector) => code(zero4, set(vector)))',
  'core/kernels/wasmAssembler.ts: floats.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3])',
  'core/kernels/wasmAssembler.ts: new Array<number>(16).fill(0)',
  'core/kernels/wasmAssembler.ts: unsigned(offset)',
  // one for each column of a rollout, each parameter of a network, each metric step in flight
  'core/model/fused/rolloutWriter.ts: found.columns.map((column) => stepOf(options, column, random))',
  'core/tensor/prefix.ts: saved',
  'core/train/stepsInFlight.ts: unreported.map((metrics, i) => ({ step: first + i, metrics: Promise.resolve(metrics) }))',
  // two or three of each: completions of a pair, ends of an axis, lines of a chart, sentences
  'store/persistence/thin.ts: extremes(points, from, to)',
  'ui/charts/ChartTable.tsx: series.map((line) => line.points.at(-1)?.step ?? 0)',
  'ui/charts/lineData.ts: (range ?? ([0, 0] as const))',
  'ui/charts/lineData.ts: (range ?? ([0, 1] as const))',
  'ui/panels/Optimise/assessRun.ts: outcome.troubles',
  'ui/panels/Optimise/assessRun.ts: troubles',
  // cut to two hundred points
  'ui/panels/useChartView.ts: history.slice(-200).map((point) => point.values)',
]);

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** every node of a program, in no order */
function* nodesOf(root: unknown): Generator<Node> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (typeof value === 'object' && value !== null) {
      if (isNode(value)) yield value;
      for (const inner of Object.values(value)) waiting.push(inner);
    }
  }
}

/** arguments of calls that are a list spread out, as they are written */
function spreadsIn(code: string, name = 'sample.tsx'): string[] {
  const found: string[] = [];
  for (const node of nodesOf(parseSync(name, code).program)) {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') continue;
    for (const argument of node.arguments as Node[]) {
      if (argument.type !== 'SpreadElement') continue;
      const { start, end } = argument.argument as Node;
      found.push(code.slice(start, end).replace(/\s+/g, ' '));
    }
  }
  return found;
}

const sourceFiles = (): string[] =>
  readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

describe('lists that may be long', () => {
  const spreads = sourceFiles().flatMap((file) =>
    spreadsIn(readFileSync(file, 'utf8'), file).map(
      (argument) => `${relative(SRC, file).split(sep).join('/')}: ${argument}`,
    ),
  );

  it('are never spread into the arguments of a call', () => {
    expect([...new Set(spreads)].filter((spread) => !BOUNDED.has(spread))).toEqual([]);
  });

  it('are the only ones not allowed: what is allowed is still there', () => {
    expect([...BOUNDED].filter((spread) => !spreads.includes(spread))).toEqual([]);
  });

  it('are found in calls and constructors, and neither in lists nor in parameters', () => {
    expect(spreadsIn('f(1, ...a.b(c)); new F(...d); [...e]; ({ ...g }); (...h) => h; function k(...l) {}')).toEqual(
      expect.arrayContaining(['a.b(c)', 'd']),
    );
    expect(spreadsIn('[...e]; ({ ...g }); (...h) => h; function k(...l: number[]) {}')).toEqual([]);
  });

  it('have a largest and a smallest value and can be appended, a million of them', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i % 1000) - 500);
    expect(maxOf(values)).toBe(499);
    expect(minOf(values)).toBe(-500);
    const list = [7];
    append(list, values);
    expect(list.length).toBe(1_000_001);
    expect([maxOf([]), maxOf([], 3), minOf([]), minOf([5], 3), maxOf([1, Number.NaN, 2])]).toEqual([
      -Infinity,
      3,
      Infinity,
      3,
      Number.NaN,
    ]);
  });
});
