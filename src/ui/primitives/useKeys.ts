import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';

type KeyHandler = (event: KeyboardEvent) => void;

const TEXT_FIELDS =
  'input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable=true]';
const SPACE_TAKERS = 'button, summary, input, [role=button], [role=switch], [role=tab], [role=menuitem]';
const ARROW_TAKERS = 'input[type=range], input[type=radio], [role=tab], [role=slider], [role=grid], [data-arrow-keys]';

/** What covers the page while it is open has the keys even where nothing has the focus. */
const COVERS = '[data-covers]';
const PLACES = '[role=dialog], [role=alertdialog], [role=menu]';
/** Where a key is meant: on the page itself, or in the drawer over it. */
export type KeyPlace = 'page' | 'drawer';

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
 * Single-key commands of the page, or of the drawer over it, while the component is there, in tinykeys' notation:
 * { 'Space': train, '.': step, r: reset }. They never fire inside text fields and in another place, nor on a held key.
 */
export function useKeys(bindings: Record<string, KeyHandler>, enabled = true, place: KeyPlace = 'page'): void {
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
