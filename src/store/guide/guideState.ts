import type { LessonProgress } from './progress';

/** How far each lesson has come; the rest of a lesson comes with its page. */
export interface GuideSlice {
  /** id of the lesson that the address names; '' where it names none */
  asked: string;
  progress: Readonly<Record<string, LessonProgress>>;
  /** files of a visitor's own lessons, as text, by id */
  own: Readonly<Record<string, string>>;
  put(fields: Partial<Pick<GuideSlice, 'asked' | 'progress' | 'own'>>): void;
}
