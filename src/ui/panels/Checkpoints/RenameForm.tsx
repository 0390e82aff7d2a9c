import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { CheckpointInfo } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { TextField } from '../../primitives/TextField';
import { codeOf } from '../../primitives/useKeys';
import styles from './Checkpoints.module.css';

/** A new name; Enter takes it, Escape leaves the old one. */
export function RenameForm({ info, onDone }: { info: CheckpointInfo; onDone: () => void }) {
  const rename = useLab((lab) => lab.shelf.rename);
  const [name, setName] = useState(info.name);
  const form = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const input = form.current?.querySelector('input');
    input?.focus();
    input?.select();
  }, []);
  const save = () => {
    void rename(info.checkpointId, name);
    onDone();
  };
  const press = (event: KeyboardEvent) => {
    if (codeOf<'A field'>(event) !== 'Escape') return;
    event.stopPropagation();
    onDone();
  };
  return (
    <fieldset ref={form} className={styles.rename} aria-label="Rename" data-keeps-escape onKeyDown={press}>
      <TextField label="New name" value={name} onChange={setName} onEnter={save} />
      <Button onClick={save} disabled={name.trim() === ''}>
        Take this name
      </Button>
      <Button kind="quiet" onClick={onDone}>
        Keep the old one
      </Button>
    </fieldset>
  );
}
