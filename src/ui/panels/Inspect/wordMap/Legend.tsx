import { WORD_KINDS, type WordMap } from '../../../../contract/inside';
import { toneColor } from '../../../theme/tone';
import legend from '../../legend.module.css';
import { type Look, lookOf, shapePath } from './looks';
import styles from './WordsTab.module.css';

/** the shape that a kind has on the map */
export function Mark({ look: { tone, shape } }: { look: Look }) {
  const isHollow = shape === 'ring';
  return (
    <svg className={styles.mark} viewBox="-6.5 -6.5 13 13" aria-hidden="true">
      <path
        d={shapePath(shape, 4.6)}
        fill={isHollow ? 'none' : toneColor(tone)}
        stroke={isHollow ? toneColor(tone) : 'none'}
      />
    </svg>
  );
}

/** The kinds that the map shows; none on a text whose words have none. */
export function Legend({ map: { kinds } }: { map: WordMap }) {
  const shown = [...WORD_KINDS.filter((kind) => kinds.includes(kind)), ...(kinds.includes(null) ? [null] : [])];
  if (shown.every((kind) => kind === null)) return null;
  return (
    <ul className={`${legend.legend} ${styles.legend}`} aria-label="Kinds of words">
      {shown.map((kind) => (
        <li key={kind ?? 'none'}>
          <Mark look={lookOf(kind)} /> {lookOf(kind).label}
        </li>
      ))}
    </ul>
  );
}
