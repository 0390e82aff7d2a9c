import type { VotesSlice } from '../../../store/state';
import { Button } from '../../primitives/Button';
import styles from './VoteHistory.module.css';

const NAMED = 8;

interface PendingImportProps {
  pending: NonNullable<VotesSlice['pendingImport']>;
  onKeep: () => void;
  onCancel: () => void;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A file with lines that cannot be read: each is named by its number, and nothing is kept before the visitor says so. */
export function PendingImport({ pending, onKeep, onCancel }: PendingImportProps) {
  const { name, votes, badLines } = pending;
  const good = votes.length;
  return (
    <div className={styles.pending} role="alert">
      <p>
        <b>{`${plural(badLines.length, 'line')} of ${name} cannot be read.`}</b>{' '}
        {good > 0 ? `${plural(good, 'vote')} can.` : 'No other line holds a vote.'}
      </p>
      <ul>
        {badLines.slice(0, NAMED).map(({ line, reason }) => (
          <li key={line}>{`Line ${line}: ${reason}`}</li>
        ))}
        {badLines.length > NAMED && <li>{`and ${badLines.length - NAMED} more`}</li>}
      </ul>
      <div className={styles.tools}>
        {good > 0 && <Button onClick={onKeep}>{good === 1 ? 'Keep the good vote' : `Keep the ${good} good votes`}</Button>}
        <Button onClick={onCancel}>Import nothing</Button>
      </div>
    </div>
  );
}
