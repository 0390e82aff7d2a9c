import { type FocusEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import {
  type Arrangement,
  moved,
  orderOf,
  placedAt,
  placeOf,
  tieToggled,
  withStrength,
} from '../../../store/opinions/arrangement';
import { Select } from '../../primitives/Select';
import { RankRow, type RowControl } from './RankRow';
import styles from './RankView.module.css';
import { letterOf, movedWords } from './rankWords';
import { STRENGTH_OPTIONS } from './TaskSwitch';
import { dropped, useRankDrag } from './useRankDrag';
import { RANK_KEYS, type RankActions, useRankKeys } from './useRankKeys';

interface RankListProps extends Pick<RankActions, 'save' | 'skip' | 'undo'> {
  completions: readonly string[];
  verbatim: boolean;
  arrangement: Arrangement;
  asksStrength: boolean;
  onArrange: (arrangement: Arrangement) => void;
  /** what a screen reader should hear */
  say: (words: string) => void;
}

/**
 * Completions in order: by pointer, by the buttons of each row, and by keys. Its rows are called by their letters
 * throughout.
 */
export function RankList({ completions, verbatim, arrangement, asksStrength, onArrange, say, ...acts }: RankListProps) {
  const list = useRef<HTMLOListElement>(null);
  /** where the focus goes once the rows stand anew: a row that moves in the document loses it */
  const [wanted, setWanted] = useState<{ item: number; control: RowControl } | null>(null);
  const [current, setCurrent] = useState(0);
  const [picked, setPicked] = useState<{ item: number; before: Arrangement } | null>(null);
  const helpId = useId();
  const order = orderOf(arrangement);
  const item = completions[current] === undefined ? 0 : current;

  const focus = (next: number, control: RowControl = 'pick') => {
    setWanted({ item: next, control });
    setCurrent(next);
  };
  useLayoutEffect(() => {
    if (wanted)
      list.current
        ?.querySelector<HTMLElement>(`[data-item="${wanted.item}"] [data-control="${wanted.control}"]`)
        ?.focus();
  }, [wanted]);

  /** the next group begins at its first row, which gets the focus when a key on a row brought it */
  const fromRow = useRef(false);
  const first = order[0] ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new group, not a new order
  useLayoutEffect(() => {
    setPicked(null);
    setCurrent(first);
    if (fromRow.current) setWanted({ item: first, control: 'pick' });
    fromRow.current = false;
  }, [completions]);
  const onward = (go: () => void) => () => {
    fromRow.current = list.current?.contains(document.activeElement) === true;
    go();
  };

  const change = (which: number, after: Arrangement, control: RowControl = 'pick') => {
    focus(which, control);
    if (picked && picked.item !== which) setPicked(null);
    say(movedWords(arrangement, after, which));
    onArrange(after);
  };
  const drag = useRankDrag(list, arrangement, (done) => change(done.item, dropped(arrangement, done)));

  const step = (by: -1 | 1) => {
    if (picked) return change(item, moved(arrangement, item, by));
    const isInside = list.current?.contains(document.activeElement);
    focus(isInside ? (order[order.indexOf(item) + by] ?? item) : item);
  };
  const letGo = () => {
    drag.cancel();
    if (!picked) return;
    setPicked(null);
    change(picked.item, picked.before);
  };
  const pick = (which: number) => {
    focus(which);
    const isDown = picked?.item === which;
    setPicked(isDown ? null : { item: which, before: arrangement });
    say(
      isDown
        ? `${letterOf(which)} put down.`
        : `${letterOf(which)} picked up. Up and down move it, Space puts it down, Escape puts it back.`,
    );
  };
  const act = (which: number, control: RowControl) => {
    if (control === 'pick') return pick(which);
    change(
      which,
      control === 'tie' ? tieToggled(arrangement, which) : moved(arrangement, which, control === 'up' ? -1 : 1),
      control,
    );
  };
  useRankKeys({
    step,
    letGo,
    move: (by) => change(item, moved(arrangement, item, by)),
    place: (rank) => rank <= completions.length && change(item, placedAt(arrangement, item, rank)),
    tie: () => change(item, tieToggled(arrangement, item)),
    save: onward(acts.save),
    skip: onward(acts.skip),
    undo: onward(acts.undo),
  });

  /** what is picked up is put down where it is when the focus goes elsewhere */
  const follow = ({ target }: FocusEvent<HTMLElement>) => {
    const row = target.closest<HTMLElement>('[data-item]');
    if (!row) return;
    const next = Number(row.dataset.item);
    setCurrent(next);
    if (picked && picked.item !== next) setPicked(null);
  };
  const strengthOver = (which: number) => {
    const place = placeOf(arrangement, which);
    if (!asksStrength || place === 0 || arrangement.places[place]?.[0] !== which) return null;
    return (
      <Select
        label={`Place ${place} over place ${place + 1}`}
        className={styles.strength}
        value={String(arrangement.strengths[place - 1] ?? 0)}
        onChange={(value) => onArrange(withStrength(arrangement, place - 1, Number(value)))}
        options={STRENGTH_OPTIONS}
      />
    );
  };
  return (
    <>
      <ol
        ref={list}
        className={styles.list}
        aria-label="Completions in order, the best first"
        onFocus={follow}
        {...drag.handlers}
      >
        {order.map((which) => (
          <RankRow
            key={letterOf(which)}
            item={which}
            text={completions[which] ?? ''}
            verbatim={verbatim}
            arrangement={arrangement}
            current={which === item}
            picked={picked?.item === which}
            dragged={drag.drag?.item === which}
            drop={drag.drag?.target?.other === which ? drag.drag.target.where : null}
            helpId={helpId}
            strength={strengthOver(which)}
            onControl={(control) => act(which, control)}
          />
        ))}
      </ol>
      <p className={styles.keys} id={helpId}>
        {RANK_KEYS.map(([keys, does]) => (
          <span key={keys}>
            <kbd>{keys}</kbd> {does}
          </span>
        ))}
      </p>
    </>
  );
}
