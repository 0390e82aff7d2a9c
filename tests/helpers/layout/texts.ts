/** What of a page can be read, and where: every text node with the boxes of its lines. Runs inside the page. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface SeenText {
  words: string;
  node: Node;
  element: Element;
  /** one a line, in CSS pixels of the window, as far as scrolling boxes around it show them */
  boxes: Box[];
}

const NOT_READ = 'script, style, option, title, desc, noscript, template, #recharts_measurement_span';

/** for screen readers alone: a pixel, or clipped away */
const isForEars = (element: Element): boolean => {
  for (let one: Element | null = element; one; one = one.parentElement)
    if (getComputedStyle(one).clipPath === 'inset(50%)') return true;
  return false;
};

export const isShown = (element: Element): boolean =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isForEars(element);

export const boxOf = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });

export const meet = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});

export const isEmpty = ({ left, top, right, bottom }: Box): boolean => right - left < 1 || bottom - top < 1;

export type Overflow = 'seen' | 'scrolls' | 'cuts';

const kindOf = (overflow: string): Overflow =>
  overflow === 'visible' ? 'seen' : /auto|scroll/.test(overflow) ? 'scrolls' : 'cuts';

/** What an element does with what is wider (x) or higher (y) than itself. */
export function overflowOf(element: Element): { x: Overflow; y: Overflow } {
  const { display, overflowX, overflowY } = getComputedStyle(element);
  if (display === 'contents' || (display === 'inline' && element instanceof HTMLElement))
    return { x: 'seen', y: 'seen' };
  return { x: kindOf(overflowX), y: kindOf(overflowY) };
}

/** The part of an element that what is inside may use: without borders and scroll bars. */
export function insideOf(element: Element): Box {
  const box = element.getBoundingClientRect();
  if (!(element instanceof HTMLElement)) return boxOf(box);
  const left = box.left + element.clientLeft;
  const top = box.top + element.clientTop;
  return { left, top, right: left + element.clientWidth, bottom: top + element.clientHeight };
}

/** The boxes around an element that could hide it, nearest first; what is fixed to the window leaves them all. */
export function* around(element: Element): Generator<Element> {
  for (let one: Element | null = element; one && one !== document.body; one = one.parentElement) {
    yield one;
    if (getComputedStyle(one).position === 'fixed') return;
  }
}

function whatScrollingShows(box: Box, element: Element): Box {
  let shown = box;
  for (const one of around(element)) {
    const { x, y } = overflowOf(one);
    const inside = insideOf(one);
    if (x === 'scrolls') shown = meet(shown, { ...shown, left: inside.left, right: inside.right });
    if (y === 'scrolls') shown = meet(shown, { ...shown, top: inside.top, bottom: inside.bottom });
  }
  return shown;
}

/**
 * @returns all texts below `root` that can be read now or after scrolling; those scrolled out of their box have no
 * boxes
 */
export function textsOf(root: Element): SeenText[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: SeenText[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    if (!element || words === '' || element.closest(NOT_READ) || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()]
      .map((box) => whatScrollingShows(boxOf(box), element))
      .filter((box) => !isEmpty(box));
    texts.push({ words, node, element, boxes });
  }
  return texts;
}
