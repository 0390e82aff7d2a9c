import type { LiveKnobs, SamplingConfig } from '../config';
import type { CheckpointInfo, PpoPhase, RunKind, RunSpec, RunStatus } from '../domain';
import type {
  Analogy,
  Arithmetic,
  HeadAt,
  HeadLoss,
  HeldOutChange,
  LayersView,
  ModelDifference,
  NearWord,
  WordMap,
} from '../inside';
import type { AttentionMaps, FixedSample, NextToken, PolicyMeasurement, ScoredText } from '../observations';
import type { Rater, RulePair } from '../preferences';
import type { RunBatch } from '../stepBatch';

export interface RunState {
  runId: string;
  kind: RunKind;
  status: RunStatus;
  step: number;
  totalSteps: number;
  /** PPO only: the phase that comes next */
  phase: PpoPhase | null;
  /** PPO only: milliseconds each phase took last */
  phaseMs: Partial<Record<PpoPhase, number>>;
  elapsedMs: number;
  /** one sentence that says where the run stands or why it stopped */
  message: string;
  /** checkpoint that holds the result, once done */
  checkpointId: string | null;
}

export interface RunCalls {
  /** builds a run, paused before its first step; one that is made again has the `labels` that it had */
  'run/create': { params: { runId: string; spec: RunSpec; labels?: readonly RulePair[] }; result: RunState };
  /**
   * rebuilds a run from a snapshot, which is given away, paused where it was; goes on to the same numbers. One that holds what changes only
   * is read together with what the run was `madeFrom` and its `labels`
   */
  'run/restore': {
    params: { runId: string; snapshot: Uint8Array; madeFrom?: RunSpec; labels?: readonly RulePair[] };
    result: RunState;
  };
  /**
   * with `until` it pauses by itself once that many steps are finished; an end that comes before it is the end all the
   * same
   */
  'run/play': { params: { runId: string; until?: number }; result: RunState };
  /** resolves when the step in hand is finished */
  'run/pause': { params: { runId: string }; result: RunState };
  /** one step; for PPO one phase */
  'run/step': { params: { runId: string }; result: RunState };
  'run/adjust': { params: { runId: string; knobs: LiveKnobs }; result: RunState };
  /** whole, or the `changes` only: without the lists that the run was made from */
  'run/snapshot': { params: { runId: string; changes?: boolean }; result: Uint8Array };
  /**
   * puts the model as it stands on the shelf, between two steps; the run itself goes on afterwards as if nothing
   * happened
   */
  'run/keep': { params: { runId: string }; result: CheckpointInfo };
  'run/dispose': { params: { runId: string }; result: undefined };
  /**
   * what the newest step was trained on, of PPO the last finished iteration; null before the first one of this tab, and
   * for runs that keep none. Nothing of it is sent unless it is asked for
   */
  'run/batch': { params: { runId: string }; result: RunBatch | null };
  /** which head the 'run/attention' events should follow, and whether anyone is looking */
  'run/watch': { params: { runId: string; attention: boolean }; result: undefined };

  'inspect/attention': { params: { checkpointId: string; text: string }; result: AttentionMaps };
  'inspect/next': { params: { checkpointId: string; text: string; sampling: SamplingConfig }; result: NextToken[] };
  /** one block number by number */
  'inspect/arithmetic': { params: { checkpointId: string; text: string; layer: number }; result: Arithmetic };
  /** @param position null: the newest word; @param off heads that are cut before W_O for the bars `after` */
  'inspect/layers': {
    params: { checkpointId: string; text: string; position: number | null; off: HeadAt[] };
    result: LayersView;
  };
  /** what leaving out these heads together costs on 64 held-out texts */
  'inspect/heldOut': { params: { checkpointId: string; off: HeadAt[] }; result: HeldOutChange };
  /** what leaving out each head alone costs there, dearest first */
  'inspect/heads': { params: { checkpointId: string }; result: HeadLoss[] };
  'inspect/difference': { params: { beforeId: string; afterId: string; text: string }; result: ModelDifference };
  /**
   * the token embeddings on a map. @param all words of no kind too; @param last the map that it is turned and mirrored
   * onto
   */
  'inspect/words': {
    params: { checkpointId: string; text: string; all: boolean; last: Pick<WordMap, 'words' | 'at'> | null };
    result: WordMap;
  };
  /** what to − from + base is nearest to, those three left out */
  'inspect/wordSum': { params: { checkpointId: string } & Analogy; result: NearWord[] };
  'inspect/complete': {
    params: { checkpointIds: string[]; prompts: string[]; sampling: SamplingConfig; seed: number };
    result: string[][];
  };

  /**
   * Where a model stands on the axis that all methods share, measured on `texts` fresh completions; the same seed takes
   * the same prompts and random numbers for every model. Runs report the same as metrics `axis/…`.
   */
  'measure/policy': {
    params: {
      policyId: string;
      referenceId: string;
      rewardId: string | null;
      rater: Rater | null;
      temperature: number;
      seed: number;
      texts: number;
    };
    result: { measurement: PolicyMeasurement; samples: FixedSample[] };
  };

  'reward/score': { params: { checkpointId: string; text: string }; result: ScoredText };
}
