import { useLab } from '../../../store/lab';
import { newestId, writerId } from '../../../store/rounds';
import { rolesOf } from '../../../store/selectors';
import { Select } from '../../primitives/Select';

/**
 * What a further round measures the distance from. The base keeps all rounds on one axis and the leash on the whole way; the newest
 * policy lets every round go as far again. Nothing in the first round, where both are one.
 */
export function RoundReference() {
  const writer = useLab(writerId);
  const newest = useLab(newestId);
  const reference = useLab((lab) => rolesOf(lab).reference);
  const setSlot = useLab((lab) => lab.shelf.setSlot);
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  if (writer === null || newest === null || newest === writer || reference === null) return null;
  const nameOf = (id: string) => checkpoints.find(({ checkpointId }) => checkpointId === id)?.name ?? id;
  const choices = [...new Set([writer, newest, reference])];
  return (
    <Select
      label="Reference"
      hint={reference === writer ? 'stays: the leash covers all rounds' : 'the leash begins anew in this round'}
      value={reference}
      options={choices.map((value) => ({ value, label: nameOf(value) }))}
      onChange={(id) => void setSlot('referenceId', id === writer ? null : id)}
    />
  );
}
