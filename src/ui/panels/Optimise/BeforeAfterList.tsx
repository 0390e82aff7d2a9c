import { memo } from 'react';
import type { BeforeAfter } from '../../../contract/observations';
import { usePaced } from '../../charts/usePaced';
import { Card } from '../../primitives/Card';
import { StoryText } from '../../primitives/StoryText';
import pairs from '../pairs.module.css';
import { ScrollBox } from '../ScrollBox';
import styles from './BeforeAfterList.module.css';

interface BeforeAfterListProps {
  rows: readonly BeforeAfter[];
  /** when they were written, e.g. "iteration 12" */
  note: string;
}

/** Fixed prompts, same seed: the reference's completion above the policy's. What differs is what training did. */
export function BeforeAfterList({ rows, note }: BeforeAfterListProps) {
  return <List rows={usePaced(rows)} note={note} />;
}

const List = memo(function List({ rows, note }: BeforeAfterListProps) {
  return (
    <Card title="Same prompt, same seed" note={rows.length > 0 ? note : undefined}>
      {rows.length === 0 ? (
        <p className={styles.empty}>
          The reference's text above, the policy's below, as soon as it has learned something.
        </p>
      ) : (
        <ScrollBox label="Before and after" filling>
          {rows.map((row) => (
            <div key={row.prompt} className={pairs.pair}>
              <StoryText text={row.prompt} tone="ink-3" size="small" className={styles.prompt} />
              <p>
                <span className={styles.mark}>before</span>
                <StoryText text={row.before} tone="reference" size="small" />
              </p>
              <p>
                <span className={styles.mark}>now</span>
                <StoryText text={row.after} tone="policy" size="small" />
              </p>
            </div>
          ))}
        </ScrollBox>
      )}
    </Card>
  );
});
