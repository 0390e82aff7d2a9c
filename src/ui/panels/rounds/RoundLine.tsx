import type { RunKind } from '../../../contract/domain';
import { roundOf } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { checkpointById, rolesOf } from '../../../store/models/inUse';
import { stageStatus } from '../../../store/page/stageStatus';
import { hasOpinions, nextWriterId, roundNumber } from '../../../store/rounds/rounds';
import { Button } from '../../primitives/Button';
import { NextRound } from './NextRound';
import styles from './rounds.module.css';

/**
 * Which round a run belongs to and where it went on from; after it the next round, before it what that round still
 * needs.
 */
export function RoundLine({ kind }: { kind: Extract<RunKind, 'ppo' | 'dpo' | 'finetune'> }) {
  const { spec, state } = useLab((lab) => lab.runs[kind]);
  const next = useLab(nextWriterId);
  const round = useLab(roundNumber);
  if (state?.status === 'done' && state.checkpointId !== null && state.checkpointId === next)
    return <NextRound short />;
  if (round === 1 || spec === null || spec.kind === 'finetune') return null;
  return roundOf(spec as { round?: number }) < round ? <Outdated round={round} /> : <Origin kind={kind} />;
}

/** What is drawn is of an earlier round. */
function Outdated({ round }: { round: number }) {
  const from = useLab((lab) => checkpointById(lab, rolesOf(lab).policy)?.name ?? 'the base model');
  const hasVotes = useLab(hasOpinions);
  const stale = useLab((lab) => stageStatus(lab, 'reward') === 'stale');
  const go = useLab((lab) => lab.view.go);
  return (
    <p className={styles.line}>
      <span>
        This run is of an earlier round. In round {round} the policy goes on from <b>{from}</b>:{' '}
        {!hasVotes ? (
          <Button kind="link" onClick={() => go('compare')}>
            vote first
          </Button>
        ) : stale ? (
          <Button kind="link" onClick={() => go('reward')}>
            retrain the reward model first
          </Button>
        ) : (
          'press Train'
        )}
        .
      </span>
    </p>
  );
}

function Origin({ kind }: { kind: RunKind }) {
  const spec = useLab((lab) => lab.runs[kind].spec);
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  if (spec?.kind !== 'ppo' && spec?.kind !== 'dpo') return null;
  const name = (id: string) =>
    checkpoints.find(({ checkpointId }) => checkpointId === id)?.name ?? 'a model that is gone';
  const from = spec.startId ?? spec.baseId;
  return (
    <p className={styles.line}>
      <span>
        Round {roundOf(spec)}: went on from <b>{name(from)}</b>, distance from{' '}
        {from === spec.baseId ? 'it' : <b>{name(spec.baseId)}</b>}.
      </span>
    </p>
  );
}
