/** A lesson as an address: `#/lesson/firstTaste`. */
const PREFIX = '#/lesson/';
/** of a lesson's id */
export const LESSON_NAME = /^[a-zA-Z][a-zA-Z0-9]{0,39}$/;

export const lessonHash = (lessonId: string): string => `${PREFIX}${lessonId}`;

/** @returns the id that an address names, which may be that of no lesson; null where it names none */
export function lessonOfHash(hash: string): string | null {
  if (!hash.startsWith(PREFIX)) return null;
  const name = hash.slice(PREFIX.length).split('?')[0] ?? '';
  return LESSON_NAME.test(name) ? name : null;
}
