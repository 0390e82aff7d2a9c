import type { RunKind } from '../../contract/domain';
import { useLab } from '../../store/lab';
import { Say } from '../primitives/Say';
import { begunFrom } from './begunFromWords';

/** Beside the verdict of a run that is under way: what it was begun from, where something else is in its place now. */
export function BegunFrom({ kind }: { kind: RunKind }) {
  const text = useLab((lab) => begunFrom(lab, kind));
  return text === null ? null : (
    <Say tone="warn" lead="Out of date:">
      {text}
    </Say>
  );
}
