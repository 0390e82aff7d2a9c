import { type FocusEvent, type RefObject, useLayoutEffect, useState } from 'react';
import { type Arrangement, moved, orderOf, placedAt, tieToggled } from '../../../store/opinions/arrangement';
import type { RowControl } from './RankRow';
import { movedWords, pickedWords } from './rankWords';
import { dropped, useRankDrag } from './useRankDrag';
import { type RankActions, useRankKeys } from './useRankKeys';
import { useRowFocus } from './useRowFocus';

export interface Ranked extends Pick<RankActions, 'save' | 'skip' | 'undo'> {
  completions: readonly string[];
  arrangement: Arrangement;
  onArrange: (arrangement: Arrangement) => void;
  /** what a screen reader should hear */
  say: (words: string) => void;
}

/**
 * Ordering by pointer, by the buttons of each row, and by keys.
 * @param list its children are the rows, each with its completion in `data-item`
 */
export function useRankMoves(list: RefObject<HTMLElement | null>, ranked: Ranked) {
  const { completions, arrangement, onArrange, say, save, skip, undo } = ranked;
  const order = orderOf(arrangement);
  const { current, setCurrent, focus, isInside, onward } = useRowFocus(list, completions, order[0] ?? 0);
  const [picked, setPicked] = useState<{ item: number; before: Arrangement } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of a new group nothing is picked up
  useLayoutEffect(() => setPicked(null), [completions]);

  const change = (item: number, after: Arrangement, control: RowControl = 'pick') => {
    focus(item, control);
    if (picked && picked.item !== item) setPicked(null);
    say(movedWords(arrangement, after, item));
    onArrange(after);
  };
  const { drag, cancel, handlers } = useRankDrag(list, arrangement, (done) =>
    change(done.item, dropped(arrangement, done)),
  );
  const pick = (item: number) => {
    const isDown = picked?.item === item;
    focus(item);
    setPicked(isDown ? null : { item, before: arrangement });
    say(pickedWords(item, !isDown));
  };
  const onControl = (item: number, control: RowControl) => {
    if (control === 'pick') pick(item);
    else if (control === 'tie') change(item, tieToggled(arrangement, item), control);
    else change(item, moved(arrangement, item, control === 'up' ? -1 : 1), control);
  };

  useRankKeys({
    step(by) {
      if (picked) change(current, moved(arrangement, current, by));
      else focus(isInside() ? (order[order.indexOf(current) + by] ?? current) : current);
    },
    letGo() {
      cancel();
      if (!picked) return;
      setPicked(null);
      change(picked.item, picked.before);
    },
    move: (by) => change(current, moved(arrangement, current, by)),
    moveTo: (rank) => rank <= completions.length && change(current, placedAt(arrangement, current, rank)),
    tie: () => change(current, tieToggled(arrangement, current)),
    save: onward(save),
    skip: onward(skip),
    undo: onward(undo),
  });

  /** what is picked up is put down where it is when the focus goes elsewhere */
  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const row = target.closest<HTMLElement>('[data-item]');
    if (!row) return;
    const item = Number(row.dataset.item);
    setCurrent(item);
    if (picked && picked.item !== item) setPicked(null);
  };
  return { order, current, picked: picked?.item ?? null, drag, onControl, handlers: { onFocus, ...handlers } };
}
