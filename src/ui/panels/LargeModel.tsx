import { learningBytes, WASM_BYTES } from '../../contract/learningBytes';
import { learnsWhole, PROPOSED_ADAPTERS, PROPOSED_RANK } from '../../contract/settings/lora';
import { useLab } from '../../store/lab';
import { checkpointById, rolesOf } from '../../store/models/inUse';
import { writerId } from '../../store/rounds/rounds';
import type { LabState } from '../../store/state';
import { Button } from '../primitives/Button';
import { formatBytes, formatCount } from '../primitives/format';
import { Say } from '../primitives/Say';

type Kind = 'finetune' | 'reward' | 'ppo' | 'dpo';

/** parameters from which all of them take gigabytes, and a step minutes where there is no graphics card */
const LARGE = 40e6;

/** @returns what the next run would begin from */
function beginsFrom(lab: LabState, kind: Kind): string | null {
  if (kind === 'finetune') return lab.shelf.slots.baseId;
  return kind === 'reward' ? writerId(lab) : rolesOf(lab).policy;
}

/** Before Train: what it takes when all weights of a large model are to learn, and what takes far less. */
export function LargeModel({ kind }: { kind: Kind }) {
  const model = useLab((lab) => checkpointById(lab, beginsFrom(lab, kind)));
  const begun = useLab((lab) => lab.runs[kind].busy !== null || (lab.runs[kind].state?.step ?? 0) > 0);
  const whole = useLab((lab) => learnsWhole(lab.config.value[kind]));
  const bytes = useLab((lab) => learningBytes(kind, lab.config.value, model?.parameters ?? 0));
  const change = useLab((lab) => lab.config.change);
  if (!model || model.parameters < LARGE || !whole || begun) return null;
  return (
    <Say tone="warn" lead={`All ${formatCount(model.parameters)} weights of ${model.name} would learn.`}>
      That takes {formatBytes(bytes)} of memory before the first text is read,
      {bytes > WASM_BYTES && ' more than WebAssembly can hold,'} and without a graphics card a step may take minutes.
      Adapters learn a few numbers beside them.{' '}
      <Button kind="link" onClick={() => change(kind, PROPOSED_ADAPTERS)}>
        Take adapters of rank {PROPOSED_RANK}
      </Button>
    </Say>
  );
}
