import { type ReactNode, useState } from 'react';
import { clashOf } from '../../../contract/settings/clashes';
import { useLab } from '../../../store/lab';
import type { ConfigSection } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import { Say } from '../../primitives/Say';
import { useOpensFor } from '../Control';
import { useIsShown } from '../LessonView';
import styles from './Settings.module.css';

interface SettingsDialogProps {
  /** opens by itself when one of its controls is asked for */
  section: ConfigSection;
  /** what opens it, e.g. "All 23 settings…" */
  trigger: string;
  title: string;
  /** what the settings act on, and when */
  note: ReactNode;
  children: ReactNode;
}

/** Everything that can be set, out of the way until asked for. */
export function SettingsDialog({ section, trigger, title, note, children }: SettingsDialogProps) {
  const [open, setOpen] = useState(false);
  const clash = useLab((state) => clashOf(state.config.value, section));
  useOpensFor(section, () => setOpen(true));
  const isShown = useIsShown('settings');
  if (!isShown) return null;
  return (
    <>
      <Button kind="link" className={styles.trigger} onClick={() => setOpen(true)}>
        {trigger}
      </Button>
      <Dialog title={title} open={open} onClose={() => setOpen(false)}>
        <p className={styles.note}>{note}</p>
        {clash && (
          <Say tone="warn" lead="These do not go together:">
            {clash}.
          </Say>
        )}
        {children}
      </Dialog>
    </>
  );
}
