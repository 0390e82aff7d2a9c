/** One kind of training as the run controller sees it: something that can be pulled, saved and thrown away. */
import type { TrunkRef } from '../contract/adapters';
import type { Arithmetic, KernelStyleName, LiveKnobs } from '../contract/config';
import type { CheckpointInfo, PpoPhase, RunKind } from '../contract/domain';
import type { MetricValues } from '../contract/metrics';
import type { RulePair } from '../contract/preferences';
import type { RunBatch } from '../contract/stepBatch';
import type { CausalNetwork } from '../core/model/causalNetwork';

/** What one pull brought. */
export interface Progress {
  /** of the step just finished; null after a PPO phase that is not the last of its iteration */
  values: MetricValues | null;
}

/** What a run remembers beside its weights; travels in its snapshots. */
export interface RunMemory {
  /** milliseconds of running time, pauses not counted */
  elapsedMs: number;
  /** the last value of every metric */
  latest: MetricValues;
  /** the checkpoint of the finished run */
  checkpointId: string | null;
  /**
   * whose rounding its numbers have; left out by runs that were stored before there was more than one on WebAssembly
   */
  arithmetic?: Arithmetic | undefined;
  /** how the kernels are written that computed it on a graphics card */
  kernels?: KernelStyleName | undefined;
  /** the model that it learns on by adapters, where that is too large to be in the snapshot */
  trunk?: TrunkRef | undefined;
}

/** A checkpoint on the shelf, with its file for storage. */
export interface SavedModel {
  info: CheckpointInfo;
  bytes: Uint8Array;
}

export interface Driver {
  readonly kind: RunKind;
  readonly totalSteps: number;
  /** whole steps finished */
  readonly step: number;
  /** PPO: the phase that comes next */
  readonly phase: PpoPhase | null;
  /** checkpoints this run was made from */
  readonly parents: readonly string[];
  /** pairs that the rule labelled when the run was made; it learns from them beside what people said */
  readonly labels: readonly RulePair[];
  /** the network that learns, for looking inside; borrowed */
  readonly network: CausalNetwork;
  /** one step, for PPO one phase; null when nothing is left to do */
  next(): Promise<Progress | null>;
  /**
   * Called in the middle of a pull, between slices of writing, passes and updates: while it waits, the run may be saved
   * and kept when it `isWhole`. What it throws gives the pull up. Set by whoever pulls.
   */
  betweenSlices?: (() => Promise<void>) | undefined;
  /**
   * false in the middle of a pull that has learned something which is not reported yet: there is nothing worth saving
   */
  readonly isWhole: boolean;
  /** tells what only a watching page needs: samples, attention, rollouts; `last` at a pause or the end */
  show(last: boolean): Promise<void>;
  watch(attention: boolean): void;
  adjust(knobs: LiveKnobs): void;
  /** the batch that was trained on last, read when somebody asks; null where none is kept or none was yet */
  batch(): Promise<RunBatch | null>;
  /** while it `isWhole`: between two pulls, or two slices; within a PPO iteration, the state before it */
  save(memory: RunMemory): Promise<Uint8Array>;
  /** puts the model as it stands on the shelf; null where nothing is trained */
  keep(metrics: MetricValues): Promise<SavedModel | null>;
  dispose(): Promise<void>;
}
