import { type MouseEvent, useState } from 'react';
import { LIMITS, shortened } from '../../../contract/limits';
import type { Demonstration, DemonstrationSource } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { Button, IconButton } from '../../primitives/Button';
import { StoryText } from '../../primitives/StoryText';
import { ScrollBox } from '../ScrollBox';
import styles from './Demonstrations.module.css';
import { focusTab } from './OpenFile';

const PAGE = 20;
const SOURCES: Record<DemonstrationSource, string> = { grammar: 'stories', human: 'yours', imported: 'imported' };

interface DemonstrationListProps {
  demonstrations: readonly Demonstration[];
  /** the one that is looked at as a training row */
  picked: string | null;
  onPick: (demonstrationId: string) => void;
  verbatim: boolean;
}

/** Every demonstration, newest first; one press looks at it as the model does, another takes it out. */
export function DemonstrationList({ demonstrations, picked, onPick, verbatim }: DemonstrationListProps) {
  const [shown, setShown] = useState(PAGE);
  const newestFirst = demonstrations.slice(-shown).reverse();
  return (
    <ScrollBox label="All demonstrations">
      <ol className={styles.list}>
        {newestFirst.map((one) => (
          <Row
            key={one.demonstrationId}
            demonstration={one}
            picked={one.demonstrationId === picked}
            onPick={onPick}
            verbatim={verbatim}
          />
        ))}
      </ol>
      {demonstrations.length > shown && (
        <Button kind="link" onClick={() => setShown(shown + 5 * PAGE)}>
          {`Show more of ${demonstrations.length}`}
        </Button>
      )}
    </ScrollBox>
  );
}

interface RowProps {
  demonstration: Demonstration;
  picked: boolean;
  onPick: (demonstrationId: string) => void;
  verbatim: boolean;
}

function Row({ demonstration: { demonstrationId, prompt, completion, source }, picked, onPick, verbatim }: RowProps) {
  const remove = useLab((state) => state.demonstrations.remove);
  const takeOut = ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const row = currentTarget.closest('li');
    const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
    const next = neighbour?.querySelector<HTMLElement>('button:last-of-type');
    if (next) next.focus();
    else focusTab({ currentTarget });
    remove(demonstrationId);
  };
  return (
    <li className={`${styles.row} ${picked ? styles.picked : ''}`}>
      <button type="button" className={styles.look} aria-pressed={picked} onClick={() => onPick(demonstrationId)}>
        <StoryText size="small" tone="ink-3" text={shortened(prompt, LIMITS.listedText)} verbatim={verbatim} />
        <span>
          <StoryText size="small" text={shortened(completion, LIMITS.listedText)} verbatim={verbatim} />{' '}
          <span className={styles.source}>{SOURCES[source]}</span>
        </span>
      </button>
      <IconButton label="Take this one out" className={styles.out} onClick={takeOut}>
        <span aria-hidden="true">✕</span>
      </IconButton>
    </li>
  );
}
