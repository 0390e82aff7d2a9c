import type { SweepName } from '../../contract/domain';
import type { ErrorReport } from '../../contract/errors';
import type { MetricPoint } from '../../contract/observations';
import type { Sweep } from '../../contract/sweeps';

/**
 * A sweep is three runs of one seed, one after the other, that differ in one setting. They are made from what is the
 * visitor's and change nothing of it: no stage shows them, and their models are given back.
 */

/** What came of one value. */
export interface SweepRun {
  value: number;
  totalSteps: number;
  /** with the numbers that are compared */
  history: MetricPoint[];
  /** begun: it did not come to an end, by itself or otherwise */
  status: 'begun' | 'done' | 'failed';
  /** why it stopped by itself, in words; empty otherwise */
  message: string;
}

export interface SweepRecord {
  sweepId: SweepName;
  seed: number;
  /** cut: the page was closed before the end */
  status: 'running' | 'done' | 'cancelled' | 'failed' | 'cut';
  /** those that were begun, in the order of the values */
  runs: SweepRun[];
}

export interface SweepSlice {
  /** the one under way */
  live: SweepRecord | null;
  /** ids of the models that it is made from */
  uses: readonly string[];
  error: ErrorReport | null;
  /** the last of each setting, as far as it came; survives a reload */
  records: Partial<Record<SweepName, SweepRecord>>;
  /** one at a time. Never rejects */
  start(name: SweepName, sweep: Sweep): Promise<void>;
  /** what is done stays; resolves when the thread is free of the rest */
  cancel(): Promise<void>;
}
