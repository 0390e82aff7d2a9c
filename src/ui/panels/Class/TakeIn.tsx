import { type DragEvent, useRef, useState } from 'react';
import { inGroups } from '../../../contract/classroom';
import { LIMITS, shortened } from '../../../contract/limits';
import { useClassroom } from '../../../store/classroom/classroom';
import type { Outcome } from '../../../store/classroom/taken';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { readFile } from '../../primitives/chosenFile';
import { TextField } from '../../primitives/TextField';
import styles from './Board.module.css';
import { Scan } from './Scan';

/** outcomes in sight */
const SHOWN = 8;

const who = (number: number, hidden: boolean): string => (number === 0 || hidden ? 'A student' : String(number));

/** What came of one code: a mark, who, and what. */
function OutcomeLine({ outcome, hidden }: { outcome: Outcome; hidden: boolean }) {
  const keepBoth = useClassroom((state) => state.keepBoth);
  if (outcome.kind === 'refused')
    return (
      <>
        <b className={styles.bad} aria-hidden="true">
          ✗
        </b>{' '}
        {outcome.code && <code>{inGroups(shortened(outcome.code, 24))}</code>} not counted: {outcome.why}
      </>
    );
  const name = <b className={styles.good}>{who(outcome.number, hidden)}</b>;
  if (outcome.kind === 'new') return <>✓ {name} new</>;
  if (outcome.kind === 'again') return <>↻ {name} sent anew, counts once</>;
  return (
    <>
      ↻ {name} sent two different codes: the same student again (the later counts), or two students?{' '}
      <Button kind="link" onClick={() => keepBoth(outcome.before)}>
        Two students
      </Button>
    </>
  );
}

/** Codes by any way, in any order: typed, a whole chat, files. */
export function TakeIn({ hidden }: { hidden: boolean }) {
  const takeIn = useClassroom((state) => state.takeIn);
  const takeInFile = useClassroom((state) => state.takeInFile);
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const go = () => {
    if (text.trim() === '') return;
    setTrouble(null);
    takeIn(text);
    setText('');
  };
  const open = async (files: FileList | null) => {
    setTrouble(null);
    for (const file of files ?? []) {
      const read = await readFile(file, LIMITS.classBytes);
      if ('trouble' in read) setTrouble(read.trouble);
      else takeInFile(read.bytes);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void open(event.dataTransfer.files);
  };
  return (
    <Card title="Take codes in" note="any way, any order">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it takes dropped files; the button beside it opens them by keyboard */}
      <div className={styles.take} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <TextField
          label="Codes"
          hint="Type one, paste the whole chat, or drop files here."
          rows={3}
          value={text}
          onChange={setText}
        />
        <div className={styles.buttons}>
          <Button kind="primary" disabled={text.trim() === ''} onClick={go}>
            Take in
          </Button>
          <OpenFiles onFiles={open} />
          <Scan />
        </div>
      </div>
      {trouble !== null && (
        <p className={styles.bad} role="alert">
          {trouble}
        </p>
      )}
      <Log hidden={hidden} />
    </Card>
  );
}

function OpenFiles({ onFiles }: { onFiles: (files: FileList | null) => Promise<void> }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()}>Open files…</Button>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        multiple
        aria-label="Files with codes"
        tabIndex={-1}
        accept=".txt,text/plain"
        onChange={(event) => {
          void onFiles(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What came of the codes, the newest first. */
function Log({ hidden }: { hidden: boolean }) {
  const outcomes = useClassroom((state) => state.outcomes);
  return (
    <>
      <ul className={styles.log} aria-label="What came of the codes" aria-live="polite">
        {outcomes.slice(0, SHOWN).map((outcome, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same code may come twice
          <li key={outcomes.length - i}>
            <OutcomeLine outcome={outcome} hidden={hidden} />
          </li>
        ))}
      </ul>
      {outcomes.length > SHOWN && <p className={styles.note}>and {outcomes.length - SHOWN} before them</p>}
    </>
  );
}
