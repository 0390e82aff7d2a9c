import { type ReactNode, useState } from 'react';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import styles from './Settings.module.css';

interface SettingsDialogProps {
  /** what opens it, e.g. "All 23 settings…" */
  trigger: string;
  title: string;
  /** what the settings act on, and when */
  note: ReactNode;
  children: ReactNode;
}

/** Everything that can be set, out of the way until asked for. */
export function SettingsDialog({ trigger, title, note, children }: SettingsDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="link" className={styles.trigger} onClick={() => setOpen(true)}>
        {trigger}
      </Button>
      <Dialog title={title} open={open} onClose={() => setOpen(false)}>
        <p className={styles.note}>{note}</p>
        {children}
      </Dialog>
    </>
  );
}
