/**
 * What a lesson makes of a stage: which parts are there, which control is in question, and what waits for an answer.
 */
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
  /** in place of the stage's own transport bar */
  transport?: ReactNode;
}

/** null outside of lessons: everything is there */
export const InLesson = createContext<LessonView | null>(null);

/** @returns why nothing may move yet; null where all may */
export const useHeld = (): string | null => use(InLesson)?.held ?? null;

/** @returns what stands in place of a stage's transport bar, if anything does */
export const useTransportInstead = (): ReactNode => use(InLesson)?.transport ?? null;

/** a card, or a control by the name of its setting in the address; nothing: what no lesson names */
type Part = ShownPart | `${typeof KNOB}${string}` | undefined;

/** @returns tells whether a part is there; what has no name is not, where a lesson names what is */
export function useWhatIsShown(): (part: Part) => boolean {
  const show = use(InLesson)?.show ?? null;
  return (part) => show === null || (part !== undefined && show.includes(part));
}

export const useIsShown = (part?: Part): boolean => useWhatIsShown()(part);

/** A part of a stage that a lesson may leave out. */
export function Shown({ part, children }: { part?: Part; children: ReactNode }) {
  return useIsShown(part) ? children : null;
}

/** @returns whether this stage stands in a lesson, which alone leads to other ones */
export const useInLesson = (): boolean => use(InLesson) !== null;

/** What leads to another stage: a lesson has its own way on. */
export function Elsewhere({ children }: { children: ReactNode }) {
  return useInLesson() ? null : children;
}

/** @returns whether a lesson shows any control of a stage, or one of these parts */
export function useHasKnobs(...parts: readonly ShownPart[]): boolean {
  const show = use(InLesson)?.show ?? null;
  return show === null || show.some((name) => name.startsWith(KNOB) || (parts as readonly string[]).includes(name));
}

/** settings by section and key → by their names in the address */
const NAMES = new Map(SETTING_ROWS.map(({ path, address }) => [`${path[0]}/${path.at(-1)}`, address]));

/** @returns of a control of the page: whether it is there, and whether it is the one in question */
export function useLessonControl(id: string): { isShown: boolean; isMarked: boolean } {
  const view = use(InLesson);
  const name = NAMES.get(id);
  const whole = id.startsWith('stories/') ? 'corpus' : 'settings'; // the card of all of them
  const isShown = !view?.show || view.show.includes(whole) || view.show.includes(`${KNOB}${name}`);
  return { isShown, isMarked: view !== null && name !== undefined && view.mark === name };
}

/** @returns those settings of a section that a lesson names; none outside of lessons */
export function useNamedSettings<Key extends string>(section: string, keys: readonly Key[]): Key[] {
  const show = use(InLesson)?.show ?? [];
  return keys.filter((key) => show.includes(`${KNOB}${NAMES.get(`${section}/${key}`)}`));
}

/** of the control in question, here and in the text of the step */
export const MARK_LETTER = 'A';
