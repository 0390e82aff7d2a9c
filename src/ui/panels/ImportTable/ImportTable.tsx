import { LIMITS, shortened } from '../../../contract/limits';
import { countOf, plural } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { MOST_ASKED } from '../../../store/opinions/ownPrompts';
import type { ColumnRole, TableOffer, TableVerdict } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Checkbox } from '../../primitives/Checkbox';
import { Dialog } from '../../primitives/Dialog';
import { formatInteger } from '../../primitives/format';
import { keyed } from '../../primitives/keyed';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { ScrollBox } from '../ScrollBox';
import { WorkProgress } from '../WorkProgress';
import styles from './ImportTable.module.css';

const NOTHING = 'as it is';
const ROLES: readonly { value: ColumnRole | typeof NOTHING; label: string }[] = [
  { value: NOTHING, label: 'by its name, or nothing' },
  { value: 'prompt', label: 'prompt' },
  { value: 'chosen', label: 'chosen, the better text' },
  { value: 'rejected', label: 'rejected, the worse text' },
  { value: 'completion', label: 'completion' },
  { value: 'completions', label: 'completions, a list to rank' },
  { value: 'ranks', label: 'ranks of the list, 1 is best' },
  { value: 'label', label: 'label, good or bad' },
  { value: 'margin', label: 'margin, by how much' },
];

/** What the columns of a file of another program are, before anything of it is here. */
export default function ImportTable() {
  const offer = useLab((lab) => lab.tables.offer);
  const cancel = useLab((lab) => lab.tables.cancel);
  if (!offer) return null;
  return (
    <Dialog title="Import a table" open onClose={cancel} footer={<Answers {...offer} />}>
      <p className={styles.lead}>
        <b>{offer.name}</b> has {countOf(offer.rows, 'row')} and {countOf(offer.columns.length, 'column')}. Say what the
        columns are, where the guess is wrong.
      </p>
      {offer.firstLine && <FirstLine is={offer.firstLine} />}
      <Columns {...offer} />
      <WorkProgress kind="voteFile" label="Reading the rows" />
      {offer.verdict && <Verdict {...offer.verdict} />}
    </Dialog>
  );
}

/** a table may have no names above its rows */
function FirstLine({ is }: { is: 'names' | 'row' }) {
  const setFirstLine = useLab((lab) => lab.tables.setFirstLine);
  return (
    <Checkbox
      label="The first line is a row, not names"
      checked={is === 'row'}
      onChange={(isRow) => void setFirstLine(isRow ? 'row' : 'names')}
    />
  );
}

function Columns({ columns, roles, sample }: TableOffer) {
  const setRole = useLab((lab) => lab.tables.setRole);
  return (
    <ul className={styles.columns} aria-label="Columns of the file">
      {columns.map((name, i) => (
        <li key={name} className={styles.column}>
          <Select
            label={shortened(name, LIMITS.name)}
            value={roles[name] ?? NOTHING}
            options={ROLES}
            onChange={(role) => void setRole(name, role === NOTHING ? null : role)}
          />
          <ol className={styles.sample} aria-label={`First rows of ${shortened(name, LIMITS.name)}`}>
            {keyed(
              sample.map((row) => row[i] ?? ''),
              (text) => text,
            ).map(({ key, item }) => (
              <li key={key}>{item === '' ? <span className={styles.blank}>empty</span> : item}</li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  );
}

function keptWords({ votes, rankings, demonstrations, prompts }: TableVerdict): string {
  const parts = [
    votes > 0 && countOf(votes, 'preference'),
    rankings > 0 && countOf(rankings, 'ranking'),
    demonstrations > 0 && countOf(demonstrations, 'demonstration'),
    prompts > 0 && countOf(Math.min(prompts, MOST_ASKED), 'prompt'),
  ].filter(Boolean);
  return parts.length === 0 ? 'Nothing' : parts.join(' and ');
}

const keptCount = ({ votes, rankings, demonstrations, prompts }: TableVerdict): number =>
  votes + rankings + demonstrations + Math.min(prompts, MOST_ASKED);

/** what becomes of prompts alone */
const askedWords = ({ prompts }: TableVerdict): string =>
  prompts === 0
    ? ''
    : `The model writes two texts on each, and Compare shows them next${
        prompts > MOST_ASKED ? `; of ${formatInteger(prompts)} the first ${MOST_ASKED}` : ''
      }.`;

function Verdict(verdict: TableVerdict) {
  const { refused, refusedCount, notes } = verdict;
  const kept = keptCount(verdict);
  return (
    <>
      <Say
        tone={kept > 0 ? 'good' : 'warn'}
        lead={`${keptWords(verdict)} will be ${verdict.prompts > 0 ? 'asked' : 'kept'}.`}
      >
        {refusedCount === 0
          ? 'All rows are good.'
          : `${countOf(refusedCount, 'row')} ${plural(refusedCount, 'is', 'are')} left out.`}{' '}
        {askedWords(verdict)} {notes.join(' ')}
      </Say>
      {refusedCount > 0 && (
        <ScrollBox label="Rows that are left out" className={styles.refused}>
          <ol>
            {refused.map(({ row, why }) => (
              <li key={row} value={row}>{`row ${formatInteger(row)}: ${why}`}</li>
            ))}
          </ol>
          {refusedCount > refused.length && <p>And {formatInteger(refusedCount - refused.length)} more.</p>}
        </ScrollBox>
      )}
    </>
  );
}

function Answers({ verdict }: TableOffer) {
  const { accept, cancel } = useLab((lab) => lab.tables);
  const kept = verdict ? keptCount(verdict) : 0;
  return (
    <div className={styles.answers}>
      <Button onClick={cancel}>Keep none</Button>
      <Button kind="primary" disabled={kept === 0} onClick={() => void accept()}>
        {kept === 0 ? 'Keep' : `${verdict && verdict.prompts > 0 ? 'Ask' : 'Keep'} ${formatInteger(kept)}`}
      </Button>
    </div>
  );
}
