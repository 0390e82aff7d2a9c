import type { PointerEvent } from 'react';
import type { Steering } from './channel';
import styles from './Notes.module.css';
import type { Screen } from './screens';
import type { Sketch } from './sketch';

interface ThumbProps {
  screen: Screen;
  sketch: Sketch | null;
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
      {sketch && (
        <svg viewBox={`0 0 ${sketch.width} ${sketch.height}`} aria-hidden="true" className={styles.sketch}>
          {sketch.lines.map(({ path, stroke, dash }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            <path key={i} d={path} stroke={stroke} strokeDasharray={dash} fill="none" strokeWidth={3} />
          ))}
        </svg>
      )}
    </div>
  );
}
