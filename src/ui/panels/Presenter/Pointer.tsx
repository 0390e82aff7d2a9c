import { type RefObject, useEffect, useRef } from 'react';
import styles from './Presenter.module.css';

/** px that an arrow key moves it */
const STEP = 24;

/** What moves the ring without drawing the screen again. */
export interface Ring {
  move(x: number, y: number): void;
  /** @param x share of the window's width @param y share of its height */
  put(x: number, y: number): void;
}

const inside = (value: number, size: number): number => Math.min(size, Math.max(0, value));

/** A ring with two outlines, seen on any ground: it follows the mouse, or the arrow keys. */
export function Pointer({ ring }: { ring: RefObject<Ring | null> }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const point = { x: innerWidth / 2, y: innerHeight / 2 };
    const put = (x: number, y: number) => {
      point.x = inside(x, innerWidth);
      point.y = inside(y, innerHeight);
      if (element.current) element.current.style.translate = `${point.x}px ${point.y}px`;
    };
    const follow = ({ clientX, clientY }: PointerEvent) => put(clientX, clientY);
    put(point.x, point.y);
    ring.current = {
      move: (x, y) => put(point.x + x * STEP, point.y + y * STEP),
      put: (x, y) => put(x * innerWidth, y * innerHeight),
    };
    window.addEventListener('pointermove', follow);
    return () => {
      ring.current = null;
      window.removeEventListener('pointermove', follow);
    };
  }, [ring]);
  return <span ref={element} className={styles.pointer} role="img" aria-label="Pointer" />;
}
