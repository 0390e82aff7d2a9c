import type { ComponentType, ReactNode } from 'react';
import { DOG, FISH, NEAR_FISH, START } from '../../../contract/gridworld';
import styles from './GridPicture.module.css';

function Sign({ children, colour }: { children: ReactNode; colour: string }) {
  return (
    <svg className={styles.sign} viewBox="-14 -13 28 26" fill={colour} aria-hidden="true">
      {children}
    </svg>
  );
}

export function Cat() {
  return (
    <Sign colour="var(--ink)">
      <path d="M-9 -2L-9 -11L-3 -7Q0 -8 3 -7L9 -11L9 -2Q9 8 0 8Q-9 8 -9 -2z" />
      <g fill="var(--surface)">
        <circle cx="-3.6" cy="-1" r="1.5" />
        <circle cx="3.6" cy="-1" r="1.5" />
        <path d="M-1.6 3.2h3.2l-1.6 1.8z" />
      </g>
    </Sign>
  );
}

function Fish() {
  return (
    <Sign colour="var(--value)">
      <path d="M-11 0Q-2 -9 7 0Q-2 9 -11 0zM5 0L12 -6L12 6z" />
      <circle cx="-6" cy="-1" r="1.3" fill="var(--surface)" />
    </Sign>
  );
}

function SmallFish() {
  return (
    <Sign colour="var(--value)">
      <g transform="scale(0.65)">
        <path d="M-11 0Q-2 -9 7 0Q-2 9 -11 0zM5 0L12 -6L12 6z" />
        <circle cx="-6" cy="-1" r="1.6" fill="var(--surface)" />
      </g>
    </Sign>
  );
}

function Dog() {
  return (
    <Sign colour="var(--bad)">
      <path d="M-7 -8Q0 -11 7 -8L7 3Q7 9 0 9Q-7 9 -7 3z" />
      <path d="M-7 -8Q-13 -6 -11 4Q-7 3 -6 -3zM7 -8Q13 -6 11 4Q7 3 6 -3z" opacity=".75" />
      <g fill="var(--surface)">
        <circle cx="-3" cy="-2" r="1.4" />
        <circle cx="3" cy="-2" r="1.4" />
        <ellipse cx="0" cy="4" rx="2.4" ry="1.7" />
      </g>
    </Sign>
  );
}

/** what is drawn on a cell; walls and floor are the cell itself */
export const SIGNS: Readonly<Record<string, ComponentType>> = {
  [START]: Cat,
  [FISH]: Fish,
  [NEAR_FISH]: SmallFish,
  [DOG]: Dog,
};
