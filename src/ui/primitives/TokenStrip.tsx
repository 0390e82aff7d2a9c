import { use } from 'react';
import { shaded, type Tone, toneColor } from '../theme/tone';
import { longest, shareOfLongest } from './bars';
import { formatSigned } from './format';
import { Verbatim } from './StoryText';
import styles from './TokenStrip.module.css';

export interface StripToken {
  text: string;
  value: number;
  /** instead of the value, in the tooltip */
  title?: string;
}

interface TokenStripProps {
  tokens: readonly StripToken[];
  /** 'diverging' has two colours around 0, 'sequential' one from 0 up */
  scale?: 'diverging' | 'sequential';
  tone?: Tone;
  negativeTone?: Tone;
  /** the value with full colour; the largest of the strip when absent */
  max?: number;
  /** what the colour means, for the tooltip and screen readers: "advantage" */
  meaning: string;
  size?: 'small' | 'normal';
  onPick?: (index: number) => void;
  picked?: number | null;
}

/** Punctuation sits close to its word, as in the text it came from. */
const TIGHT = /^[.,!?;:]$/;

/** percent of colour at most: more would swallow the word in the dark theme */
const STRONGEST = 52;

function shade(value: number, max: number, tone: Tone, negativeTone: Tone) {
  const share = max > 0 ? shareOfLongest(Math.abs(value), max) : 0;
  const color = toneColor(value < 0 ? negativeTone : tone);
  return shaded(color, share * STRONGEST, value < 0 ? -share : share);
}

/**
 * Words shaded by a number each. Sign is marked by colour and by a line under negative tokens; the number is in the
 * tooltip.
 */
export function TokenStrip(props: TokenStripProps) {
  const {
    tokens,
    scale = 'diverging',
    tone = 'good',
    negativeTone = 'rejected',
    meaning,
    size = 'normal',
    onPick,
    picked,
  } = props;
  const max = props.max ?? longest(tokens.map((token) => Math.abs(token.value)));
  const verbatim = use(Verbatim);
  return (
    <span className={`${verbatim ? styles.exact : styles.strip} ${styles[size]}`}>
      {tokens.map((token, index) => {
        const value = scale === 'sequential' ? Math.max(0, token.value) : token.value;
        const title = token.title ?? `${token.text}: ${meaning} ${formatSigned(token.value)}`;
        const className = `${styles.token} ${value < 0 && -value > max / 5 ? styles.negative : ''} ${picked === index ? styles.picked : ''} ${!verbatim && TIGHT.test(token.text) ? styles.tight : ''}`;
        const shared = { className, title, ...shade(value, max, tone, negativeTone) };
        const key = `token ${index}`; // by place: a new word is written into the same element
        if (!onPick) {
          return (
            <span key={key} {...shared}>
              {token.text}
            </span>
          );
        }
        return (
          <button key={key} type="button" {...shared} aria-pressed={picked === index} onClick={() => onPick(index)}>
            {token.text}
          </button>
        );
      })}
    </span>
  );
}
