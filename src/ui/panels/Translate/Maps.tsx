import { useState } from 'react';
import type { HeadAt } from '../../../contract/inside';
import { fixed } from '../../../contract/numbers';
import type { TranslateReading } from '../../../contract/translate';
import { useTranslation } from '../../../store/translate/translation';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Select } from '../../primitives/Select';
import { AttentionGrid } from './AttentionGrid';
import { AttentionThumb } from './AttentionThumb';
import styles from './Translate.module.css';
import { headWords, isStrongest, type MapKind, viewOf } from './words';

const MAPS: Readonly<Record<MapKind, { title: string; note: string }>> = {
  cross: { title: 'Cross-attention', note: 'sees the sentence' },
  encoder: { title: 'Encoder', note: 'sees it whole' },
  decoder: { title: 'Decoder', note: 'sees what it wrote' },
};
const KINDS: readonly MapKind[] = ['cross', 'encoder', 'decoder'];

interface MapsProps {
  reading: TranslateReading;
  at: HeadAt;
}

/** The three kinds of attention of one head: one large, the others small; a small one that is pressed becomes large. */
export function Maps({ reading, at }: MapsProps) {
  const [chosen, setLarge] = useState<MapKind>('cross');
  const large: MapKind = viewOf(reading, chosen) ? chosen : 'encoder';
  return (
    <div className={styles.maps}>
      <LargeMap reading={reading} at={at} kind={large} />
      <div className={styles.thumbs}>
        {KINDS.filter((kind) => kind !== large).map((kind) => (
          <AttentionThumb
            key={kind}
            view={viewOf(reading, kind, at)}
            {...MAPS[kind]}
            onEnlarge={() => setLarge(kind)}
          />
        ))}
      </div>
    </div>
  );
}

/** Layer and head of all pictures of the page. */
function HeadChoice({ reading: { layers, heads }, at: { layer, head } }: MapsProps) {
  const choose = useTranslation((state) => state.chooseHead);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `${i}`, label: `${i + 1}` }));
  return (
    <span className={styles.choices}>
      <Select
        label="Layer"
        value={`${layer}`}
        options={numbers(layers)}
        onChange={(next) => choose({ layer: Number(next), head })}
      />
      <Select
        label="Head"
        value={`${head}`}
        options={numbers(heads)}
        onChange={(next) => choose({ layer, head: Number(next) })}
      />
    </span>
  );
}

function LargeMap({ reading, at, kind }: MapsProps & { kind: MapKind }) {
  const view = viewOf(reading, kind, at);
  const { title, note } = MAPS[kind];
  if (!view) return null;
  return (
    <Card
      title={title}
      note={note}
      actions={
        <>
          <HeadChoice reading={reading} at={at} />
          {kind === 'cross' && <span className={styles.ring}>true partner, from the grammar</span>}
        </>
      }
    >
      <AttentionGrid key={kind} view={view} label={title} />
      {kind === 'cross' && <Strongest reading={reading} at={at} />}
    </Card>
  );
}

/** Which head of cross-attention finds the true partner most often, and the way back to it. */
function Strongest({ reading, at }: MapsProps) {
  const choose = useTranslation((state) => state.chooseHead);
  const share = `${fixed(100 * reading.strongest.agreement, 0)} % of the content words of held-out sentences`;
  if (isStrongest(reading, at))
    return (
      <p className={styles.fact}>
        This head finds the true partner most often: of {share}. It shows what is read, not why.
      </p>
    );
  return (
    <p className={styles.fact}>
      The strongest head is another: {headWords(reading.strongest)} finds the true partner of {share}.{' '}
      <Button kind="quiet" onClick={() => choose(null)}>
        Show the strongest head
      </Button>
    </p>
  );
}
