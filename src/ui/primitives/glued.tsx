import { Children, Fragment, type ReactNode } from 'react';
import { keyed } from './keyed';

/** a number, or from one to another, and the unit after it */
const WITH_UNIT =
  /((?<![\d.,–])(?:\d[\d.,]*–)?[−+<]?[\d.,]*\d (?:%|nats?|ms|s|min|h|kB|MB|GB|k|M|tokens\/s)(?![\p{L}\d]))/u;

/**
 * @returns the same words with no break between a number and its unit: "50 %" never ends in a line that begins with
 * "%". The text itself keeps its spaces, for whoever copies or reads it
 */
export function glued(words: string): ReactNode {
  const parts = keyed(words.split(WITH_UNIT), (part) => part);
  if (parts.length === 1) return words;
  return parts.map(({ key, item }, i) =>
    i % 2 === 1 ? (
      <span key={key} className="whole">
        {item}
      </span>
    ) : (
      <Fragment key={key}>{item}</Fragment>
    ),
  );
}

/** The same of what a component shows; words and numbers that stand side by side are one text. */
export function gluedIn(shown: ReactNode): ReactNode {
  const parts: ReactNode[] = [];
  for (const part of Children.toArray(shown)) {
    const last = parts.at(-1);
    if (typeof last === 'string' && isText(part)) parts[parts.length - 1] = `${last}${part}`;
    else parts.push(isText(part) ? String(part) : part);
  }
  return Children.map(parts, (part) => (typeof part === 'string' ? glued(part) : part));
}

const isText = (part: ReactNode): part is string | number => typeof part === 'string' || typeof part === 'number';
