import { useMemo, useState } from 'react';
import { LIMITS } from '../../../contract/limits';
import { isVote, type Ranking, type VoteSource } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { newestFirst } from '../../../store/opinions/counts';
import type { OpinionCounts } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { FileDrop } from '../../primitives/FileDrop';
import { Select } from '../../primitives/Select';
import { RowsDoor } from '../ExportRows/RowsDoor';
import { ROW_FILES, TableDoor } from '../ImportTable/TableDoor';
import { WorkProgress } from '../WorkProgress';
import { ClearVotes } from './ClearVotes';
import { countsSentence } from './progress';
import { RankingRow } from './RankingRow';
import styles from './VoteHistory.module.css';
import { VoteRow } from './VoteRow';

const PAGE = 20;
const SOURCES: readonly { value: VoteSource; label: string }[] = [
  { value: 'human', label: 'yours' },
  { value: 'simulated', label: 'simulated' },
  { value: 'imported', label: 'imported' },
];

interface VoteHistoryProps {
  opinions: readonly Ranking[];
  counts: OpinionCounts;
  verbatim: boolean;
  canUndo: boolean;
  /** takes back what was asked last: the last vote, or the last ranking */
  undo: () => void;
}

/** Every vote and every ranking, newest first, with what may now be told about it; and the doors for files. */
export function VoteHistory({ opinions, counts, verbatim, canUndo, undo }: VoteHistoryProps) {
  const [shown, setShown] = useState(PAGE);
  const [whose, setWhose] = useState<VoteSource | 'all'>('all');
  const [clearing, setClearing] = useState(false);
  const sources = SOURCES.filter(({ value }) => counts[value] + counts.ranked[value].rankings > 0);
  const current = sources.some(({ value }) => value === whose) ? whose : 'all';
  const all = useMemo(() => newestFirst(opinions), [opinions]);
  const wanted = current === 'all' ? all : all.filter(({ source }) => source === current);
  return (
    <Card title="All votes" note={countsSentence(counts)} label="All votes">
      <div className={styles.tools}>
        <Button onClick={undo} disabled={!canUndo}>
          Take the last one back
        </Button>
        <Files opinions={opinions} />
        <Button onClick={() => setClearing(true)} disabled={all.length === 0}>
          Clear votes…
        </Button>
        {sources.length > 1 && (
          <Select
            label="Show"
            className={styles.whose}
            value={current}
            onChange={setWhose}
            options={[{ value: 'all', label: 'all votes' }, ...sources]}
          />
        )}
      </div>
      <WorkProgress kind="voteFile" label="Reading the votes file" />
      {all.length === 0 ? (
        <p className={styles.none}>
          No votes yet. A file of an earlier session or of a classmate can be imported here: JSON Lines with prompt,
          chosen and rejected; for rankings with prompt, completions and ranks.
        </p>
      ) : (
        <ol className={styles.rows}>
          {wanted
            .slice(0, shown)
            .map((one) =>
              isVote(one) ? (
                <VoteRow key={one.rankingId} vote={one} verbatim={verbatim} />
              ) : (
                <RankingRow key={one.rankingId} ranking={one} verbatim={verbatim} />
              ),
            )}
        </ol>
      )}
      {wanted.length > shown && (
        <Button kind="link" className={styles.more} onClick={() => setShown(shown + 5 * PAGE)}>
          {`Show more of ${wanted.length}`}
        </Button>
      )}
      <ClearVotes open={clearing} counts={counts} onClose={() => setClearing(false)} />
    </Card>
  );
}

/** The ways out and in: everything that was said, as lines. */
function Files({ opinions }: Pick<VoteHistoryProps, 'opinions'>) {
  const { exportFile, importFile } = useLab((state) => state.opinions);
  const votes = useMemo(() => opinions.filter(isVote).length, [opinions]);
  return (
    <>
      <Button onClick={() => void exportFile()} disabled={votes === 0}>
        Export votes
      </Button>
      {votes < opinions.length && <Button onClick={() => void exportFile('rankings')}>Export rankings</Button>}
      <RowsDoor first="preferences" disabled={opinions.length === 0} />
      <FileDrop
        label="Import votes"
        fieldLabel="Votes file"
        accept={ROW_FILES}
        limit={LIMITS.linesBytes}
        onFile={(bytes, name) => void importFile(bytes, name)}
      />
      <TableDoor />
    </>
  );
}
