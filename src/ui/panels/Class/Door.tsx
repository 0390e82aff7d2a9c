import { type ReactNode, useState } from 'react';
import { CLASS_SIZES, type ClassSize, MOST_NUMBER } from '../../../contract/classroom';
import { LIMITS } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { pairingsOf, ringOf } from '../../../store/arena/ring';
import { useClassroom } from '../../../store/classroom/classroom';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { FileDrop } from '../../primitives/FileDrop';
import { NumberField } from '../../primitives/NumberField';
import { Progress } from '../../primitives/Progress';
import { Select } from '../../primitives/Select';
import { TextField } from '../../primitives/TextField';
import styles from './Class.module.css';
import { ScanClass } from './ScanClass';

/** Writing the pairs takes a few seconds, on a phone some more. */
function Working({ label }: { label: string }) {
  const { progress, cancel } = useClassroom((state) => ({ progress: state.progress, cancel: state.cancel }));
  return (
    <div className={styles.working}>
      <p className={styles.note} role="status">
        {label}
      </p>
      <Progress label={label} value={progress?.done ?? 0} max={Math.max(1, progress?.total ?? 1)} />
      <Button onClick={cancel}>Cancel</Button>
    </div>
  );
}

function Trouble({ children }: { children: ReactNode }) {
  return (
    <p className={styles.trouble} role="alert">
      {children}
    </p>
  );
}

/** Number on the teacher's list; nothing typed is no number. */
function useNumber() {
  const [typed, type] = useState('');
  const number = typed.trim() === '' ? 0 : Number(typed);
  const isSound = Number.isInteger(number) && number >= 0 && number <= MOST_NUMBER;
  return { typed, type, number, error: isSound ? null : `A number from 1 to ${MOST_NUMBER}, or none.` };
}

/** Where a laptop cannot write the same pairs, or the class votes on texts that only the teacher has. */
function PairsOfFile({ number, disabled }: { number: number; disabled: boolean }) {
  const { awaited, openFile } = useClassroom(({ awaited, openFile }) => ({ awaited, openFile }));
  return (
    <FileDrop
      className={styles.file}
      label="Take the pairs from a file"
      accept=".json,application/json"
      limit={LIMITS.classBytes}
      disabled={disabled}
      onFile={(bytes) => openFile(bytes, number)}
    >
      <p className={styles.note}>
        {awaited === null
          ? 'Nothing is sent from this laptop: it writes the same pairs as all others, and you show a code at the end.'
          : `The pairs of ${awaited} are wanted.`}
      </p>
    </FileDrop>
  );
}

/** For a student: the code that the teacher shows. */
export function JoinCard() {
  const { busy, trouble, join } = useClassroom(({ busy, trouble, join }) => ({ busy, trouble, join }));
  const [code, setCode] = useState('');
  const { typed, type, number, error } = useNumber();
  const go = () => {
    if (error === null && code.trim() !== '') void join(code, number);
  };
  return (
    <Card title="Vote" note="for a student">
      <div className={styles.form}>
        <TextField
          className={styles.code}
          label="Class code"
          hint="Six signs, as the teacher shows them. Capitals do not matter."
          value={code}
          onChange={setCode}
          onEnter={go}
        />
        <TextField
          label="Number on the list"
          hint="The teacher’s list, 1 to 63. Leave it empty for none."
          value={typed}
          onChange={type}
          error={error}
          onEnter={go}
        />
        {busy === 'joining' ? (
          <Working label="Writing the pairs of the class" />
        ) : (
          <Button kind="primary" disabled={busy !== null || error !== null || code.trim() === ''} onClick={go}>
            Join
          </Button>
        )}
        {busy === null && (
          <ScanClass
            onCode={(text) => {
              setCode(text);
              if (typed.trim() !== '' && error === null) void join(text, number);
            }}
          />
        )}
        {trouble !== null && <Trouble>{trouble}</Trouble>}
        <PairsOfFile number={number} disabled={busy !== null || error !== null} />
      </div>
    </Card>
  );
}

/** who wrote the pairs of a class */
type Texts = 'tiny' | 'arena';

/** For a teacher: how many pairs, and how long the list is. */
export function OpenCard() {
  const { busy, open, wantsArena } = useClassroom(({ busy, open, wantsArena }) => ({ busy, open, wantsArena }));
  const inRing = useLab((state) => (pairingsOf(ringOf(state)).length > 0 ? ringOf(state).length : 0));
  const [asked, ask] = useState<Texts | null>(null);
  const texts: Texts = inRing > 0 ? (asked ?? (wantsArena ? 'arena' : 'tiny')) : 'tiny';
  const [size, setSize] = useState<ClassSize>(24);
  const [students, setStudents] = useState(30);
  return (
    <Card title="Teach" note="for the teacher">
      <div className={styles.form}>
        <p className={styles.note}>
          {texts === 'tiny'
            ? 'Every student votes on the same pairs, written by Tiny as it ships with the page, and shows you a code. You see who agrees with whom, and train on all of them.'
            : 'Every student votes on the same pairs, each of two models of the arena, and shows you a code; nobody is told who wrote what. The votes are duels there. Other laptops have other models, so they take the pairs from a file.'}
        </p>
        <div className={styles.fields}>
          {inRing > 0 && (
            <Select<Texts>
              label="Texts of"
              value={texts}
              onChange={ask}
              options={[
                { value: 'tiny', label: 'Tiny, as shipped' },
                { value: 'arena', label: `the arena, ${countOf(inRing, 'model')}` },
              ]}
            />
          )}
          <Select
            label="Pairs"
            value={String(size)}
            onChange={(value) => setSize(Number(value) as ClassSize)}
            options={CLASS_SIZES.map((count) => ({ value: String(count), label: String(count) }))}
          />
          <NumberField
            label="Students on the list"
            value={students}
            onChange={setStudents}
            min={1}
            max={MOST_NUMBER}
            integer
          />
        </div>
        {busy === 'opening' ? (
          <Working label="Writing the pairs of the class" />
        ) : (
          <Button disabled={busy !== null} onClick={() => void open(size, students, texts === 'arena')}>
            Open a class
          </Button>
        )}
      </div>
    </Card>
  );
}
