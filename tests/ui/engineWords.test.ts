import { describe, expect, it } from 'vitest';
import { RUN_KINDS, type RunKind } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import type { LabState } from '../../src/store/state';
import { currentSpeed } from '../../src/ui/shell/engineWords';
import { oneThreadWords } from '../../src/ui/shell/oneThreadWords';

const idle = { state: null, history: [] };
const at = (kind: RunKind, status: string, ...values: MetricValues[]): LabState =>
  ({
    runs: {
      ...Object.fromEntries(RUN_KINDS.map((name) => [name, idle])),
      [kind]: { state: { status }, history: values.map((v) => ({ values: v })) },
    },
  }) as unknown as LabState;

describe('the speed of what runs', () => {
  it.each(RUN_KINDS)('is told of every kind of run: %s', (kind) => {
    expect(currentSpeed(at(kind, 'running', { 'perf/stepMs': 243, 'perf/tokensPerSecond': 9876 }))).toBe('9,900 tok/s');
    expect(currentSpeed(at(kind, 'paused', { 'perf/tokensPerSecond': 9876 }))).toBeNull();
  });

  it('is told in steps where no tokens are counted, and not at all before the first', () => {
    expect(currentSpeed(at('dpo', 'running', { 'perf/stepMs': 243 }))).toBe('4.10 steps/s');
    expect(currentSpeed(at('bestOf', 'running', { 'perf/stepMs': 500 }, {}))).toBe('2.00 prompts/s');
    expect(currentSpeed(at('reward', 'running', { 'perf/stepMs': 0 }))).toBeNull();
    expect(currentSpeed(at('reward', 'running'))).toBeNull();
  });
});

describe('one thread', () => {
  const info = { threads: 1, threadsUp: 1, crossOriginIsolated: true };

  it('is told with its cause, and more are not', () => {
    expect(oneThreadWords({ ...info, crossOriginIsolated: false }, 8)).toMatch(
      /no isolation headers, or the page is no https/,
    );
    expect(oneThreadWords(info, 1)).toMatch(/one core/);
    expect(oneThreadWords(info, 8)).toMatch(/no other came up in time/);
    expect(oneThreadWords({ ...info, threadsUp: 4 }, 8)).toMatch(/4 were no faster/);
    expect(oneThreadWords({ ...info, threads: 2 }, 8)).toBeNull();
    expect(oneThreadWords({ ...info, threads: null }, 8)).toBeNull();
  });
});
