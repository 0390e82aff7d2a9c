import { isOver, stepNoun } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { runSpec } from '../../../store/runs/runSpec';
import type { LabState } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { EmptyState } from '../../primitives/EmptyState';
import type { NumberedKind } from '../numberedKinds';

/** @returns what a run of this method would want first; null when it could begin */
function missing(lab: LabState, kind: NumberedKind): string | null {
  try {
    runSpec(lab, kind);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

interface NoBatchProps {
  kind: NumberedKind;
  /** why none could be read */
  trouble: string | null;
}

/** What is said before there is anything to look at, with the button that fetches it. */
export function NoBatch({ kind, trouble }: NoBatchProps) {
  const wanted = useLab((lab) => missing(lab, kind));
  const status = useLab(({ runs }) => runs[kind].state?.status ?? null);
  const play = useLab(({ runs }) => runs.play);
  const running = status === 'running';
  const over = status !== null && isOver(status);
  const step = stepNoun(kind);
  const words = running
    ? `The first ${step} is under way.`
    : over
      ? 'The numbers of a run are kept as long as it is in this tab. Train again to see them.'
      : (wanted ??
        `After one ${step} what it was made from is here, number by number, as long as the run is in this tab.`);
  return (
    <EmptyState
      title={running ? 'In a moment' : 'No batch yet'}
      action={
        !running &&
        !over &&
        wanted === null &&
        trouble === null && (
          <Button kind="primary" onClick={() => void play(kind)}>
            {kind === 'bestOf' ? 'Start drawing' : 'Start training'}
          </Button>
        )
      }
    >
      {trouble ?? words}
    </EmptyState>
  );
}
