import { Suspense } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { LIMITS } from '../../contract/limits';
import { useLab } from '../../store/lab';
import { part } from '../parts';
import { FileDrop } from '../primitives/FileDrop';

const ModelOffer = part(() => import('./ModelOffer'));

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

/** What takes much memory is asked about; the question comes when there is one. */
function Offer() {
  const waits = useLab((lab) => lab.shelf.offer !== null);
  if (!waits) return null;
  return (
    <Suspense fallback={null}>
      <ModelOffer />
    </Suspense>
  );
}
