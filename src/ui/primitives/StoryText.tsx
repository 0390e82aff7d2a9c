import { type CSSProperties, createContext, type ReactNode, use } from 'react';
import { readable } from '../../contract/storyText';
import { type Tone, toneText } from '../theme/tone';
import styles from './StoryText.module.css';

/** Whether the page shows texts as the model wrote them, token by token; the shell provides it. */
export const ExactTokens = createContext(false);
/**
 * Whether the texts of the page are the visitor's own, whose spaces and capitals are its own; the shell provides it.
 */
export const Verbatim = createContext(false);

interface StoryTextProps {
  text: string;
  /** overrides the page's toggle */
  exact?: boolean;
  /** overrides what the page shows: false for stories of a lesson */
  verbatim?: boolean;
  size?: 'small' | 'normal' | 'large';
  tone?: Tone;
  /** stands before the text, e.g. a ✓ */
  mark?: ReactNode;
  className?: string;
}

/**
 * Text that a model wrote: serif, readable, and exactly as it wrote it when asked. Imported text is text, never HTML.
 */
export function StoryText({
  text,
  exact,
  verbatim,
  size = 'normal',
  tone = 'ink',
  mark,
  className = '',
}: StoryTextProps) {
  const inherited = use(ExactTokens);
  const isOwn = use(Verbatim);
  const asWritten = (verbatim ?? isOwn) || (exact ?? inherited);
  const style: CSSProperties = { color: toneText(tone) };
  return (
    <span className={`${styles.story} ${styles[size]} ${asWritten ? styles.exact : ''} ${className}`} style={style}>
      {mark}
      {asWritten ? text : readable(text)}
    </span>
  );
}
