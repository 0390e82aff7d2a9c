import type { RunKind, RunSpec, RunStatus } from '../../contract/domain';
import { countOf } from '../../contract/numbers';
import { groupsIn, votesIn } from '../../contract/preferences';
import { checkpointById } from '../../store/models/inUse';
import { isBegunOnOther } from '../../store/runs/inputs';
import type { CorpusOrigin, LabState } from '../../store/state';

const counted = (count: number, one: string): string[] => (count === 0 ? [] : [countOf(count, one)]);

/** @param key as `corpusKey` makes it; what was stored by another version may be anything */
function originOf(key: string | null): CorpusOrigin | null {
  try {
    return JSON.parse(key ?? '') as CorpusOrigin;
  } catch {
    return null;
  }
}

function corpusName(origin: CorpusOrigin | null): string {
  if (origin?.kind === 'stories') return 'stories';
  if (origin?.kind === 'text') return `“${origin.name}”`;
  return 'the stories of a trained model';
}

/** "“pasted text”", or "another “pasted text”" where one of that name is in use now */
function corpusWas({ runs, corpus }: LabState): string {
  const [was, is] = [corpusName(originOf(runs.pretrain.madeFrom)), corpusName(corpus.origin)];
  return was !== is ? was : was.startsWith('“') ? `an earlier ${was}` : `other ${was}`;
}

/** Judges and starts come after the model that the run is about, each once. */
function modelsOf(spec: Exclude<RunSpec, { kind: 'pretrain' }>): string[] {
  const isPaid = spec.kind === 'ppo' || spec.kind === 'bestOf';
  const judge = isPaid && spec.rewardId !== null ? [spec.rewardId] : [];
  const start = 'startId' in spec && spec.startId !== undefined ? [spec.startId] : [];
  const critic = 'valueId' in spec && spec.valueId !== undefined ? [spec.valueId] : [];
  return [...new Set([spec.baseId, ...start, ...judge, ...critic])];
}

const ruleOf = ({ vetoed = [], useRule = false }: { vetoed?: string[]; useRule?: boolean }): string[] =>
  useRule ? [vetoed.length === 0 ? 'your rule' : `your rule less ${counted(vetoed.length, 'part').join()}`] : [];

/** what it learned from, models aside */
function examplesOf(spec: RunSpec): string[] {
  if (spec.kind === 'finetune') return counted(spec.demonstrations.length, 'demonstration');
  if (spec.kind !== 'reward' && spec.kind !== 'dpo') return [];
  const [votes, groups] = [votesIn(spec.opinions), groupsIn(spec.opinions)];
  return [...counted(votes.length, 'vote'), ...counted(groups.length, 'ranking'), ...ruleOf(spec)];
}

/** what stopped by itself does not go on */
const GOES_ON: Partial<Record<RunStatus, string>> = {
  paused: 'Train goes on with that; ',
  running: 'It goes on with that; ',
};

const listed = (parts: readonly string[]): string =>
  [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');

function inputsWere(state: LabState, spec: RunSpec): string {
  if (spec.kind === 'pretrain') return `on ${corpusWas(state)}`;
  const name = (id: string) => {
    const found = checkpointById(state, id);
    return found ? `“${found.name}”` : 'a model that is gone';
  };
  return `from ${listed([...modelsOf(spec).map(name), ...examplesOf(spec)])}`;
}

/**
 * What a run that was begun and is not over was begun from, where that has changed since, and how to take what is there
 * now; null otherwise.
 */
export function begunFrom(state: LabState, kind: RunKind): string | null {
  const { spec, state: run } = state.runs[kind];
  if (spec === null || !isBegunOnOther(state, kind)) return null;
  const goesOn = run === null ? '' : (GOES_ON[run.status] ?? '');
  const now = kind === 'pretrain' ? 'what Data holds now' : 'what is here now';
  return `it was begun ${inputsWere(state, spec)}. ${goesOn}Reset takes ${now}.`;
}
