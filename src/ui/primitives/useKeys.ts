import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';

type KeyHandler = (event: KeyboardEvent) => void;

const TEXT_FIELDS =
  'input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable=true]';
const SPACE_TAKERS = 'button, summary, input, [role=button], [role=switch], [role=tab], [role=menuitem]';
const ARROW_TAKERS = 'input[type=range], input[type=radio], [role=tab], [role=slider], [role=grid], [data-arrow-keys]';

/** Whether the focused thing has its own use for the key, so that a single-key command must keep away. */
export function keyIsTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest(TEXT_FIELDS) || target.closest('[role=dialog], [role=alertdialog], [role=menu]')) return true;
  if (event.key === ' ' || event.key === 'Enter') return target.closest(SPACE_TAKERS) !== null;
  return event.key.startsWith('Arrow') && target.closest(ARROW_TAKERS) !== null;
}

/**
 * Single-key commands of the page while the component is there, in tinykeys' notation: { 'Space': train, '.': step, r:
 * reset }. They never fire inside text fields, dialogs and menus, nor on
 * a held key.
 */
export function useKeys(bindings: Record<string, KeyHandler>, enabled = true): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  const names = Object.keys(bindings).join('\n');
  useEffect(() => {
    if (!enabled || names === '') return;
    const guarded = (name: string) => (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented || keyIsTaken(event)) return;
      event.preventDefault();
      latest.current[name]?.(event);
    };
    return tinykeys(window, Object.fromEntries(names.split('\n').map((name) => [name, guarded(name)])));
  }, [names, enabled]);
}
