import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { inWords } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { RUN_NAMES } from '../../../store/models/roles';
import {
  FREED_KINDS,
  type FreedKind,
  idleModels,
  KEPT_KINDS,
  type KeptKind,
  leftLessons,
  overRuns,
  useStorageUsage,
} from '../../../store/persistence/usage';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Confirm } from '../../primitives/Dialog';
import { formatBytes } from '../../primitives/format';
import styles from './Notebook.module.css';

const NAMES: Record<KeptKind, string> = {
  models: 'models',
  snapshots: 'states of runs',
  runs: 'runs and their curves',
  opinions: 'votes and rankings',
  duels: 'duels of the arena',
  texts: 'your own text',
  lessons: 'left by lessons',
};

interface Question {
  title: string;
  /** what goes, and what stays */
  words: string;
}

/** What would go of each kind; null where nothing would. */
function useQuestions(): Record<FreedKind, Question | null> {
  const idle = useLab(useShallow((state) => idleModels(state).map(({ name }) => name)));
  const over = useLab(useShallow((state) => overRuns(state)));
  const lessons = useLab((state) => leftLessons(state).length);
  const named = over.map((kind) => RUN_NAMES[kind]).join(', ');
  return {
    models:
      idle.length === 0
        ? null
        : {
            title: `Delete ${countOf(idle.length, 'model')} that play no part?`,
            words: `${idle.join(', ')}. They can be put back for 20 seconds, one after the other; save them as files first if they may be needed again.`,
          },
    snapshots:
      over.length === 0
        ? null
        : {
            title: 'Delete the states of runs that are over?',
            words: `${named}: their curves and models stay; they can no longer be gone back to, or gone on with. There is no undo.`,
          },
    runs:
      over.length === 0
        ? null
        : {
            title: `Delete ${countOf(over.length, 'run')} that ${over.length === 1 ? 'is' : 'are'} over?`,
            words: `${named}: curves, samples and states go, the models stay. There is no undo; a notebook keeps them.`,
          },
    lessons:
      lessons === 0
        ? null
        : {
            title: 'Delete what lessons have made?',
            words:
              'Their models, votes and runs go, and an unfinished lesson makes them again. Your answers and tables stay. There is no undo.',
          },
  };
}

function Row({ kind, question, ask }: { kind: KeptKind; question: Question | null; ask: () => void }) {
  const size = useStorageUsage((state) => state.sizes?.[kind]);
  const isFreed = (FREED_KINDS as readonly string[]).includes(kind);
  return (
    <tr>
      <th scope="row">{NAMES[kind]}</th>
      <td>{size ? inWords(size.count) : '…'}</td>
      <td>{size ? (size.count > 0 ? formatBytes(size.bytes) : '–') : '…'}</td>
      <td>
        {isFreed && (
          <Button
            aria-label={`Free ${NAMES[kind]}`}
            disabled={question === null || !size || size.count === 0}
            onClick={ask}
          >
            Free…
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Whether the browser has promised to keep what it stores. */
function Promised() {
  const mayBeCleared = useLab((state) => state.notebook.mayBeCleared);
  const keep = useStorageUsage((state) => state.keep);
  if (!mayBeCleared) return <p className={styles.note}>The browser has promised to keep it.</p>;
  return (
    <>
      <p className={styles.note}>The browser may clear it when its disk is almost full.</p>
      <Button onClick={() => void keep()}>Ask the browser to keep it</Button>
    </>
  );
}

/** What the lab takes of this browser's storage, whether it is promised to be kept, and how some of it is freed. */
export function StorageCard() {
  const { total, outcome, measure, free } = useStorageUsage((state) => state);
  const storage = useLab((state) => state.session.storage);
  const changed = useLab(useShallow(({ shelf, opinions, arena }) => [shelf.checkpoints, opinions.all, arena.duels]));
  const questions = useQuestions();
  const [asked, ask] = useState<FreedKind | null>(null);
  useEffect(() => void measure(), [measure, ...changed]);
  return (
    <Card title="Storage" note="in this browser">
      <div className={styles.form}>
        <table className={styles.kinds} aria-label="What is stored">
          <thead>
            <tr>
              <th scope="col">kind</th>
              <th scope="col">how many</th>
              <th scope="col">size</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {KEPT_KINDS.map((kind) => (
              <Row
                key={kind}
                kind={kind}
                question={kind in questions ? questions[kind as FreedKind] : null}
                ask={() => ask(kind as FreedKind)}
              />
            ))}
          </tbody>
        </table>
        <p className={styles.note}>
          {total
            ? `All of this address, the page itself among it: ${formatBytes(total.used)} of ${formatBytes(total.quota)} that the browser would give.`
            : 'This browser does not say how much it would give.'}
        </p>
        {storage === 'persistent' && <Promised />}
        <p className={styles.note} role="status">
          {outcome}
        </p>
      </div>
      <Confirm
        open={asked !== null}
        title={(asked && questions[asked]?.title) ?? ''}
        confirm="Delete"
        onConfirm={() => asked && void free(asked)}
        onClose={() => ask(null)}
      >
        {asked && questions[asked]?.words}
      </Confirm>
    </Card>
  );
}
