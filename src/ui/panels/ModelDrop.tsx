import { useShallow } from 'zustand/react/shallow';
import { LIMITS } from '../../contract/limits';
import { useLab } from '../../store/lab';
import { Confirm } from '../primitives/Dialog';
import { FileDrop } from '../primitives/FileDrop';
import { formatBytes, formatCount } from '../primitives/format';

interface ModelDropProps {
  label: string;
  /** whether what takes much memory is asked about here, and not by another one that is open over it */
  asks: boolean;
  /** a checkpoint that waits for its trunk: no other model is taken */
  trunkOf?: string;
  className?: string;
}

/** Where models come in: a file that the lab saved, or all files of one that another program did. */
export function ModelDrop({ label, asks, trunkOf, className }: ModelDropProps) {
  const { busy, importFile, importModel } = useLab(
    useShallow(({ shelf }) => ({ busy: shelf.busy, importFile: shelf.importFile, importModel: shelf.importModel })),
  );
  return (
    <>
      <FileDrop
        {...(className !== undefined && { className })}
        label={label}
        accept=".safetensors"
        limit={LIMITS.modelBytes}
        disabled={busy !== null}
        onFile={(bytes, name) => void importFile(bytes, name, trunkOf)}
        onMany={(files) => void importModel(files, trunkOf)}
      />
      {asks && <Offer />}
    </>
  );
}

function Offer() {
  const offer = useLab((lab) => lab.shelf.offer);
  const answer = useLab((lab) => lab.shelf.answerOffer);
  if (!offer) return null;
  return (
    <Confirm
      open
      title={`Open ${offer.name}?`}
      confirm="Open it"
      onConfirm={() => void answer(true)}
      onClose={() => void answer(false)}
    >
      It has {formatCount(offer.parameters)} parameters. Opening it takes up to {formatBytes(offer.memoryBytes)} of
      memory, and {formatBytes(offer.bytes)} of this browser’s storage. Nothing was read yet but its names and shapes.
    </Confirm>
  );
}
