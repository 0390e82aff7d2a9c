import type { MouseEvent } from 'react';
import { inWords, LIMITS } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { FileDrop } from '../../primitives/FileDrop';
import { RowsDoor } from '../ExportRows/RowsDoor';
import { ROW_FILES, TableDoor } from '../ImportTable/TableDoor';
import { ScrollBox } from '../ScrollBox';
import styles from './Demonstrations.module.css';

/** Demonstrations in and out as JSON Lines. */
export function OpenFile({ disabled }: { disabled: boolean }) {
  const { busy, importFile, exportFile } = useLab((state) => state.demonstrations);
  const some = useLab((state) => state.demonstrations.all.length > 0);
  return (
    <div className={styles.form}>
      <p className={styles.hint}>
        JSON Lines, one object a line: <code>{'{"prompt": "…", "completion": "…"}'}</code>. Lines that cannot be used
        are named, and you decide. CSV and Parquet too: you say what the columns are.
      </p>
      <div className={styles.answers}>
        <FileDrop
          label="Import a file"
          accept={ROW_FILES}
          limit={LIMITS.linesBytes}
          onFile={(bytes, name) => void importFile(bytes, name)}
          disabled={disabled || busy !== null}
        />
        <TableDoor />
        <Button onClick={exportFile} disabled={!some}>
          Export all
        </Button>
        <RowsDoor first="demonstrations" disabled={!some} />
      </div>
    </div>
  );
}

/** What asked goes away when it was answered: the focus goes to the tab above it, not to the top of the page. */
export const focusTab = ({ currentTarget }: { currentTarget: Element }): void =>
  currentTarget.closest('section')?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();

/** bad lines that are named; a file of something else has many thousands */
const MOST_SHOWN = 200;

/** A file with bad lines: each by its number and reason, and the choice. Nothing of it is here yet. */
export function PendingImport() {
  const { pendingImport, keepGoodLines, cancelImport } = useLab((state) => state.demonstrations);
  if (!pendingImport) return null;
  const { name, demonstrations, badLines } = pendingImport;
  const good = demonstrations.length;
  const answer = (act: () => void) => (event: MouseEvent<HTMLButtonElement>) => {
    focusTab(event);
    act();
  };
  return (
    <div className={styles.pending} role="alert">
      <p>
        <b>{name}</b>: {`${countOf(badLines.length, 'line')} cannot`} be used
        {good === 0 ? ', and no other line is left.' : `, ${inWords(good)} can. Nothing was added yet.`}
      </p>
      <ScrollBox label="Lines that cannot be used" className={styles.badLines}>
        <ol>
          {badLines.slice(0, MOST_SHOWN).map(({ line, reason }) => (
            <li key={line} value={line}>{`line ${line}: ${reason}`}</li>
          ))}
        </ol>
        {badLines.length > MOST_SHOWN && <p>And {inWords(badLines.length - MOST_SHOWN)} more.</p>}
      </ScrollBox>
      <div className={styles.answers}>
        {good > 0 && <Button onClick={answer(keepGoodLines)}>{`Keep ${countOf(good, 'good line')}`}</Button>}
        <Button onClick={answer(cancelImport)}>{good > 0 ? 'Keep none' : 'Close'}</Button>
      </div>
    </div>
  );
}
