import type { BackendName, ExecutorName } from '../../contract/config';
import type { EngineInfo, ProbeResult } from '../../contract/domain';
import type { EngineSlice, LabState } from '../../store/state';
import { formatCount, formatNumber } from '../primitives/format';

export const BACKEND_WORDS: Record<BackendName, string> = { webgpu: 'WebGPU', wasm: 'WebAssembly', webgl: 'WebGL', cpu: 'JavaScript' };
export const EXECUTOR_WORDS: Record<ExecutorName, string> = { fused: 'fused', portable: 'portable' };

export const STATUS_WORDS: Record<EngineSlice['status'], string> = {
  starting: 'starting…',
  ready: 'ready',
  crashed: 'stopped',
  restarting: 'restarting…',
  failed: 'not available',
};

/** Tokens per second of whatever runs now, in steps of two digits so that the badge does not flicker; null when nothing runs. */
export function currentSpeed({ runs }: LabState): number | null {
  for (const run of [runs.ppo, runs.reward, runs.pretrain]) {
    if (run.state?.status !== 'running') continue;
    const speed = run.history.findLast((point) => point.values['perf/tokensPerSecond'] !== undefined)?.values['perf/tokensPerSecond'];
    if (speed !== undefined) return Number(speed.toPrecision(2));
  }
  return null;
}

/** " · portable · 96 steps/s", after the backend's name */
export function badgeDetails(info: EngineInfo, probe: ProbeResult | null, speed: number | null, compiling: number | null): string {
  const parts = ['', EXECUTOR_WORDS[info.executor]];
  if (compiling !== null) parts.push(`compiling kernels, ${Math.round(100 * compiling)} %`);
  else if (speed !== null) parts.push(`${formatCount(speed)} tok/s`);
  else if (probe) parts.push(`${formatNumber(1000 / probe.stepMs)} steps/s`);
  return parts.join(' · ');
}
