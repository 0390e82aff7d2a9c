/** What a lesson makes of a stage: which parts are there, which control is in question, and what waits for an answer. */
import { createContext, type ReactNode, use } from 'react';
import { KNOB, type LessonPlace, type ShownPart } from '../../contract/lesson';
import { SETTING_ROWS } from '../../contract/settings/table';

export interface LessonView {
  place: LessonPlace;
  /** null: everything */
  show: readonly string[] | null;
  /** name of a setting in the address */
  mark: string | null;
  /** why nothing may move yet, in a sentence */
  held: string | null;
}

/** null outside of lessons: everything is there */
export const InLesson = createContext<LessonView | null>(null);

/** @returns why nothing may move yet; null where all may */
export const useHeld = (): string | null => use(InLesson)?.held ?? null;

/** @returns whether a part is there; what has no name is not, where a lesson names what is */
export function useIsShown(part?: ShownPart | `${typeof KNOB}${string}`): boolean {
  const show = use(InLesson)?.show ?? null;
  return show === null || (part !== undefined && show.includes(part));
}

/** A part of a stage that a lesson may leave out. */
export function Shown({ part, children }: { part?: ShownPart | `${typeof KNOB}${string}`; children: ReactNode }) {
  return useIsShown(part) ? children : null;
}

/** @returns whether a lesson shows any control of a stage, or which method it is */
export function useHasKnobs(): boolean {
  const show = use(InLesson)?.show ?? null;
  return show === null || show.some((name) => name === 'method' || name.startsWith(KNOB));
}

const NAMES = new Map(SETTING_ROWS.map(({ path, address }) => [`${path[0]}/${path.at(-1)}`, address]));

/** @returns of a control of the page: whether it is there, and whether it is the one in question */
export function useLessonControl(id: string): { isShown: boolean; isMarked: boolean } {
  const view = use(InLesson);
  const name = NAMES.get(id);
  const isShown = !view?.show || (name !== undefined && view.show.includes(`${KNOB}${name}`));
  return { isShown, isMarked: view !== null && name !== undefined && view.mark === name };
}

/** of the control in question, here and in the text of the step */
export const MARK_LETTER = 'A';
