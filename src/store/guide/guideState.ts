import type { LessonProgress } from './progress';

/** How far each lesson has come; the rest of a lesson comes with its page. */
export interface GuideSlice {
  /** id of the lesson that the address names; '' where it names none */
  asked: string;
  progress: Readonly<Record<string, LessonProgress>>;
  /** files of a visitor's own lessons, as text, by id */
  own: Readonly<Record<string, string>>;
  /** files of translations, as text, by lesson and language: `firstTaste.de` */
  translations: Readonly<Record<string, string>>;
  /** of the lessons; '' for the one each was written in */
  language: string;
  put(fields: Partial<GuideSettings & Pick<GuideSlice, 'asked'>>): void;
}

/** what of it is stored */
export type GuideSettings = Pick<GuideSlice, 'progress' | 'own' | 'translations' | 'language'>;
