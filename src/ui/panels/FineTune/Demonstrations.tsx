import { useState } from 'react';
import { useLab } from '../../../store/lab';
import { demonstrationCounts } from '../../../store/opinions/demonstrations';
import { corpusWords } from '../../../store/text/corpusWords';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Confirm } from '../../primitives/Dialog';
import { Tabs } from '../../primitives/Tabs';
import { Measure } from '../Compare/Measure';
import { WorkProgress } from '../WorkProgress';
import { DemonstrationList } from './DemonstrationList';
import styles from './Demonstrations.module.css';
import { focusTab, OpenFile, PendingImport } from './OpenFile';
import { WishForm } from './WishForm';
import { WriteOne } from './WriteOne';

type Way = 'wish' | 'write' | 'file';

interface DemonstrationsProps {
  picked: string | null;
  onPick: (demonstrationId: string) => void;
  className?: string | undefined;
}

/**
 * How prompts should go on: taken from the stories by a wish, written, or from a file; and all of them, counted apart.
 */
export function Demonstrations({ picked, onPick, className = '' }: DemonstrationsProps) {
  const demonstrations = useLab((state) => state.demonstrations.all);
  const summary = useLab((state) => state.corpus.summary);
  const hasBase = useLab((state) => state.shelf.slots.baseId !== null);
  const { ownText } = corpusWords(summary);
  const [chosen, setWay] = useState<Way>('wish');
  const way = ownText && chosen === 'wish' ? 'write' : chosen;
  /** nobody can compute whether a piece of own text is as wished */
  const byWish = {
    id: 'wish' as const,
    label: 'By a wish',
    content: <WishForm animals={summary?.animals ?? []} disabled={!hasBase} />,
  };
  const tabs = [
    ...(ownText ? [] : [byWish]),
    { id: 'write' as const, label: 'Write one', content: <WriteOne disabled={!hasBase} /> },
    { id: 'file' as const, label: 'File', content: <OpenFile disabled={!hasBase} /> },
  ];
  return (
    <Card
      title="Demonstrations"
      label="Demonstrations"
      className={className}
      value={
        <Measure id="finetune/demonstrations" value={demonstrations.length}>
          {demonstrations.length}
        </Measure>
      }
    >
      <Tabs<Way>
        label="Where demonstrations come from"
        value={way}
        onChange={setWay}
        tabs={tabs}
        className={styles.tabs}
      />
      <WorkProgress kind="wishes" label="Looking for stories" />
      <WorkProgress kind="demonstrationFile" label="Reading the file" />
      <PendingImport />
      <Counts />
      {demonstrations.length === 0 ? (
        <p className={styles.hint}>
          Each is a prompt and how it should go on. The model reads the prompt and learns to write the rest; a few dozen
          change its manner.
        </p>
      ) : (
        <DemonstrationList demonstrations={demonstrations} picked={picked} onPick={onPick} verbatim={ownText} />
      )}
    </Card>
  );
}

/** How many came from where, the way to take them all out, and the way back. */
function Counts() {
  const demonstrations = useLab((state) => state.demonstrations.all);
  const { removed, putBack, clear } = useLab((state) => state.demonstrations);
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  const [asking, setAsking] = useState(false);
  const { grammar, human, imported } = demonstrationCounts(demonstrations);
  if (demonstrations.length + removed.length === 0) return null;
  return (
    <p className={styles.counts}>
      <span>{`${ownText && grammar === 0 ? '' : `${grammar} from the stories · `}${human} yours · ${imported} imported`}</span>
      {removed.length > 0 && (
        <Button
          kind="link"
          onClick={(event) => {
            focusTab(event);
            putBack();
          }}
        >
          {removed.length === 1 ? 'Put the last one back' : `Put ${removed.length} back`}
        </Button>
      )}
      <Button kind="link" onClick={() => setAsking(true)} disabled={demonstrations.length === 0}>
        Take all out…
      </Button>
      <Confirm
        open={asking}
        title="Take all demonstrations out?"
        confirm="Take all out"
        onConfirm={() => clear()}
        onClose={() => setAsking(false)}
      >
        {`${demonstrations.length} go. They can be put back until you take out others or leave the page; export them to keep them.`}
      </Confirm>
    </p>
  );
}
