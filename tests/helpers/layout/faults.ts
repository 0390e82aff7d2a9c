/**
 * What no page of the lab may have: text that is cut or printed over, a box too low to read in, a page that scrolls
 * sideways. Runs inside the page.
 */
import { around, type Box, boxOf, insideOf, isEmpty, isShown, meet, overflowOf, type SeenText, textsOf } from './texts';

/** rounding of the browser's */
const SLACK_PX = 1.5;

/** A line's box reaches above and below its letters: so much of it may be cut, or lie over another, before ink does. */
const AIR = 0.3;

/** the least that a box which scrolls shows: three lines */
const LEAST_REM = 3 * 1.4;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
const short = (words: string): string => (words.length > 40 ? `${words.slice(0, 39)}…` : words);

/** "Card title: words", to find the place by */
function placeOf(element: Element): string {
  const region = element.closest('section, nav, header, [role=dialog], [role=toolbar], article, figure');
  const title =
    region?.getAttribute('aria-label') ??
    region?.querySelector('h1, h2, h3, h4')?.textContent ??
    region?.tagName.toLowerCase();
  return title ?? element.tagName.toLowerCase();
}

const describe = (text: SeenText): string => `“${short(text.words)}” in ${short(placeOf(text.element))}`;

/** A visitor's own words may be shortened where all of them can still be had: in the tooltip. */
const isShortenedName = (element: Element): boolean => {
  const marked = element.closest('[data-shortened]');
  return marked !== null && (marked.getAttribute('title') ?? '') === (marked.textContent ?? '');
};

function cutBy(box: Box, element: Element): Element | null {
  const shown = box;
  for (const one of around(element)) {
    const { x, y } = overflowOf(one);
    const inside = insideOf(one);
    const air = AIR * (box.bottom - box.top);
    if (x === 'cuts' && (shown.left < inside.left - SLACK_PX || shown.right > inside.right + SLACK_PX)) return one;
    if (y === 'cuts' && (shown.top < inside.top - air || shown.bottom > inside.bottom + air)) return one;
  }
  return null;
}

/** An ellipsis leaves the boxes of the text where they are, or takes them away: its holder tells. */
function hasEllipsis(element: Element): boolean {
  for (const one of around(element)) {
    if (overflowOf(one).x !== 'cuts' || !(one instanceof HTMLElement)) continue;
    if (getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth + SLACK_PX) return true;
  }
  return false;
}

export function cutTexts(texts: readonly SeenText[]): string[] {
  return texts
    .filter(({ element, boxes }) => hasEllipsis(element) || boxes.some((box) => cutBy(box, element) !== null))
    .filter(({ element }) => !isShortenedName(element))
    .map((text) => `cut: ${describe(text)}`);
}

/** Longer words have to break somewhere. */
const MOST_LETTERS = 18;

/** a number with its sign, or a word; what stands between a word and a number, as in UTF-8, is a hyphen */
const UNIT = /(?:(?<![\p{L}\p{N}])[−+±-])?\d[\d.,]*|[\p{L}\p{N}]+/gu;

/** Words of a usual length, and numbers, are not torn apart to save room. */
export function broken(texts: readonly SeenText[]): string[] {
  return texts
    .filter(({ boxes }) => boxes.length > 1)
    .flatMap(({ node, element }) =>
      [...(node.textContent ?? '').matchAll(UNIT)]
        .filter(
          ({ 0: word, index }) => word.length <= MOST_LETTERS && linesOf(node, { index, length: word.length }) > 1,
        )
        .map(([word]) => `broken: “${word}” in ${short(placeOf(element))}`),
    );
}

function linesOf(node: Node, { index, length }: { index: number; length: number }): number {
  const range = document.createRange();
  range.setStart(node, index);
  range.setEnd(node, index + length);
  return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
}

/** Beyond the window's sides nobody can look; above and below it the page scrolls. */
export function textsOutside(texts: readonly SeenText[]): string[] {
  const width = document.documentElement.clientWidth;
  return texts
    .filter(({ boxes }) => boxes.some(({ left, right }) => left < -SLACK_PX || right > width + SLACK_PX))
    .map((text) => `outside the window: ${describe(text)}`);
}

const lay = (a: Box, b: Box): boolean => {
  const common = meet(a, b);
  const air = AIR * Math.min(a.bottom - a.top, b.bottom - b.top);
  return common.right - common.left > 2 && common.bottom - common.top > air;
};

const isOpaque = (element: Element): boolean => {
  const color = getComputedStyle(element).backgroundColor;
  const alpha = /\/\s*([\d.]+)\)|rgba\([^)]*,\s*([\d.]+)\)/.exec(color);
  return alpha ? Number(alpha[1] ?? alpha[2]) > 0.8 : color !== 'transparent';
};

/** Whether something opaque that is no part of the text stands between it and the eye. */
function isCovered(text: SeenText, x: number, y: number): boolean {
  const stack = document.elementsFromPoint(x, y);
  const place = stack.indexOf(text.element);
  return stack.slice(0, Math.max(0, place)).some((one) => !one.contains(text.element) && isOpaque(one));
}

const staysInPlace = (element: Element): boolean => {
  for (const one of around(element)) if (/fixed|sticky/.test(getComputedStyle(one).position)) return true;
  return false;
};

/** What lies over a text and does not move away when the page scrolls. */
function coverOf(text: SeenText): Element | undefined {
  const { innerWidth: width, innerHeight: height } = window;
  for (const { left, right, top, bottom } of text.boxes) {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const stack = document.elementsFromPoint(x, y);
    const place = stack.indexOf(text.element);
    const over = stack
      .slice(0, Math.max(0, place))
      .find((one) => !one.contains(text.element) && !text.element.contains(one) && isOpaque(one));
    if (over && !staysInPlace(over)) return over;
  }
  return undefined;
}

/** Texts that scrolling does not free from what lies over them. */
export function covered(texts: readonly SeenText[]): string[] {
  return texts.flatMap((text) => {
    const cover = coverOf(text);
    return cover ? [`covered: ${describe(text)} by ${short(placeOf(cover))}`] : [];
  });
}

/** A text that is turned lies in its box from corner to corner: the box says nothing of where its letters are. */
function isTurned(element: Element): boolean {
  if (element instanceof SVGGraphicsElement) return Math.abs(element.getScreenCTM()?.b ?? 0) > 0.01;
  for (const one of around(element))
    if (Math.abs(new DOMMatrixReadOnly(getComputedStyle(one).transform).b) > 0.01) return true;
  return false;
}

/** Two texts whose lines lie over each other, both in sight once the place is scrolled to. */
function overprinted(a: SeenText, b: SeenText): boolean {
  a.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const [first, second] = [textsOf(a.element), textsOf(b.element)].map((found, i) =>
    found.find(({ words }) => words === [a, b][i]!.words),
  );
  const pair = first?.boxes.flatMap((one) =>
    (second?.boxes ?? []).filter((other) => lay(one, other)).map((other) => meet(one, other)),
  )[0];
  if (!first || !second || !pair || isEmpty(pair)) return false;
  const [x, y] = [(pair.left + pair.right) / 2, (pair.top + pair.bottom) / 2];
  const point = { left: x, top: y, right: x, bottom: y };
  return [first, second].every((text) => !isCovered(text, x, y) && cutBy(point, text.element) === null);
}

export function overprints(texts: readonly SeenText[]): string[] {
  const level = texts.filter(({ element }) => !isTurned(element));
  const lines = level.flatMap((text) => text.boxes.map((box) => ({ text, box }))).sort((a, b) => a.box.top - b.box.top);
  const pairs = new Map<string, readonly [SeenText, SeenText]>();
  lines.forEach(({ text, box }, i) => {
    for (let next = i + 1; next < lines.length && lines[next]!.box.top < box.bottom; next++) {
      const other = lines[next]!;
      const related = text.element.contains(other.text.element) || other.text.element.contains(text.element);
      if (!related && lay(box, other.box))
        pairs.set(`overprinted: ${describe(text)} and ${describe(other.text)}`, [text, other.text]);
    }
  });
  return [...pairs].filter(([, [a, b]]) => overprinted(a, b)).map(([words]) => words);
}

/** What scrolls shows three lines or all; what is drawn has as much room. */
export function squeezed(root: Element): string[] {
  const least = LEAST_REM * rem() - SLACK_PX;
  const low = (element: Element): boolean => element.clientHeight < least;
  const scrolling = [...root.querySelectorAll('*')].filter(
    (one) =>
      overflowOf(one).y === 'scrolls' &&
      one.scrollHeight - one.clientHeight > 2 &&
      !one.matches('textarea, select, input'),
  );
  const drawn = [...root.querySelectorAll('figure svg.recharts-surface, figure canvas')];
  return [...new Set([...scrolling, ...drawn])]
    .filter((one) => isShown(one) && low(one) && !(one.closest('button') && one.closest('fieldset')))
    .map((one) => `squeezed to ${one.clientHeight} px: ${placeOf(one)}`);
}

function insideOfCard(card: Element): Pick<Box, 'bottom' | 'right'> {
  const { bottom, right } = card.getBoundingClientRect();
  return { bottom, right: right - Number.parseFloat(getComputedStyle(card).paddingRight) };
}

/** what is taken out of the flow, as the button in the corner of a card, is placed by whoever does so */
const isPlaced = (element: Element, card: Element): boolean => {
  for (const one of around(element)) {
    if (one === card) return false;
    if (/absolute|fixed/.test(getComputedStyle(one).position) || one instanceof SVGElement) return true;
  }
  return false;
};

/** Blanks that end a line hang over its edge, and nobody sees them: what is left are the boxes of the words. */
function wordBoxes({ node }: SeenText): Box[] {
  const range = document.createRange();
  return [...(node.textContent ?? '').matchAll(/\S+/g)].flatMap(({ index, 0: word }) => {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    return [...range.getClientRects()].map(boxOf);
  });
}

/** A card holds what is in it, and keeps its padding free. */
export function sticksOut(root: Element, texts: readonly SeenText[]): string[] {
  return [...root.querySelectorAll('[data-card]')].flatMap((card) => {
    const { bottom, right } = insideOfCard(card);
    return texts
      .filter(({ element }) => element.closest('[data-card]') === card && !isPlaced(element, card))
      .filter(
        (text) =>
          text.boxes.some((box) => box.bottom > bottom + SLACK_PX) ||
          (text.boxes.some((box) => box.right > right + SLACK_PX) &&
            wordBoxes(text).some((box) => box.right > right + SLACK_PX)),
      )
      .map((text) => `sticks out: ${describe(text)}`);
  });
}

/** A strip that a thumb moves says so by where it stops. */
const isStrip = (element: Element): boolean => getComputedStyle(element).scrollSnapType.startsWith('x');

/** Only what says so may scroll sideways. */
export function sideways(root: Element): string[] {
  const page = document.documentElement;
  const wide = [...root.querySelectorAll('*')].filter(
    (one) =>
      overflowOf(one).x === 'scrolls' &&
      one.scrollWidth > one.clientWidth + SLACK_PX &&
      !one.matches('input, textarea') &&
      !isStrip(one),
  );
  const faults = wide
    .filter(isShown)
    .map((one) => `scrolls sideways by ${one.scrollWidth - one.clientWidth} px: ${placeOf(one)}`);
  return page.scrollWidth > page.clientWidth
    ? [`the page scrolls sideways by ${page.scrollWidth - page.clientWidth} px`, ...faults]
    : faults;
}

/** @returns one line for every fault of what stands below `root`, none when all can be read */
export function layoutFaults(root: Element): string[] {
  const texts = textsOf(root);
  const faults = [
    ...sideways(root),
    ...textsOutside(texts),
    ...cutTexts(texts),
    ...broken(texts),
    ...sticksOut(root, texts),
    ...squeezed(root),
    ...covered(texts),
    ...overprints(texts),
  ];
  return [...new Set(faults)];
}
