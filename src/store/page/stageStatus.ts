/** How it stands with each stage, in a word; read by the Pipeline navigation and by whoever says what to do next. */
import type { RunKind } from '../../contract/domain';
import { VOTES_NEEDED } from '../../contract/enough';
import { maxOf } from '../../contract/many';
import { isVote, type Ranking, roundOf } from '../../contract/preferences';
import { pairsIn } from '../opinions/counts';
import { rememberLast } from '../rememberLast';
import { newestId, ofRound, roundNumber } from '../rounds/rounds';
import { inputsKey, isBegunOnOther } from '../runs/inputs';
import type { LabState, RunView, Stage, StageStatus } from '../state';

const isActive = (run: RunView): boolean =>
  run.state !== null && (run.state.status === 'running' || run.state.status === 'paused') && run.state.step > 0;
const isRunning = (run: RunView): boolean => run.state?.status === 'running' || run.busy === 'creating';

const resultOf = (state: LabState, kind: RunKind): string | null => {
  const { baseId, fineTunedId, rewardId, policyId } = state.shelf.slots;
  return { pretrain: baseId, finetune: fineTunedId, reward: rewardId, ppo: policyId, dpo: policyId, bestOf: null }[
    kind
  ];
};

function runStatus(state: LabState, kind: RunKind): StageStatus {
  const run = state.runs[kind];
  if (isRunning(run)) return 'running';
  if (isBegunOnOther(state, kind)) return 'stale';
  const result = resultOf(state, kind);
  const madeFrom = result === null ? run.madeFrom : (state.shelf.provenance[result] ?? null);
  if (result === null) return isActive(run) ? 'running' : 'empty';
  return madeFrom !== null && madeFrom !== inputsKey(state, kind) ? 'stale' : 'done';
}

/**
 * PPO and DPO both make the policy: whichever made this one says whether it is stale; a run of any method that was
 * begun may be, too
 */
function optimiseStatus(state: LabState): StageStatus {
  const methods = ['ppo', 'dpo', 'bestOf'] as const;
  if (methods.some((kind) => isRunning(state.runs[kind]))) return 'running';
  if (methods.some((kind) => isBegunOnOther(state, kind))) return 'stale';
  const [ppo, dpo] = [runStatus(state, 'ppo'), runStatus(state, 'dpo')];
  return (
    ([ppo, dpo] as const).find((status) => status === 'running' || status === 'done') ?? (dpo === 'stale' ? dpo : ppo)
  );
}

function dataStatus({ corpus, config }: LabState): StageStatus {
  if (corpus.busy) return 'running';
  if (!corpus.summary || !corpus.origin) return 'empty';
  if (corpus.origin.kind !== 'stories') return 'done';
  const same =
    JSON.stringify(corpus.origin.config) === JSON.stringify(config.value.stories) &&
    corpus.origin.seed === config.value.seed;
  return same ? 'done' : 'stale';
}

/** how many opinions a round has, and whose texts they are about; there may be 100,000 votes */
const opinionsOf = rememberLast((opinions: readonly Ranking[], round: number) => {
  const given = ofRound(opinions, round);
  return {
    count: given.length,
    pairs: given.reduce((sum, one) => sum + (isVote(one) ? 1 : pairsIn(one)), 0),
    writers: new Set(given.map(({ policyId }) => policyId).filter((id) => id !== '')),
  };
});

/** of the votes and rankings of this round; a further round begins empty */
function compareStatus(state: LabState): StageStatus {
  if (state.opinions.simulating) return 'running';
  const { count, pairs, writers } = opinionsOf(state.opinions.all, roundNumber(state));
  if (count === 0) return 'empty';
  const writer = newestId(state);
  if (writer !== null && writers.size > 0 && !writers.has(writer)) return 'stale';
  return pairs >= VOTES_NEEDED ? 'done' : 'running';
}

function startStatus({ engine }: LabState): StageStatus {
  if (engine.status === 'starting' || engine.status === 'restarting') return 'running';
  return engine.status === 'ready' ? 'done' : 'empty';
}

/** What the Pipeline navigation shows beside a stage. */
export function stageStatus(state: LabState, stage: Stage): StageStatus {
  switch (stage) {
    case 'start':
      return startStatus(state);
    case 'data':
      return dataStatus(state);
    case 'compare':
      return compareStatus(state);
    case 'pretrain':
    case 'finetune':
    case 'reward':
      return runStatus(state, stage);
    case 'optimise':
      return optimiseStatus(state);
  }
}

/**
 * Which round the votes, the reward model or the policy of a stage belong to; null while there is only one, and
 * elsewhere.
 */
export function stageRound(state: LabState, stage: Stage): number | null {
  const { reward, ppo, dpo } = state.runs;
  const round = roundNumber(state);
  if (round === 1) return null;
  const roundIn = (runs: readonly RunView[]) =>
    maxOf(
      runs.map(({ spec }) => (spec && 'round' in spec ? roundOf(spec) : 1)),
      1,
    );
  if (stage === 'compare') return round;
  if (stage === 'reward') return roundIn([reward]);
  return stage === 'optimise' ? roundIn([ppo, dpo]) : null;
}

/** @returns the stage on which a run of this kind is trained */
export const stageOf = (kind: RunKind): Stage =>
  kind === 'ppo' || kind === 'dpo' || kind === 'bestOf' ? 'optimise' : kind;
