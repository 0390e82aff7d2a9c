import type { ReactNode } from 'react';

/** The keyboard scrolls what it can focus. */
const FOCUSABLE = { tabIndex: 0 };

/** A named box that scrolls inside its card, by wheel and by arrow keys. */
export function ScrollBox({ label, className, children }: { label: string; className?: string | undefined; children: ReactNode }) {
  return (
    <section className={className} aria-label={label} {...FOCUSABLE}>
      {children}
    </section>
  );
}
