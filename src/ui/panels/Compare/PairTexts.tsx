import type { ReactNode } from 'react';
import type { ShownPair } from '../../../store/state';
import { StoryText } from '../../primitives/StoryText';
import styles from './PairView.module.css';

export interface PairTextsProps {
  /** null while the next pair is being written */
  shown: (Pick<ShownPair, 'a' | 'b'> & { pair: Pick<ShownPair['pair'], 'prompt'> }) | null;
  /** the visitor's own text, whose spaces and capitals are its own */
  verbatim: boolean;
}

/**
 * From here on the larger of two texts does not fit its card at presenter size; both are then set smaller, so that
 * neither looks favoured.
 */
const LONG_CHARS = 70;

const isLong = (shown: PairTextsProps['shown']): boolean =>
  shown !== null && Math.max(shown.a.length, shown.b.length) > LONG_CHARS;

export function PromptText({ shown, verbatim }: PairTextsProps) {
  return shown ? <StoryText text={shown.pair.prompt} verbatim={verbatim} className={styles.text} /> : <Blank short />;
}

interface SidesProps extends PairTextsProps {
  /** over their feet */
  children?: ReactNode;
}

/** Two completions of the same size and face. */
export function Sides({ shown, verbatim, children }: SidesProps) {
  return (
    <div className={`${styles.sides} ${isLong(shown) ? styles.long : ''}`}>
      <Side name="A" text={shown?.a} verbatim={verbatim} />
      <Side name="B" text={shown?.b} verbatim={verbatim} />
      {children}
    </div>
  );
}

function Side({ name, text, verbatim }: { name: 'A' | 'B'; text: string | undefined; verbatim: boolean }) {
  return (
    <article className={styles.side} aria-label={`Completion ${name}`}>
      <h2 className={styles.eyebrow}>Completion {name}</h2>
      {text === undefined ? <Blank /> : <StoryText text={text} verbatim={verbatim} className={styles.text} />}
    </article>
  );
}

/** Where a text will stand. */
function Blank({ short = false }: { short?: boolean }) {
  return (
    <span className={styles.blank} aria-hidden="true">
      {!short && <i />}
      <i className={styles.end} />
    </span>
  );
}
