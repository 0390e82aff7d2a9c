import { LIVE_KNOBS, type ModelConfig } from '../contract/config';
import type { CheckpointInfo, Role, RunKind, RunSpec } from '../contract/domain';
import { HABITS_FROM, VOTES_NEEDED } from '../contract/enough';
import { maxOf } from '../contract/many';
import {
  type Demonstration,
  type Ranking,
  type Rater,
  roundOf,
  type TasteResult,
  type TasteWeight,
  type Vote,
} from '../contract/preferences';
import { counted, type Share } from '../contract/shares';
import { rememberLast } from './rememberLast';
import { newestId, ofRound, roundNumber, writerId } from './rounds/rounds';
import type { Habits, LabState, RunView, Stage, StageStatus, VoteCounts } from './state';

export { writerId } from './rounds/rounds';

/** Who plays which part when a policy is bent by PPO or DPO, or sampled by Best of N; what is assigned comes first, then the newest policy. */
export function rolesOf(state: LabState): Record<Role, string | null> {
  const { startId, referenceId, rewardId, valueId } = state.shelf.slots;
  const writer = writerId(state);
  return { policy: startId ?? newestId(state), reference: referenceId ?? writer, rewardModel: rewardId, valueModel: valueId ?? rewardId };
}

/** @returns the whole shape of the next model; the vocabulary is the corpus's, 0 before there is one */
export const modelConfig = (state: LabState): ModelConfig => ({
  ...state.config.value.model,
  vocabSize: state.corpus.summary?.vocabSize ?? 0,
});

export const isUsable = (vote: Vote): boolean =>
  vote.source !== 'simulated' && vote.repeatOf === null && (vote.choice === 'a' || vote.choice === 'b');

/** @returns pairs with a better side in a ranking, up to K(K−1)/2 */
export const pairsIn = ({ ranks }: Pick<Ranking, 'ranks'>): number =>
  ranks.reduce((sum, rank, i) => sum + ranks.slice(i + 1).filter((other) => other !== rank).length, 0);

export function voteCounts(votes: readonly Vote[]): VoteCounts {
  const of = (source: Vote['source']) => votes.reduce((count, vote) => count + (vote.source === source ? 1 : 0), 0);
  return { human: of('human'), simulated: of('simulated'), imported: of('imported'), usable: votes.filter(isUsable).length };
}

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** @returns the vote in the pair's own order, so that swapped sides can be compared */
const preferred = (vote: Vote): 'first' | 'second' | 'tie' | 'bothBad' => {
  if (vote.choice === 'tie' || vote.choice === 'bothBad') return vote.choice;
  return (vote.choice === 'a') !== vote.swapped ? 'first' : 'second';
};

/** How the visitor votes: sides, lengths, time, and whether hidden repeats got the same answer. */
export function habits(votes: readonly Vote[]): Habits | null {
  const human = votes.filter((vote) => vote.source === 'human');
  if (human.length < HABITS_FROM) return null;
  const decided = human.filter((vote) => vote.choice === 'a' || vote.choice === 'b');
  const unequal = decided.filter((vote) => words(vote.a) !== words(vote.b));
  const longer = unequal.filter((vote) => (vote.choice === 'a') === words(vote.a) > words(vote.b));
  return {
    left: counted(decided.filter((vote) => vote.choice === 'a').length, decided.length),
    longer: counted(longer.length, unequal.length),
    secondsPerVote: human.reduce((sum, vote) => sum + vote.seconds, 0) / human.length,
    consistency: consistency(human),
  };
}

function consistency(human: readonly Vote[]): Share | null {
  const byId = new Map(human.map((vote) => [vote.voteId, vote]));
  const repeats = human.flatMap((vote) => {
    const first = vote.repeatOf === null ? undefined : byId.get(vote.repeatOf);
    return first ? [preferred(first) === preferred(vote)] : [];
  });
  return repeats.length === 0 ? null : counted(repeats.filter(Boolean).length, repeats.length);
}

/** The interval leaves 0 out: the votes really say so. */
export const isClear = ({ low, high }: TasteWeight): boolean => low > 0 || high < 0;
/** More likely than not: 0 lies outside one standard error, about half of the 95 % interval. A dozen votes rarely say more. */
const leans = ({ low, high }: TasteWeight): boolean => Math.abs(low + high) > (high - low) / 1.96;

/** Whether a rule labels pairs beside the votes, or will once they say something: on stories, unless it was switched off. */
export const mayHaveRule = ({ corpus, taste }: LabState): boolean => corpus.summary?.kind !== 'text' && (taste.useRule || !taste.answered);

/** 'clear': a 95 % interval leaves 0 out; 'leaning': a weight lies more than one standard error from 0, and no interval leaves it out */
export type Evidence = 'clear' | 'leaning' | 'none';

/** What there is for the rule, vetoed parts left out. */
export function evidenceOf(result: TasteResult | null): Evidence {
  const meant = result?.kind === 'rule' ? result.rule.weights.filter(({ vetoed }) => !vetoed) : [];
  if (meant.some(isClear)) return 'clear';
  return meant.some(leans) ? 'leaning' : 'none';
}

/** Whether the rule says anything at all: from then on it labels pairs by itself. */
export const saysSomething = (result: TasteResult | null): boolean => evidenceOf(result) !== 'none';

/** Whether the thread answers and everything stored is back: what a press acts on is known from now on. */
export const isReady = ({ engine, session }: LabState): boolean => engine.status === 'ready' && session.status === 'ready';

/** Whether what is done now outlives this window; false while everything is held in memory. */
export const outlivesWindow = ({ session }: LabState): boolean => session.storage !== 'memory' && session.storage !== 'full';

/** @returns a short key that changes whenever the votes do */
export const votesKey = (votes: readonly Vote[]): string => `${votes.length}:${votes.at(-1)?.voteId ?? ''}`;

/** changes with the rankings, and is nothing without any */
const rankingsKey = ({ examples: { rankings } }: LabState): string[] =>
  rankings.length === 0 ? [] : [`${rankings.length}:${rankings.at(-1)?.rankingId ?? ''}`];

/** @returns a short key that changes whenever votes or rankings do */
export const opinionsKey = (state: LabState): string => [votesKey(state.votes.votes), ...rankingsKey(state)].join();

/** @returns what a corpus was made from, as a key; generating the same thing again changes nothing */
export const corpusKey = (state: LabState): string => {
  const { origin } = state.corpus;
  if (origin?.kind === 'checkpoint') return state.shelf.provenance[origin.checkpointId] ?? `checkpoint ${origin.checkpointId}`;
  return origin ? JSON.stringify(origin) : '';
};

const idsOf = rememberLast((demonstrations: readonly Demonstration[]) => demonstrations.map(({ demonstrationId }) => demonstrationId));

/** @returns what a run of this kind would be made from if it started now */
export function inputsKey(state: LabState, kind: RunKind): string {
  const { slots } = state.shelf;
  if (kind === 'pretrain') return corpusKey(state);
  if (kind === 'reward') {
    const { vetoed, useRule } = state.taste;
    return JSON.stringify([writerId(state), votesKey(state.votes.votes), [...vetoed].sort(), useRule, ...rankingsKey(state)]);
  }
  if (kind === 'finetune') return JSON.stringify([slots.baseId, idsOf(state.examples.demonstrations)]);
  const { policy, reference } = rolesOf(state);
  if (kind === 'bestOf') return JSON.stringify([policy, slots.rewardId]);
  const start = policy === reference ? [] : [`from ${policy}`];
  if (kind === 'dpo')
    return JSON.stringify([reference, votesKey(state.votes.votes), ...rankingsKey(state), ...start, ...dpoRuleKey(state)]);
  const critic = slots.valueId === null ? [] : [`critic from ${slots.valueId}`];
  return JSON.stringify([reference, slots.rewardId, ...start, ...critic]);
}

/** changes with the rule where it labels pairs for DPO, and is nothing where it does not */
const dpoRuleKey = ({ config, taste: { vetoed, useRule } }: LabState): string[] =>
  config.value.dpo.ruleLabels > 0 ? [`rule ${useRule} ${[...vetoed].sort()}`] : [];

/** Whether a run was made from something else than one would be made from now. */
export function isMadeFromOther(state: LabState, kind: RunKind): boolean {
  const { madeFrom } = state.runs[kind];
  if (madeFrom === null || (kind === 'pretrain' && state.corpus.origin === null)) return false;
  return madeFrom !== inputsKey(state, kind);
}

/** There is something to go on with: a step, or the first phase of an iteration. */
export const isBegun = ({ state }: RunView): boolean => state !== null && (state.step > 0 || state.elapsedMs > 0);

/** A run that was begun and has not come to its end, where one would be made from something else now: it goes on with what it was begun from. */
export function isBegunOnOther(state: LabState, kind: RunKind): boolean {
  const run = state.runs[kind];
  const isUnfinished = isBegun(run) && run.state?.status !== 'done' && run.busy !== 'restoring';
  return isUnfinished && isMadeFromOther(state, kind);
}

const isActive = (run: RunView): boolean =>
  run.state !== null && (run.state.status === 'running' || run.state.status === 'paused') && run.state.step > 0;
const isRunning = (run: RunView): boolean => run.state?.status === 'running' || run.busy === 'creating';

const resultOf = (state: LabState, kind: RunKind): string | null => {
  const { baseId, fineTunedId, rewardId, policyId } = state.shelf.slots;
  return { pretrain: baseId, finetune: fineTunedId, reward: rewardId, ppo: policyId, dpo: policyId, bestOf: null }[kind];
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

/** PPO and DPO both make the policy: whichever made this one says whether it is stale; a run of any method that was begun may be, too */
function optimiseStatus(state: LabState): StageStatus {
  const methods = ['ppo', 'dpo', 'bestOf'] as const;
  if (methods.some((kind) => isRunning(state.runs[kind]))) return 'running';
  if (methods.some((kind) => isBegunOnOther(state, kind))) return 'stale';
  const [ppo, dpo] = [runStatus(state, 'ppo'), runStatus(state, 'dpo')];
  return ([ppo, dpo] as const).find((status) => status === 'running' || status === 'done') ?? (dpo === 'stale' ? dpo : ppo);
}

function dataStatus({ corpus, config }: LabState): StageStatus {
  if (corpus.busy) return 'running';
  if (!corpus.summary || !corpus.origin) return 'empty';
  if (corpus.origin.kind !== 'stories') return 'done';
  const same = JSON.stringify(corpus.origin.config) === JSON.stringify(config.value.stories) && corpus.origin.seed === config.value.seed;
  return same ? 'done' : 'stale';
}

/** how many opinions a round has, and whose texts they are about; there may be 100,000 votes */
const opinionsOf = rememberLast((votes: readonly Vote[], rankings: readonly Ranking[], round: number) => {
  const [cast, ranked] = [ofRound(votes, round), ofRound(rankings, round)];
  return {
    count: cast.length + ranked.length,
    pairs: cast.length + ranked.reduce((sum, ranking) => sum + pairsIn(ranking), 0),
    writers: new Set([...cast, ...ranked].map(({ policyId }) => policyId).filter((id) => id !== '')),
  };
});

/** of the votes and rankings of this round; a further round begins empty */
function compareStatus(state: LabState): StageStatus {
  const { votes, rankings, examples } = state;
  if (votes.simulating || rankings.simulating) return 'running';
  const { count, pairs, writers } = opinionsOf(votes.votes, examples.rankings, roundNumber(state));
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

/** Which round the votes, the reward model or the policy of a stage belong to; null while there is only one, and elsewhere. */
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
export const stageOf = (kind: RunKind): Stage => (kind === 'ppo' || kind === 'dpo' || kind === 'bestOf' ? 'optimise' : kind);

function withoutLiveKnobs({ kind, config }: RunSpec) {
  if (kind === 'finetune') return { ...config, learningRate: 0 };
  return kind === 'ppo' ? { ...config, ...Object.fromEntries(LIVE_KNOBS.map((knob) => [knob, 0])) } : config;
}

/** The configuration was changed in a way that this run cannot follow: offer "Apply and restart". */
export function runIsOutdated(state: LabState, kind: RunKind): boolean {
  const { spec } = state.runs[kind];
  if (!spec) return false;
  const config = state.config.value;
  const now = { ...spec, config: config[spec.kind] } as RunSpec;
  if (JSON.stringify(withoutLiveKnobs(spec)) !== JSON.stringify(withoutLiveKnobs(now)) || spec.seed !== config.seed) return true;
  return spec.kind === 'pretrain' && JSON.stringify(spec.model) !== JSON.stringify({ ...spec.model, ...config.model });
}

export const checkpointById = (state: LabState, checkpointId: string | null): CheckpointInfo | null =>
  state.shelf.checkpoints.find((info) => info.checkpointId === checkpointId) ?? null;

const RATER_LABELS: Record<Rater['name'], string> = {
  happy: 'happy endings',
  sad: 'sad endings',
  short: 'short stories',
  polite: 'politeness',
  mixed: 'a bit of everything',
  animal: 'one animal',
};
export const raterLabel = (rater: Rater): string =>
  rater.name === 'animal' && rater.animal ? `the ${rater.animal}` : RATER_LABELS[rater.name];
