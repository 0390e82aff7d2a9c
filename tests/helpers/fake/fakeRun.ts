/** A run that moves only when it is told to, and emits what a real one would. */

import type { CheckpointInfo, PpoPhase, RunSpec } from '../../../src/contract/domain';
import { countOf } from '../../../src/contract/numbers';
import type { EventKind, Events, RunState } from '../../../src/contract/protocol';
import { bestOfAt } from './bestOf';
import * as curves from './curves';
import * as stories from './stories';

const PHASES: readonly PpoPhase[] = ['rollout', 'evaluation', 'optimisation'];
export type Emit = <K extends EventKind>(event: K, data: Events[K]) => void;

/** What a snapshot of a scripted run holds. */
export interface Saved {
  fake: 'run';
  spec: RunSpec;
  step: number;
  phase: PpoPhase | null;
  knobs: { klCoef: number; learningRate: number };
}

function totalOf(spec: RunSpec): number {
  if (spec.kind === 'ppo') return spec.config.iterations;
  if (spec.kind === 'bestOf') return spec.config.prompts;
  if (spec.kind === 'finetune')
    return spec.config.epochs * Math.max(1, Math.ceil(spec.demonstrations.length / spec.config.batchSize));
  return spec.config.steps || 100;
}

export class FakeRun {
  readonly total: number;
  state: RunState;
  private knobs = { klCoef: 0, learningRate: 0 };
  private until = Number.POSITIVE_INFINITY;

  constructor(
    private readonly runId: string,
    readonly spec: RunSpec,
    private readonly emit: Emit,
    private readonly finish: (run: FakeRun) => CheckpointInfo | null,
  ) {
    this.total = totalOf(spec);
    if (spec.kind === 'ppo') this.knobs = { klCoef: spec.config.klCoef, learningRate: spec.config.learningRate };
    this.state = {
      runId,
      kind: spec.kind,
      status: 'idle',
      step: 0,
      totalSteps: this.total,
      phase: spec.kind === 'ppo' ? 'rollout' : null,
      phaseMs: {},
      elapsedMs: 0,
      message: 'Ready.',
      checkpointId: null,
    };
  }

  get over(): boolean {
    return this.state.status === 'done' || this.state.status === 'failed';
  }

  set(change: Partial<RunState>): RunState {
    this.state = { ...this.state, ...change };
    this.emit('run/state', this.state);
    return this.state;
  }

  adjust(knobs: { klCoef?: number | undefined; learningRate?: number | undefined }): RunState {
    this.knobs = {
      klCoef: knobs.klCoef ?? this.knobs.klCoef,
      learningRate: knobs.learningRate ?? this.knobs.learningRate,
    };
    return this.state;
  }

  /** @param until pauses by itself after so many steps */
  play(until = Number.POSITIVE_INFINITY): RunState {
    if (this.over || this.state.step >= until) return this.state;
    this.until = until;
    return this.set({ status: 'running', message: 'Training.' });
  }

  /** one step; for PPO one phase */
  step(): void {
    if (this.over) return;
    const { phase } = this.state;
    if (phase === null) {
      this.completeStep();
      return;
    }
    const next = PHASES[(PHASES.indexOf(phase) + 1) % PHASES.length] as PpoPhase;
    const phaseMs = { ...this.state.phaseMs, [phase]: curves.PHASE_MS[phase] };
    this.state = { ...this.state, phase: next, phaseMs };
    if (phase === 'rollout')
      this.emit('run/rollouts', {
        runId: this.runId,
        step: this.state.step + 1,
        rows: curves.rolloutsAt(this.state.step),
      });
    if (phase === 'optimisation') this.completeStep();
    else this.set({ message: `Iteration ${this.state.step + 1} of ${this.total}: ${phase} done.` });
  }

  /** to the end of the step in hand, then on to `steps` whole ones */
  advance(steps: number): void {
    const goal = Math.min(this.total, this.state.step + steps);
    while (!this.over && this.state.step < Math.min(goal, this.until)) this.step();
  }

  snapshot(): Uint8Array {
    const saved: Saved = {
      fake: 'run',
      spec: this.spec,
      step: this.state.step,
      phase: this.state.phase,
      knobs: this.knobs,
    };
    return new TextEncoder().encode(JSON.stringify(saved));
  }

  restore(saved: Saved): void {
    this.knobs = saved.knobs;
    this.state = { ...this.state, step: saved.step, phase: saved.phase, status: saved.step > 0 ? 'paused' : 'idle' };
  }

  emitSnapshot(): void {
    const { step, kind } = this.state;
    this.emit('run/snapshot', { runId: this.runId, kind, step, bytes: this.snapshot() });
  }

  values(): ReturnType<typeof curves.valuesAt> {
    return curves.valuesAt(this.spec, this.state.step, this.total, this.knobs);
  }

  private completeStep(): void {
    const step = this.state.step + 1;
    this.state = { ...this.state, step, elapsedMs: this.state.elapsedMs + (this.spec.kind === 'ppo' ? 640 : 50) };
    this.emit('run/metrics', {
      runId: this.runId,
      points: [{ step, elapsedMs: this.state.elapsedMs, values: this.values() }],
    });
    this.emitExtras(step);
    if (step < this.total) {
      this.set({ message: `Step ${step} of ${this.total}.`, ...(step >= this.until && { status: 'paused' }) });
      return;
    }
    const info = this.finish(this);
    this.set({
      status: 'done',
      checkpointId: info?.checkpointId ?? null,
      message: `Done after ${countOf(step, 'step')}.`,
    });
  }

  private emitExtras(step: number): void {
    const { runId, spec } = this;
    if (spec.kind === 'reward')
      this.emit('run/review', { runId, step, review: curves.reviewAt(step, this.total, spec) });
    if (spec.kind === 'bestOf') this.emit('run/bestOf', { runId, step, result: bestOfAt(spec, step) });
    else if (spec.kind !== 'pretrain' && spec.kind !== 'reward')
      this.emit('run/beforeAfter', { runId, step, rows: beforeAfter(step) });
    if (spec.kind !== 'pretrain' || (step % spec.config.evalEvery !== 0 && step !== this.total)) return;
    const samples = [{ prompt: spec.fixedPrompt, completion: stories.completion(`fixed ${step}`) }];
    this.emit('run/samples', { runId, step, samples });
    this.emit('run/attention', {
      runId,
      step,
      maps: curves.attention(spec.fixedPrompt, spec.model.layers, spec.model.heads),
    });
  }
}

const beforeAfter = (step: number) =>
  [0, 1, 2].map((i) => ({
    prompt: stories.prompt(`fixed ${i}`),
    before: stories.completion(`before ${i}`, 0.3),
    after: stories.completion(`after ${i} ${Math.floor(step / 5)}`, 0.3 + step / 60),
  }));
