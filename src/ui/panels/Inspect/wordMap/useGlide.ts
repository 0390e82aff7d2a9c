import { useLayoutEffect, useRef, useState } from 'react';
import type { WordMap } from '../../../../contract/inside';

const GLIDE_MS = 300;
type Places = Pick<WordMap, 'words' | 'at' | 'step'>;

const isStill = (): boolean => window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;

/** @returns where each word was; a new one comes from where it goes */
function placesBefore(before: Places, { words, at }: Places): Float32Array {
  const rowOf = new Map(before.words.map((word, row) => [word, row]));
  return at.map((value, i) => {
    const row = rowOf.get(words[Math.floor(i / 2)] as string);
    return row === undefined ? value : (before.at[2 * row + (i % 2)] as number);
  });
}

/**
 * Words move to where the next map has them, unless the visitor wants nothing to move; those of a model that learns are
 * there at once, for the next step comes sooner.
 */
export function useGlide(map: Places): Float32Array {
  const [shown, setShown] = useState<Places>(map);
  const latest = useRef(shown);
  latest.current = shown;
  useLayoutEffect(() => {
    if (latest.current.at === map.at) return;
    const from = placesBefore(latest.current, map);
    const begun = performance.now();
    let frame = 0;
    const draw = (now: number) => {
      const share = isStill() || map.step !== null ? 1 : Math.max(0, Math.min(1, (now - begun) / GLIDE_MS));
      setShown({
        ...map,
        at: share === 1 ? map.at : map.at.map((to, i) => from[i]! + share * (to - from[i]!)),
      });
      if (share < 1) frame = requestAnimationFrame(draw);
    };
    draw(begun);
    return () => cancelAnimationFrame(frame);
  }, [map]);
  return shown.words === map.words ? shown.at : map.at;
}
