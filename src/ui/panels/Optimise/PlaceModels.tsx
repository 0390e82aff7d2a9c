import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { placeable } from '../../../store/models/placed';
import type { Method } from '../../../store/runs/methodTrail';
import { Button } from '../../primitives/Button';
import { WorkProgress } from '../WorkProgress';

/**
 * Puts fine-tuned models and earlier policies on the chart, measured as the trails are; nothing where there is none.
 */
export function PlaceModels({ method }: { method: Method }) {
  const count = useLab((lab) => placeable(lab, method).length);
  const busy = useLab((lab) => lab.placed.busy);
  const measure = useLab((lab) => lab.placed.measure);
  if (busy) return <WorkProgress kind="measureModels" label="Measuring models" />;
  if (count === 0) return null;
  return (
    <Button kind="link" onClick={() => void measure(method)}>
      {`Place ${countOf(count, 'model')} from Checkpoints`}
    </Button>
  );
}
