/** What another library is asked to do, and what it answers. */
import type { ModelConfig, OptimizerConfig, PpoConfig } from '../../../src/contract/config';
import type { NamedTensors } from '../../../src/core/model/causalNetwork';

export interface Model {
  config: ModelConfig;
  weights: NamedTensors;
}

type Rows = number[][];
/** A piece of work with all that it needs; weights are those before the first step. */
export type Task =
  | { kind: 'step'; model: Model; tokens: Rows; optimizer: OptimizerConfig; learningRate: number }
  | { kind: 'generate'; model: Model; prompts: Rows; completionLength: number; temperature: number; written: Rows }
  | {
      kind: 'ppo';
      model: Model;
      rewardModel: Model;
      config: PpoConfig;
      prompts: Rows;
      eosId: number | null;
      padId: number;
      /** a rollout of ours, from which the peer learns once before anything is timed */
      written: Rows;
      mask: Rows;
      logprobs: Rows;
    };

export interface PeerOptions {
  threads: number;
  /** by the library's own compiler */
  compiled: boolean;
}

/** Work of a peer that is ready to run, again and again. */
export interface Prepared {
  /** library and version */
  name: string;
  /** numbers that say whether it is the same work: losses of the first steps, log-probabilities */
  check: number[];
  /** @param times one after the other; @returns milliseconds of one, by the peer's own clock */
  run(times: number): Promise<number>;
  dispose(): void;
}

/** A peer cannot do something here; its rows are left out, and this is why. */
export class PeerError extends Error {}

/** how far apart the numbers of two implementations may be that do the same in float32 */
const TOLERANCE = 1e-4;

/**
 * @param ours, theirs numbers of the same work; of a peer that updates otherwise only the first are given
 * @throws PeerError when they are not the same
 */
export function assertSameWork(ours: readonly number[], theirs: readonly number[]): void {
  const isSame =
    theirs.length > 0 && theirs.every((value, i) => Math.abs(value - (ours[i] ?? Number.NaN)) <= TOLERANCE);
  if (!isSame) throw new PeerError(`it computes something else: ${theirs.join(', ')} instead of ${ours.join(', ')}`);
}
