import { useEffect } from 'react';
import { LIMITS } from '../../contract/limits';
import { usePlayer } from '../../store/recorded/player';
import { shippedRecording } from '../../store/recorded/shipped';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { FileDrop } from '../../ui/primitives/FileDrop';
import { Say } from '../../ui/primitives/Say';
import { Stage } from '../../ui/primitives/Stage';
import styles from './Recorded.module.css';
import { RecordedStage } from './RecordedStage';
import { SHIPPED } from './shipped';

function OwnRecording() {
  const open = usePlayer((player) => player.open);
  return (
    <Card title="One of your own">
      <FileDrop
        className={styles.file}
        label="Open recording"
        accept=".rlhflab"
        limit={LIMITS.notebookBytes}
        onUnread={(file, name) => void open(async () => file, name)}
      >
        <p className={styles.note}>
          A file that <code>npm run -s lab -- record ppo FILE</code> has made. A damaged part of it is left out and
          named.
        </p>
      </FileDrop>
    </Card>
  );
}

function Shelf() {
  const { open, status, trouble } = usePlayer(({ open, status, trouble }) => ({ open, status, trouble }));
  return (
    <Stage heading="Recorded runs" showHeading className={styles.shelf}>
      <p className={styles.wide}>
        Real runs, made once and written down, for a machine that is too slow or a talk without time. Your own lab is
        set aside meanwhile.
      </p>
      {status === 'opening' && (
        <p className={styles.wide} role="status">
          Opening…
        </p>
      )}
      {trouble !== null && (
        <div className={styles.wide}>
          <Say tone="bad" lead="That recording cannot be played.">
            {trouble}
          </Say>
        </div>
      )}
      {SHIPPED.map(({ id, title, about }, i) => (
        <Card key={id} title={title} className={styles.card}>
          <p className={styles.note}>{about}</p>
          <Button
            kind={i === 0 ? 'primary' : 'plain'}
            disabled={status === 'opening'}
            onClick={() => void open(() => shippedRecording(id), `${id}.rlhflab`)}
            aria-label={`Play ${title}`}
          >
            Play
          </Button>
        </Card>
      ))}
      <OwnRecording />
    </Stage>
  );
}

/** Runs that were made once, played in the stages that they ran in. */
export function RecordedPage() {
  const { status, leave } = usePlayer(({ status, leave }) => ({ status, leave }));
  useEffect(() => leave, [leave]);
  return status === 'ready' ? <RecordedStage /> : <Shelf />;
}
