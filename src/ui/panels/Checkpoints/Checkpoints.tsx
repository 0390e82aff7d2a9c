import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { asSentence, type LabErrorCode } from '../../../contract/errors';
import { useLab, useLabStore } from '../../../store/lab';
import { rolesOf } from '../../../store/models/inUse';
import { usersOf } from '../../../store/models/roles';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import { EmptyState } from '../../primitives/EmptyState';
import { Say } from '../../primitives/Say';
import { ComesBack, useComesBack } from '../ComesBack';
import { ModelDrop } from '../ModelDrop';
import styles from './Checkpoints.module.css';
import { Details } from './Details';
import { rowId } from './FamilyRow';
import { FamilyTree } from './FamilyTree';
import { TakeFurther } from './TakeFurther';
import { shelfSentence } from './words';

/** a field has an undo of its own */
const isUndo = ({ key, ctrlKey, metaKey, target }: KeyboardEvent): boolean =>
  key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !(target instanceof HTMLInputElement);

/** The drawer with every model of this browser as a family, on every stage. */
export function Checkpoints() {
  const open = useLab((lab) => lab.shelf.open);
  const hide = useLab((lab) => lab.shelf.hide);
  const putBack = useLab((lab) => lab.shelf.putBack);
  const undo = (event: KeyboardEvent) => {
    if (!isUndo(event)) return;
    event.preventDefault();
    putBack();
  };
  return (
    <Dialog title="Checkpoints" shape="drawer" open={open} onClose={hide} onKeyDown={undo}>
      <Standing />
      <Trouble />
      <Family />
      <ModelDrop className={styles.drop ?? ''} label="Open a checkpoint file" asks={open} />
      <TakeFurther />
    </Dialog>
  );
}

function Standing() {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const roles = useLab(useShallow(rolesOf));
  const storage = useLab((lab) => lab.session.storage);
  if (checkpoints.length === 0) return null;
  return (
    <p className={styles.sentence}>
      {shelfSentence(checkpoints, roles)}
      {storage === 'full' &&
        ' The browser has no room left: save what you want to keep as files, then delete something.'}
      {storage === 'memory' && ' They go with this window: save what you want to keep as files.'}
    </p>
  );
}

/** the drawer may hide the notices of the page */
const SAID_HERE: readonly (LabErrorCode | undefined)[] = ['file/checkpoint', 'shelf/misfit', 'storage/full'];

function Trouble() {
  const notices = useLab(useShallow(({ notices }) => notices.notices.filter(({ code }) => SAID_HERE.includes(code))));
  return notices.map(({ noticeId, title, message, next }) => (
    <Say key={noticeId} tone="warn" lead={`${title}.`}>
      {asSentence(message)} {next}
    </Say>
  ));
}

/** what was deleted a moment ago */
function Removed() {
  const last = useLab((lab) => lab.shelf.removed.at(-1)?.info ?? null);
  const putBack = useLab((lab) => lab.shelf.putBack);
  const line = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    // the last row is gone
    if (last && document.activeElement === document.body) line.current?.querySelector('button')?.focus();
  }, [last]);
  if (!last) return null;
  return (
    <p ref={line} className={styles.removed} role="status">
      {last.name} is deleted.
      <Button kind="link" aria-keyshortcuts="Control+Z Meta+Z" onClick={() => putBack(last.checkpointId)}>
        Put it back
      </Button>
    </p>
  );
}

/** a button that was pressed may be gone afterwards: the keyboard goes on from the row */
const focusRow = (checkpointId: string): void => document.getElementById(rowId(checkpointId))?.focus();

function Family() {
  const lab = useLabStore();
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const chosen = useLab((lab) => lab.shelf.selectedId);
  const { remove, select } = useLab(useShallow(({ shelf }) => ({ remove: shelf.remove, select: shelf.select })));
  const [renaming, setRenaming] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const comesBack = useComesBack();
  const info = checkpoints.find(({ checkpointId }) => checkpointId === chosen) ?? checkpoints.at(-1);
  if (!info) {
    return (
      <>
        <Removed />
        {comesBack ? (
          <ComesBack />
        ) : (
          <EmptyState title="No models yet">
            Load the trained model on the Start page, train one, or open a file: every model you make is kept here with
            its family.
          </EmptyState>
        )}
      </>
    );
  }
  const { checkpointId, parents } = info;
  const others = checkpoints.filter((one) => one !== info);
  const isHere = (id: string) => others.some((one) => one.checkpointId === id);
  const go = (id: string | null | undefined) => {
    if (!id) return;
    select(id);
    focusRow(id);
  };
  const drop = (next: string | undefined) => {
    if (usersOf(lab.getState(), info).length > 0) return setRefused(checkpointId); // why stands beside it
    go(next);
    void remove(checkpointId);
  };
  const rename = (on: boolean) => {
    if (!on) focusRow(checkpointId);
    setRenaming(on ? checkpointId : null);
  };
  return (
    <>
      <Removed />
      <div className={styles.columns}>
        <FamilyTree selectedId={checkpointId} onGo={go} onRename={() => rename(true)} onDelete={drop} />
        <Details
          info={info}
          renaming={renaming === checkpointId}
          refused={refused === checkpointId}
          onRename={rename}
          onDelete={() => drop(parents.find(isHere) ?? others.at(-1)?.checkpointId)}
          onGo={go}
        />
      </div>
    </>
  );
}
