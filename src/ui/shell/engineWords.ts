import type { BackendName, ExecutorName } from '../../contract/config';
import { type EngineInfo, type ProbeResult, RUN_KINDS } from '../../contract/domain';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import type { EngineSlice, LabState } from '../../store/state';
import { formatCount, formatInteger, formatNumber } from '../primitives/format';

export const BACKEND_WORDS: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'JavaScript',
};
/** where there is no room for more */
export const BACKEND_SHORT: Record<BackendName, string> = { webgpu: 'WebGPU', wasm: 'WASM', webgl: 'WebGL', cpu: 'JS' };
export const EXECUTOR_WORDS: Record<ExecutorName, string> = { fused: 'fused', portable: 'portable' };

export const STATUS_SHORT: Record<EngineSlice['status'], string> = {
  starting: '…',
  ready: '✓',
  crashed: '✕',
  restarting: '…',
  failed: '✕',
};
export const STATUS_WORDS: Record<EngineSlice['status'], string> = {
  starting: 'starting…',
  ready: 'ready',
  crashed: 'stopped',
  restarting: 'restarting…',
  failed: 'not available',
};

const latest = (history: readonly MetricPoint[], id: MetricId): number | undefined =>
  history.findLast(({ values }) => values[id] !== undefined)?.values[id];

/** two digits, so that the badge does not flicker */
const steady = (value: number): number => Number(value.toPrecision(2));

/** How fast whatever runs now is, in tokens where it counts them; null when nothing runs that was measured. */
export function currentSpeed({ runs }: LabState): string | null {
  for (const kind of RUN_KINDS) {
    const { state, history } = runs[kind];
    if (state?.status !== 'running') continue;
    const tokens = latest(history, 'perf/tokensPerSecond');
    if (tokens !== undefined) return `${formatCount(steady(tokens))} tok/s`;
    const stepMs = latest(history, 'perf/stepMs');
    if (stepMs) return `${formatNumber(steady(1000 / stepMs))} ${kind === 'bestOf' ? 'prompts' : 'steps'}/s`;
  }
  return null;
}

const threadWords = ({ threads }: EngineInfo): string[] =>
  threads === null ? [] : [threads === 1 ? '1 thread' : `${threads} threads`];

const joined = (parts: readonly string[]): string => parts.map((part) => ` · ${part}`).join('');

/** " · fused · 2 threads · fast", after the backend's name */
export const badgeDetails = (info: EngineInfo): string =>
  joined([EXECUTOR_WORDS[info.executor], ...threadWords(info), ...(info.fast ? ['fast'] : [])]);

/** " · 96 steps/s", after the details: of what runs now, else what the probe measured */
export function badgeSpeed(probe: ProbeResult | null, speed: string | null, compiling: number | null): string {
  if (compiling !== null) return joined([`compiling kernels, ${Math.round(100 * compiling)} %`]);
  if (speed !== null) return joined([speed]);
  return joined(probe ? [`${formatNumber(1000 / probe.stepMs)} steps/s`] : []);
}

/** where the bytes lie: recorded plans hold theirs outside of tensors */
export function memoryWords({ backend, executor }: EngineInfo, tensors: number): string {
  if (backend === 'webgpu') return 'on the graphics card';
  return executor === 'fused' ? 'of WebAssembly memory' : `in ${formatInteger(tensors)} tensors`;
}
