import type { RunKind } from '../../contract/domain';
import type { Context } from '../context';
import { checkpointById, rolesOf } from '../models/inUse';
import type { RoundsSlice } from '../state';
import { endedRounds, hasOpinions, newestId, nextWriterId, roundNumber, writerId } from './rounds';

export function roundsSlice(context: Context): RoundsSlice {
  const patch = (fields: Partial<RoundsSlice>) => context.patch('rounds', fields);
  /** policies begin at the newest model; a distance that was measured from the one before is measured from it now */
  const setEnded = (ids: string[]) => {
    const { rounds, shelf } = context.get();
    const before = newestId(context.get());
    patch({ ended: { ...rounds.ended, [shelf.slots.baseId ?? '']: ids } });
    const newest = newestId(context.get());
    const moved = newest === writerId(context.get()) ? null : newest;
    const referenceId = shelf.slots.referenceId === before ? moved : shelf.slots.referenceId;
    context.patch('shelf', { slots: { ...shelf.slots, startId: null, referenceId } });
  };

  return {
    ended: {},
    pairing: 'newest',

    start() {
      const state = context.get();
      const next = nextWriterId(state);
      if (next === null) return;
      state.view.go('compare');
      setEnded([...endedRounds(state), next]);
      const name = checkpointById(state, next)?.name ?? 'the newest model';
      state.notices.toast(`Round ${roundNumber(context.get())}: vote on what ${name} writes.`);
    },

    back() {
      const state = context.get();
      if (roundNumber(state) === 1 || hasOpinions(state)) return;
      setEnded(endedRounds(state).slice(0, -1));
      state.notices.toast(`Back in round ${roundNumber(context.get())}.`);
    },

    setPairing: (pairing) => patch({ pairing }),
  };
}

/** What Reset leaves alone, once there is more than one round. */
export function keptByReset(state: ReturnType<Context['get']>, kind: RunKind): string {
  const round = roundNumber(state);
  if (round === 1) return '';
  const name = checkpointById(state, rolesOf(state).policy)?.name;
  const policy = kind === 'ppo' || kind === 'dpo' ? ` It begins again from ${name}.` : '';
  return `Round ${round} goes on: its votes and the models of the rounds before stay.${policy}`;
}
