import { type MouseEvent, type PointerEvent, useCallback, useMemo, useState } from 'react';
import type { Analogy, WordMap } from '../../../../contract/inside';
import whole from '../../../charts/canvas.module.css';
import type { Pixel } from '../../../charts/plotLabels';
import { useCanvas } from '../../../charts/useCanvas';
import { type Size, useSize } from '../../../charts/useSize';
import { Button } from '../../../primitives/Button';
import { useDrawerKeys } from '../../../primitives/useKeys';
import { tokenName } from '../attention';
import { useUnit } from '../useUnit';
import { drawWords, type MapArrow } from './drawWords';
import { lookOf } from './looks';
import { frameOf, type MapFrame, type MapView, pixelOf } from './mapView';
import { useGlide } from './useGlide';
import { useMapView } from './useMapView';
import styles from './WordsTab.module.css';

interface WordPictureProps {
  map: WordMap;
  question: Analogy | null;
  /** what the question is answered with */
  answer: string | null;
  chosen: string | null;
  onWord: (word: string) => void;
  /** of the table that says the same */
  tableId: string;
}

/** a click this near to a dot means it, px */
const NEAR_PX = 14;

/** A map as it is drawn: where each word is. */
function placer(map: WordMap, at: ArrayLike<number>, frame: MapFrame, view: MapView, size: Size) {
  const rowOf = new Map(map.words.map((word, row) => [word, row]));
  const pixelOfRow = (row: number): Pixel =>
    pixelOf(frame, view, size, [at[2 * row] as number, at[2 * row + 1] as number]);
  const find = (word: string | null): Pixel[] => {
    const row = word === null ? undefined : rowOf.get(word);
    return row === undefined ? [] : [pixelOfRow(row)];
  };
  return { pixelOfRow, find };
}

/** @returns the row of the dot that this place means; null where none is near */
function nearestRow(rows: number, pixelOfRow: (row: number) => Pixel, [x, y]: Pixel): number | null {
  let nearest: number | null = null;
  let least = NEAR_PX;
  for (let row = 0; row < rows; row++) {
    const [u, v] = pixelOfRow(row);
    const distance = Math.hypot(u - x, v - y);
    if (distance > least) continue;
    nearest = row;
    least = distance;
  }
  return nearest;
}

/** the step that is asked about, the same from the third word, and thin the like steps of the ready questions */
function arrowsOf(
  map: WordMap,
  question: Analogy | null,
  answer: string | null,
  find: (word: string | null) => Pixel[],
) {
  const kindOf = (word: string) => map.kinds[map.words.indexOf(word)] ?? null;
  const arrow = (fromWord: string, toWord: string | null, bold: boolean): MapArrow[] => {
    const [[from], [to]] = [find(fromWord), find(toWord)];
    return from && to ? [{ from, to, bold }] : [];
  };
  if (question === null) return [];
  const isLike = ({ from, to }: Analogy) =>
    kindOf(from) === kindOf(question.from) && kindOf(to) === kindOf(question.to) && from !== question.from;
  return [
    ...map.questions.filter(isLike).flatMap(({ from, to }) => arrow(from, to, false)),
    ...arrow(question.from, question.to, true),
    ...arrow(question.base, answer, true),
  ];
}

/** @returns what draws the words, the steps between them and those that are asked about */
function useDrawing({ map, question, answer, chosen }: WordPictureProps, frame: MapFrame, view: MapView) {
  const at = useGlide(map);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, area: Size) => {
      const { pixelOfRow, find } = placer(map, at, frame, view, area);
      drawWords(context, area, {
        dots: map.words.map((word, row) => ({
          word,
          name: tokenName(word),
          at: pixelOfRow(row),
          look: lookOf(map.kinds[row] ?? null),
        })),
        arrows: arrowsOf(map, question, answer, find),
        asked: [question?.from, question?.to, question?.base, answer, chosen].flatMap((word) => word ?? []),
        chosen,
      });
    },
    [map, at, frame, view, question, answer, chosen],
  );
  return { at, draw };
}

/** All words on a canvas: wheel or + −, drag or arrows, 0 for the whole; a click chooses a word. */
export function WordPicture(props: WordPictureProps) {
  const { map, chosen, onWord, tableId } = props;
  const { units } = useUnit();
  const [ref, size] = useSize<HTMLButtonElement>();
  const frame = useMemo(() => frameOf(map.at, size), [map, size]);
  const target = useMemo((): Pixel | null => {
    const row = chosen === null ? -1 : map.words.indexOf(chosen);
    return row < 0 ? null : [map.at[2 * row] as number, map.at[2 * row + 1] as number];
  }, [map, chosen]);
  const { view, moves, hasDragged, hand } = useMapView({ ref, frame, size, target });
  const { at, draw } = useDrawing(props, frame, view);
  const canvas = useCanvas(size, draw);
  useDrawerKeys<'Inspect, Words'>({ 0: moves.fit });
  const [pointed, setPointed] = useState<number | null>(null);
  const wordAt = (event: MouseEvent<HTMLElement>): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const { pixelOfRow } = placer(map, at, frame, view, size);
    return nearestRow(map.words.length, pixelOfRow, [event.clientX - box.left, event.clientY - box.top]);
  };
  const choose = (event: MouseEvent<HTMLElement>) => {
    const row = hasDragged.current || event.detail === 0 ? null : wordAt(event);
    if (row !== null) onWord(map.words[row] as string);
  };
  const point = (event: PointerEvent<HTMLElement>) => {
    hand.onPointerMove(event);
    setPointed(wordAt(event));
  };
  return (
    <>
      <button
        type="button"
        ref={ref}
        className={`${styles.map} ${moves.isWhole ? '' : styles.movable}`}
        data-arrow-keys
        aria-details={tableId}
        aria-label={`Map of the ${units}: + and − enlarge and reduce, arrow keys move, 0 shows all`}
        onClick={choose}
        {...hand}
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
      >
        <canvas className={whole.canvas} ref={canvas} />
      </button>
      <Tools moves={moves} map={map} pointed={pointed} />
    </>
  );
}

interface ToolsProps {
  moves: ReturnType<typeof useMapView>['moves'];
  map: WordMap;
  /** the row under the pointer */
  pointed: number | null;
}

function Tools({ moves, map, pointed }: ToolsProps) {
  const word = pointed === null ? undefined : map.words[pointed];
  return (
    <div className={styles.tools}>
      <Button keyCap="0" onClick={moves.fit} disabled={moves.isWhole}>
        Fit
      </Button>
      <Button aria-label="Enlarge the map" onClick={moves.zoomIn} disabled={!moves.canZoomIn}>
        +
      </Button>
      <Button aria-label="Reduce the map" onClick={moves.zoomOut} disabled={moves.isWhole}>
        −
      </Button>
      <span className={styles.note}>
        {word === undefined
          ? `distances are measured in all ${map.width} numbers, not on the map`
          : `${tokenName(word)}: ${lookOf(map.kinds[pointed as number] ?? null).label}`}
      </span>
    </div>
  );
}
