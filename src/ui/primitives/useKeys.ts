import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import type { CodeOf, GroupIn, KeyGroup } from '../shell/keys';

type KeyHandler = (event: KeyboardEvent) => void;
type AnyGroup = GroupIn<KeyGroup['place']>;
/** What a group's keys mean; a key that the group does not have is a mistake of types. */
export type KeyMap<Where extends AnyGroup, Meaning> = Readonly<Partial<Record<CodeOf<Where>, Meaning>>>;
/** nothing fits who names no group */
type Bindings<Where extends AnyGroup> = [Where] extends [never] ? never : KeyMap<Where, KeyHandler>;

/**
 * The code of a key that was pressed, as the group of a widget writes it. A key that the group does not have is in none
 * of its maps.
 */
export const codeOf = <Where extends AnyGroup = never>({ key }: { key: string }) =>
  (key === ' ' ? 'Space' : key) as CodeOf<Where>;

/** what one act does with each of several keys */
export const eachKey = <Code extends string, Meaning>(
  meanings: Readonly<Record<Code, Meaning>>,
  act: (meaning: Meaning) => void,
) =>
  Object.fromEntries(
    Object.entries<Meaning>(meanings).map(([code, meaning]) => [code, () => act(meaning)]),
  ) as unknown as Record<Code, KeyHandler>;

const TEXT_FIELDS =
  'input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable=true]';
const SPACE_TAKERS = 'button, summary, input, [role=button], [role=switch], [role=tab], [role=menuitem]';
const ARROW_TAKERS = 'input[type=range], input[type=radio], [role=tab], [role=slider], [role=grid], [data-arrow-keys]';

/** What covers the page while it is open has the keys even where nothing has the focus. */
const COVERS = '[data-covers]';
const PLACES = '[role=dialog], [role=alertdialog], [role=menu]';
/** Where a key is meant: on the page itself, or in the drawer over it. */
type KeyPlace = 'page' | 'drawer';

function isIn(target: Element, place: KeyPlace): boolean {
  const covered = target === document.body && document.querySelector(COVERS) !== null;
  if (place === 'page') return target.closest(PLACES) === null && !covered;
  return target.closest(PLACES)?.matches('[data-place=drawer]') || covered;
}

/** Whether the focused thing has its own use for the key, so that a single-key command must keep away. */
export function keyIsTaken(event: KeyboardEvent, place: KeyPlace = 'page'): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return place !== 'page';
  if (target.closest(TEXT_FIELDS) || !isIn(target, place)) return true;
  if (event.key === ' ' || event.key === 'Enter') return target.closest(SPACE_TAKERS) !== null;
  return event.key.startsWith('Arrow') && target.closest(ARROW_TAKERS) !== null;
}

/**
 * Single-key commands of the page while the component is there, of one group of the table:
 * `useKeys<'Training stages'>({ Space: train, '.': step, r: reset })`. They never fire inside text fields and in
 * another place, nor on a held key.
 */
export function useKeys<Where extends GroupIn<'stage'> = never>(bindings: Bindings<Where>, enabled = true): void {
  useBound(bindings, enabled, 'page');
}

/** As useKeys, of the drawer over the page. */
export function useDrawerKeys<Where extends GroupIn<'drawer'> = never>(
  bindings: Bindings<Where>,
  enabled = true,
): void {
  useBound(bindings, enabled, 'drawer');
}

function useBound(bindings: Readonly<Record<string, KeyHandler | undefined>>, enabled: boolean, place: KeyPlace): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  const names = Object.keys(bindings).join('\n');
  useEffect(() => {
    if (!enabled || names === '') return;
    const guarded = (name: string) => (event: KeyboardEvent) => {
      // a dialog that Escape may not close yet has prevented it already
      const isDone = event.defaultPrevented && event.key !== 'Escape';
      if (event.repeat || isDone || keyIsTaken(event, place)) return;
      event.preventDefault();
      latest.current[name]?.(event);
    };
    return tinykeys(window, Object.fromEntries(names.split('\n').map((name) => [name, guarded(name)])));
  }, [names, enabled, place]);
}

const isModified = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => ctrlKey || metaKey || altKey;
/** what the focused button does by itself */
const pressesButton = ({ key, target }: KeyboardEvent): boolean =>
  key === 'Enter' && target instanceof Element && target.closest('button, a[href]') !== null;

/**
 * All keys of a screen that covers the page, whatever has the focus: nothing behind it hears one. Tab goes on to walk
 * its buttons and Enter to press them, and what is pressed with Ctrl, Alt or ⌘ stays the browser's.
 */
export function useScreenKeys<Where extends GroupIn<'screen'> = never>(
  act: [Where] extends [never] ? never : (code: CodeOf<Where>, isHeld: boolean) => void,
): void {
  const latest = useRef<(code: never, isHeld: boolean) => void>(act);
  latest.current = act;
  useEffect(() => {
    const take = (event: KeyboardEvent) => {
      if (event.key === 'Tab') return;
      event.stopImmediatePropagation();
      if (isModified(event) || pressesButton(event)) return;
      event.preventDefault();
      const code = codeOf<GroupIn<'screen'>>(event.key.length === 1 ? { key: event.key.toLowerCase() } : event);
      if (event.type === 'keydown') latest.current(code as never, event.repeat);
    };
    const kinds = ['keydown', 'keypress', 'keyup'] as const;
    for (const kind of kinds) window.addEventListener(kind, take, { capture: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, take, { capture: true });
    };
  }, []);
}
