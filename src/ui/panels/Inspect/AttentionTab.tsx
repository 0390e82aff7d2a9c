import type { CSSProperties } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { inspectsReward } from '../../../store/models/inspected';
import { Button } from '../../primitives/Button';
import { EmptyState } from '../../primitives/EmptyState';
import { StoryText } from '../../primitives/StoryText';
import { Shown } from '../LessonView';
import { useDebounced } from '../useDebounced';
import { AttentionView } from './AttentionView';
import styles from './Inspect.module.css';
import { NextTokens } from './NextTokens';

/** Where each head looks, and what may come next. */
export function AttentionTab() {
  return (
    <div className={styles.attention} data-columns>
      <Shown part="attention">
        <Attention />
      </Shown>
      <Shown part="next">
        <Next />
      </Shown>
    </div>
  );
}

function Attention() {
  const { maps, layer, head, busy } = useLab(
    useShallow(({ inspect }) => ({ maps: inspect.maps, layer: inspect.layer, head: inspect.head, busy: inspect.busy })),
  );
  const setHead = useLab((lab) => lab.inspect.setHead);
  return (
    <section className={styles.part} aria-label="Attention" aria-busy={busy}>
      <h3 className={styles.title}>Attention</h3>
      {maps && maps.tokens.length > 0 ? (
        <div className={styles.map} style={{ '--tokens': maps.tokens.length } as CSSProperties}>
          <AttentionView maps={maps} at={{ layer, head }} onHead={(at) => setHead(at.layer, at.head)} />
        </div>
      ) : (
        <EmptyState title={busy ? 'Reading…' : 'Type a text'}>
          Each row is a token, and shows which earlier tokens it reads from.
        </EmptyState>
      )}
      <p className={styles.caveat}>Attention shows where information was read, not why: a hint, not an explanation.</p>
    </section>
  );
}

function Next() {
  const { next, sampling, completion, busy, text } = useLab(
    useShallow(({ inspect }) => ({
      next: inspect.next,
      sampling: inspect.sampling,
      completion: inspect.completion,
      busy: inspect.busy,
      text: inspect.text,
    })),
  );
  const setSampling = useLab((lab) => lab.inspect.setSampling);
  const [knobs, setKnobs] = useDebounced(sampling, setSampling);
  const complete = useLab((lab) => lab.inspect.complete);
  const isReward = useLab(inspectsReward);
  if (isReward) return <p className={styles.caveat}>A reward model judges texts and predicts no next token.</p>;
  return (
    <section className={styles.part} aria-label="Next token">
      <h3 className={styles.title}>Next token</h3>
      {next.length === 0 && <p className={styles.caveat}>Type a text: what may follow it shows up here.</p>}
      <NextTokens next={next} sampling={knobs} onSampling={(fields) => setKnobs({ ...knobs, ...fields })} />
      <p className={styles.complete}>
        <Button onClick={() => complete()} disabled={busy || text.trim() === ''}>
          Complete
        </Button>
        {completion !== '' && <StoryText text={completion} tone="policy" />}
      </p>
    </section>
  );
}
