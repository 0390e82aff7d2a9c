import type { ReactNode } from 'react';
import { type Arrangement, isTied, tierOf } from '../../../store/opinions/arrangement';
import { IconButton } from '../../primitives/Button';
import { StoryText } from '../../primitives/StoryText';
import styles from './RankRow.module.css';
import { letterOf, placeSign, placeWords } from './rankWords';
import type { DropTarget } from './useRankDrag';

/** What can be done to a row; also the name of its button, so that the focus finds it again after a move. */
export type RowControl = 'pick' | 'up' | 'down' | 'tie';

interface RankRowProps {
  item: number;
  text: string;
  verbatim: boolean;
  arrangement: Arrangement;
  /** the one row that the Tab key reaches */
  current: boolean;
  picked: boolean;
  dragged: boolean;
  /** where something would be dropped, when it is here */
  drop: DropTarget['where'] | null;
  /** id of what tells the keys */
  helpId: string;
  /** how much better the place above is, asked at the top of each place but the first */
  strength: ReactNode;
  onControl: (control: RowControl) => void;
}

/** One completion: its place, which is also its handle, its text, and the buttons that move it. */
export function RankRow({
  item,
  text,
  verbatim,
  arrangement,
  picked,
  dragged,
  drop,
  helpId,
  strength,
  ...rest
}: RankRowProps) {
  const { current, onControl } = rest;
  const letter = letterOf(item);
  const members = arrangement.tiers[tierOf(arrangement, item)] ?? [];
  const tabIndex = current ? 0 : -1;
  const state = [
    members[0] !== item && styles.joinsAbove,
    members.at(-1) !== item && styles.joinsBelow,
    picked && styles.picked,
    dragged && styles.dragged,
    drop && styles[drop],
  ];
  const control: Control = (name) => ({ tabIndex, 'data-control': name, onClick: () => onControl(name) });
  return (
    <li className={[styles.row, ...state].filter(Boolean).join(' ')} data-item={item}>
      {strength}
      <article className={styles.card} aria-label={`Completion ${letter}`}>
        <button
          type="button"
          className={styles.handle}
          data-handle=""
          aria-label={`Completion ${letter}, ${placeWords(arrangement, item)}`}
          aria-pressed={picked}
          aria-describedby={helpId}
          {...control('pick')}
          onClick={(event) => event.detail === 0 && onControl('pick')} // keys and assistive technology; a pointer drags
        >
          <span aria-hidden="true" className={styles.grip}>
            ⠿
          </span>
          <span aria-hidden="true">{placeSign(arrangement, item)}</span>
        </button>
        <div className={styles.body}>
          <h2 className={styles.letter}>{letter}</h2>
          <StoryText text={text} verbatim={verbatim} className={styles.text} />
        </div>
        <Moves item={item} arrangement={arrangement} control={control} />
      </article>
    </li>
  );
}

/** what every button of a row has, by what it does */
type Control = (name: RowControl) => { tabIndex: number; 'data-control': RowControl; onClick: () => void };

interface MovesProps extends Pick<RankRowProps, 'item' | 'arrangement'> {
  control: Control;
}

function Moves({ item, arrangement, control }: MovesProps) {
  const letter = letterOf(item);
  const tier = tierOf(arrangement, item);
  const tied = isTied(arrangement, item);
  const isFirst = !tied && tier === 0;
  const isLast = !tied && tier === arrangement.tiers.length - 1;
  return (
    <div className={styles.controls}>
      <IconButton label={`Move ${letter} up`} disabled={isFirst} {...control('up')}>
        ↑
      </IconButton>
      <IconButton label={`Move ${letter} down`} disabled={isLast} {...control('down')}>
        ↓
      </IconButton>
      <IconButton label={`Tie ${letter} with the one above`} aria-pressed={tied} disabled={isFirst} {...control('tie')}>
        =
      </IconButton>
    </div>
  );
}
