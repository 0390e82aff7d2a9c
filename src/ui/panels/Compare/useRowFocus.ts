import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { RowControl } from './RankRow';

/**
 * Which row the keys mean, and where the focus goes once the rows stand anew: a row that moves in the document loses
 * it.
 * @param list its rows have their completion in `data-item`, their buttons what they do in `data-control`
 * @param completions others are a new group, which begins at its first row
 */
export function useRowFocus(list: RefObject<HTMLElement | null>, completions: readonly string[], first: number) {
  const [current, setCurrent] = useState(0);
  const [wanted, setWanted] = useState<{ item: number; control: RowControl } | null>(null);
  /** the key that brought the next group was pressed on a row */
  const fromRow = useRef(false);

  useLayoutEffect(() => {
    if (wanted)
      list.current
        ?.querySelector<HTMLElement>(`[data-item="${wanted.item}"] [data-control="${wanted.control}"]`)
        ?.focus();
  }, [list, wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new group, not a new order
  useLayoutEffect(() => {
    setCurrent(first);
    if (fromRow.current) setWanted({ item: first, control: 'pick' });
    fromRow.current = false;
  }, [completions]);

  const isInside = () => list.current?.contains(document.activeElement) === true;
  return {
    current: completions[current] === undefined ? 0 : current,
    setCurrent,
    isInside,
    focus(item: number, control: RowControl = 'pick') {
      setWanted({ item, control });
      setCurrent(item);
    },
    /** the same, with the focus on the next group's first row where it is on a row now */
    onward: (go: () => void) => () => {
      fromRow.current = isInside();
      go();
    },
  };
}
