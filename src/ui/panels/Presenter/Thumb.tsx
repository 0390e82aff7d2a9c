import type { PointerEvent } from 'react';
import type { Steering } from './channel';
import styles from './Notes.module.css';
import type { Screen } from './screens';
import { isPicture } from './sketch';

interface ThumbProps {
  screen: Screen;
  /** what is drawn on it for the room, as a data URL */
  sketch: string | null;
  /** while the room sees the pointer: moves it to a share of the room's window */
  steer: Steering['point'] | null;
}

/** A screen, small: the pointer of the room follows the mouse or the finger over it. */
export function Thumb({ screen: { place, idea, answers, picture }, sketch, steer }: ThumbProps) {
  const follow = ({ currentTarget, clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    steer?.((clientX - left) / width, (clientY - top) / height);
  };
  return (
    <div className={styles.thumb} data-steers={steer !== null} onPointerMove={steer ? follow : undefined}>
      <p className={styles.thumbPlace}>{place}</p>
      <p className={styles.idea}>{idea}</p>
      {picture === 'question' && <p>{answers?.join(' · ')}</p>}
      {sketch !== null && isPicture(sketch) && <img src={sketch} alt="" className={styles.sketch} />}
    </div>
  );
}
