import { useShallow } from 'zustand/react/shallow';
import { LIMITS } from '../../../contract/limits';
import { useLab } from '../../../store/lab';
import type { NotebookContents } from '../../../store/notebook/notebookState';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { FileDrop } from '../../primitives/FileDrop';
import styles from './Notebook.module.css';

const dateOf = (at: number): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

function List({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section className={styles.list} aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

function Contents({ contents, said }: { contents: NotebookContents; said: string }) {
  const { name, savedAt, holds, leftOut, notes } = contents;
  return (
    <div className={styles.contents}>
      <p role="status">
        <b>{said}</b> {name}
        {savedAt !== null && `, saved on ${dateOf(savedAt)}`}.
      </p>
      <List title="In it" items={holds.length > 0 ? holds : ['Nothing but settings']} />
      <List title="To know" items={notes} />
      <List title="Left out" items={leftOut} />
    </div>
  );
}

/** A notebook is here and nothing was changed yet: the lab is not empty, so the visitor is asked. */
function Asking({ waiting }: { waiting: NotebookContents }) {
  const { take, drop } = useLab(useShallow(({ notebook }) => ({ take: notebook.take, drop: notebook.drop })));
  return (
    <>
      <Contents contents={waiting} said="Read:" />
      <p className={styles.note}>
        Something is in this lab already. What is missing here is added; your own votes, models, runs and settings stay
        as they are.
      </p>
      <div className={styles.buttons}>
        <Button kind="primary" onClick={() => void take()}>
          Open beside what is here
        </Button>
        <Button onClick={() => void drop()}>Leave it closed</Button>
      </div>
    </>
  );
}

/** In: a notebook from this machine or another one. */
export function OpenCard() {
  const { waiting, opened, error, read, isBusy } = useLab(
    useShallow(({ notebook, work }) => ({
      waiting: notebook.waiting,
      opened: notebook.opened,
      error: notebook.error,
      read: notebook.read,
      isBusy: work.underway.openNotebook !== undefined,
    })),
  );
  return (
    <Card title="Open" note="from this machine or another">
      <div className={styles.form}>
        <FileDrop
          className={styles.file}
          label="Open notebook"
          accept=".rlhflab,.zip,application/zip"
          limit={LIMITS.notebookBytes}
          disabled={isBusy}
          onUnread={(file, name) => void read(file, name)}
        >
          <p className={styles.note}>
            A file that was saved here. It is gone through first; what is damaged is named, and the rest is opened.
          </p>
        </FileDrop>
        {error !== null && <p className={styles.trouble}>{error.message}</p>}
        {waiting && <Asking waiting={waiting} />}
        {opened && <Contents contents={opened} said="Opened:" />}
      </div>
    </Card>
  );
}
