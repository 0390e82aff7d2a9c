import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ControlId } from '../../store/health';
import { useReached } from './Control';
import styles from './ScrollBox.module.css';

/** The keyboard scrolls what it can focus. */
const FOCUSABLE = { tabIndex: 0 };

/** A rounding of the browser's is no more to read. */
const ROUNDING_PX = 2;

/** by then the cards that were drawn with this one, in turns of a frame each, are laid out */
const SETTLED_MS = 200;

/**
 * Runs a task once what is being drawn is laid out: asked for earlier, a height would lay out the page on the spot.
 * @returns what calls it off
 */
function afterFrames(task: () => void): () => void {
  const timer = setTimeout(task, SETTLED_MS);
  return () => clearTimeout(timer);
}

/** @returns a ref for a box that scrolls, and whether there is more below what it shows */
function useMoreBelow() {
  const ref = useRef<HTMLElement>(null);
  const [more, setMore] = useState(false);
  const measure = useRef(() => {
    const box = ref.current;
    if (box) setMore(box.scrollHeight - box.clientHeight - box.scrollTop > ROUNDING_PX);
  });
  useEffect(() => afterFrames(measure.current));
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const now = measure.current;
    const observer = new ResizeObserver(now);
    observer.observe(box);
    box.addEventListener('scroll', now, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', now);
    };
  }, []);
  return { ref, more };
}

interface ScrollBoxProps {
  label: string;
  className?: string | undefined;
  /** what other places call it that lead here */
  reachedAs?: ControlId;
  /** its card gives it all the height that is left, whatever is in it, and its words change while something runs */
  filling?: boolean;
  children: ReactNode;
}

/**
 * A named box that scrolls inside its card, by wheel and by arrow keys; its lower edge fades while there is more below.
 */
export function ScrollBox({ label, className = '', reachedAs, filling = false, children }: ScrollBoxProps) {
  const { ref, more } = useMoreBelow();
  const framed = useReached(reachedAs, () => ref.current);
  return (
    <section
      ref={ref}
      className={`${styles.box} ${filling ? styles.filling : ''} ${more ? styles.more : ''} ${framed ? styles.framed : ''} ${className}`}
      aria-label={label}
      {...FOCUSABLE}
    >
      {children}
    </section>
  );
}
