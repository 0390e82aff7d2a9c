/** Lessons from their files: those that ship with the page, and those that a visitor has opened. */
import type { Lesson } from '../../contract/lesson';
import { readLesson } from '../../formats/lessonFile';
import { partsOf, type TextPart } from '../../formats/lessonTexts';
import type { LineTrouble } from '../../formats/placedJson';
import type { LabState } from '../state';

export type { LineTrouble, TextPart };
export const textParts = partsOf;

/** @throws Error for a file that ships with the page and is not sound */
export function shippedLesson(text: string): Lesson {
  const reading = readLesson(new TextEncoder().encode(text));
  if (reading.kind === 'read') return reading.value;
  throw new Error(reading.troubles.map(({ line, why }) => `line ${line}: ${why}`).join('; '));
}

/** What came of opening a file: the lesson, or what is wrong with it; then nothing was changed. */
export type Opened = { kind: 'read'; lesson: Lesson } | { kind: 'refused'; troubles: readonly LineTrouble[] };

/** Keeps a visitor's own lesson. @param shipped ids that are taken */
export function openLessonFile({ guide }: LabState, bytes: Uint8Array, shipped: readonly string[]): Opened {
  const reading = readLesson(bytes);
  if (reading.kind === 'refused') return reading;
  const { id } = reading.value;
  if (shipped.includes(id))
    return { kind: 'refused', troubles: [{ line: 1, why: `“${id}” is a lesson of this page: call yours otherwise` }] };
  guide.put({ own: { ...guide.own, [id]: new TextDecoder().decode(bytes) } });
  return { kind: 'read', lesson: reading.value };
}

/** what was stored by another version may not be one any more */
export function ownLessons(own: Readonly<Record<string, string>>): Lesson[] {
  return Object.values(own).flatMap((text) => {
    const reading = readLesson(new TextEncoder().encode(text));
    return reading.kind === 'read' ? [reading.value] : [];
  });
}
