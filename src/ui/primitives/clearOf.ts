/** Where a message at the foot of the page stands without lying over what is pressed or read at that moment. */
import { type RefObject, useLayoutEffect } from 'react';

export interface Edges {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** of free room around it, px */
const GAP = 4;

const meet = (one: Edges, other: Edges): boolean =>
  one.left < other.right + GAP &&
  other.left < one.right + GAP &&
  one.top < other.bottom + GAP &&
  other.top < one.bottom + GAP;

/** named one by one: the edges of a DOMRect are not its own, so a spread would lose them */
const raised = ({ left, right, top, bottom }: Edges, by: number): Edges => ({
  left,
  right,
  top: top - by,
  bottom: bottom - by,
});

/**
 * @param box where it would stand, px of the window
 * @param highest its top may not go above this
 * @returns by how many px to raise it, so that it lies over nothing of what is there; 0 where there is no such place
 */
export function clearance(box: Edges, obstacles: readonly Edges[], highest: number): number {
  let by = 0;
  for (let tries = 0; tries <= obstacles.length; tries++) {
    const above = obstacles.filter((one) => meet(raised(box, by), one));
    if (above.length === 0) return by;
    by = above.reduce((most, { top }) => Math.max(most, box.bottom - top + GAP), by);
    if (box.top - by < highest) return 0;
  }
  return 0;
}

/** at the sides of the window, px */
const MARGIN = 12;

/**
 * @param width of the message
 * @param edge where the drawer on the right begins, or the window ends, px
 * @returns the middle of where it stands: beside the drawer, which is read; null where there is no room for it
 */
export const middleBeside = (width: number, edge: number): number | null =>
  width + 2 * MARGIN <= edge ? edge / 2 : null;

/** what can be pressed, and the texts that are being judged */
const OBSTACLES = ':is(button, a[href], input, select, textarea, summary, article > span)';
/** what a dialog makes unreachable, the page's head, which is above every message, and the messages themselves */
const NO_OBSTACLE = '[aria-hidden="true"] *, header *, [data-foot] *';

/** @returns where the things are that a message may not lie over now */
export const obstaclesOf = (page: ParentNode): Edges[] =>
  [...page.querySelectorAll(OBSTACLES)]
    .filter((one) => !one.matches(NO_OBSTACLE))
    .map((one) => one.getBoundingClientRect());

/** Keeps a box clear of the page's controls whenever what it says changes, or the window does. */
export function useClearance(ref: RefObject<HTMLElement | null>, said: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message has another size
  useLayoutEffect(() => {
    const rise = () => {
      const box = ref.current;
      if (!box) return;
      box.style.translate = '';
      Object.assign(box.style, { left: '', right: '', transform: '' });
      const drawer = document.querySelector('[data-place="drawer"]')?.getBoundingClientRect();
      const middle = drawer && middleBeside(box.getBoundingClientRect().width, drawer.left);
      if (middle) Object.assign(box.style, { left: `${middle}px`, right: 'auto', transform: 'translateX(-50%)' });
      const seen = box.getBoundingClientRect();
      if (seen.height === 0) return;
      const header = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
      box.style.translate = `0 ${-clearance(seen, obstaclesOf(document), Math.max(0, header))}px`;
    };
    rise();
    const dialogs = new MutationObserver(rise); // each is a child of the body
    dialogs.observe(document.body, { childList: true });
    window.addEventListener('resize', rise);
    return () => {
      dialogs.disconnect();
      window.removeEventListener('resize', rise);
    };
  }, [ref, said]);
}
