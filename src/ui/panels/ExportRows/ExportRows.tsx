import { useMemo, useState } from 'react';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { rowSource } from '../../../store/opinions/rowsOut';
import type { ForeignKind, RowForm, WantedRows } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import { Say } from '../../primitives/Say';
import { Segments } from '../../primitives/Segments';
import { Select } from '../../primitives/Select';
import { WorkProgress } from '../WorkProgress';
import styles from './ExportRows.module.css';

const KINDS: readonly { value: ForeignKind; label: string }[] = [
  { value: 'preferences', label: 'preferences' },
  { value: 'rankings', label: 'rankings' },
  { value: 'demonstrations', label: 'demonstrations' },
  { value: 'prompts', label: 'prompts' },
];
const FORMS: readonly { value: RowForm; label: string }[] = [
  { value: 'apart', label: 'prompt apart (explicit)' },
  { value: 'joined', label: 'prompt in each text (implicit)' },
  { value: 'messages', label: 'messages (conversational)' },
];
const FILES: readonly { value: WantedRows['file']; label: string }[] = [
  { value: 'jsonl', label: 'JSON Lines' },
  { value: 'parquet', label: 'Parquet' },
];

/** who reads them */
const READERS: Record<ForeignKind, string> = {
  preferences: 'DPOTrainer and RewardTrainer train on them as they are.',
  rankings: 'No trainer of TRL reads these: they are for scripts of your own. As preferences they come as pairs.',
  demonstrations: 'SFTTrainer trains on them as they are.',
  prompts: 'GRPOTrainer and RLOOTrainer ask them.',
};
const NONE: Record<ForeignKind, string> = {
  preferences: 'They come of votes and rankings, made or imported in Compare.',
  rankings: 'They are made in Compare, with more than two texts at once.',
  demonstrations: 'They are gathered in Fine-tune.',
  prompts: 'They are those of votes, rankings and demonstrations.',
};
const ADVICE: Record<RowForm, string> = {
  apart: '',
  joined: ' The reader finds the prompt by what both texts begin with, and TRL cuts between letters: apart is safer.',
  messages: ' The tokenizer there needs a chat template, and models of this lab have none.',
};

function FirstRow({ row }: { row: object }) {
  return (
    <dl className={styles.sample} aria-label="The first row">
      {Object.entries(row).map(([name, cell]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof cell === 'string' ? cell : JSON.stringify(cell)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The lab's rows for `datasets` and TRL, with the first of them in sight before anything is saved. */
export default function ExportRows({ first, onClose }: { first: ForeignKind; onClose: () => void }) {
  const [wanted, setWanted] = useState<WantedRows>({ what: first, form: 'apart', file: 'jsonl' });
  const opinions = useLab((lab) => lab.opinions);
  const demonstrations = useLab((lab) => lab.demonstrations);
  const corpus = useLab((lab) => lab.corpus);
  const config = useLab((lab) => lab.config);
  const save = useLab((lab) => lab.tables.save);
  const { count, sample, notes } = useMemo(() => {
    const found = rowSource({ opinions, demonstrations, corpus, config }, wanted);
    return { ...found, sample: found.rows(0, 1)[0] };
  }, [opinions, demonstrations, corpus, config, wanted]);
  const change = (fields: Partial<WantedRows>) => setWanted((had) => ({ ...had, ...fields }));
  const hasForms = wanted.what !== 'rankings';
  return (
    <Dialog
      title="Export for datasets and TRL"
      open
      onClose={onClose}
      footer={
        <div className={styles.answers}>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" disabled={count === 0} onClick={() => void save(wanted)}>
            {count === 0 ? 'Save' : `Save ${countOf(count, 'row')}`}
          </Button>
        </div>
      }
    >
      <div className={styles.choices}>
        <Select label="Rows" value={wanted.what} options={KINDS} onChange={(what) => change({ what })} />
        <Select
          label="Form"
          value={hasForms ? wanted.form : 'apart'}
          disabled={!hasForms}
          options={FORMS}
          onChange={(form) => change({ form })}
        />
        <Segments label="File" value={wanted.file} options={FILES} onChange={(file) => change({ file })} />
      </div>
      <p className={styles.lead}>
        {READERS[wanted.what]}
        {hasForms && ADVICE[wanted.form]}
      </p>
      {sample ? (
        <FirstRow row={sample} />
      ) : (
        <Say tone="warn" lead={`No ${wanted.what} yet.`}>
          {NONE[wanted.what]}
        </Say>
      )}
      {notes.length > 0 && <p className={styles.lead}>{notes.join(' ')}</p>}
      <WorkProgress kind="export" label={`Writing ${countOf(count, 'row')}`} />
    </Dialog>
  );
}
