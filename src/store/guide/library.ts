/** Lessons from their files: those that ship with the page, and those that a visitor has opened. */
import type { Lesson } from '../../contract/lesson';
import { objectIn } from '../../formats/json';
import { readLesson, readTranslation } from '../../formats/lessonFile';
import { partsOf, type TextPart } from '../../formats/lessonTexts';
import type { LineTrouble } from '../../formats/placedJson';
import type { LabState } from '../state';

export type { LineTrouble };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const textParts = partsOf;
export type { TextPart };

/** @throws Error for a file that ships with the page and is not sound */
export function shippedLesson(text: string): Lesson {
  const reading = readLesson(bytesOf(text));
  if (reading.kind === 'read') return reading.value;
  throw new Error(reading.troubles.map(({ line, why }) => `line ${line}: ${why}`).join('; '));
}

/** What came of opening a file: a lesson or a translation, or what is wrong with it; then nothing was changed. */
export type Opened = { kind: 'read' } | { kind: 'refused'; troubles: readonly LineTrouble[] };

const refusedWith = (why: string): Opened => ({ kind: 'refused', troubles: [{ line: 1, why }] });

function takeTranslation({ guide }: LabState, text: string, of: string, lessons: readonly Lesson[]): Opened {
  const lesson = lessons.find(({ id }) => id === of);
  if (!lesson) return refusedWith(`a translation of “${of}”, which is no lesson here`);
  const reading = readTranslation(bytesOf(text), lesson);
  if (reading.kind === 'refused') return reading;
  const { language } = reading.value.lesson;
  guide.put({ language, translations: { ...guide.translations, [`${of}.${language}`]: text } });
  return { kind: 'read' };
}

/**
 * Keeps a visitor's own lesson, or the translation of one.
 * @param shipped lessons of the page, whose ids are taken
 */
export function openLessonFile(state: LabState, bytes: Uint8Array, shipped: readonly Lesson[]): Opened {
  const { guide } = state;
  const text = new TextDecoder().decode(bytes);
  const of = objectIn(bytes)?.of;
  if (typeof of === 'string') return takeTranslation(state, text, of, [...shipped, ...ownLessons(guide.own)]);
  const reading = readLesson(bytes);
  if (reading.kind === 'refused') return reading;
  const { id } = reading.value;
  if (shipped.some((lesson) => lesson.id === id))
    return refusedWith(`“${id}” is a lesson of this page: call yours otherwise`);
  guide.put({ own: { ...guide.own, [id]: text } });
  return { kind: 'read' };
}

/** what was stored by another version may not be one any more */
const ownLessons = (own: LabState['guide']['own']): Lesson[] =>
  Object.values(own).flatMap((text) => {
    const reading = readLesson(bytesOf(text));
    return reading.kind === 'read' ? [reading.value] : [];
  });

/** in the chosen language where there is one, texts that it lacks in the first */
function translated(lesson: Lesson, { translations, language }: Spoken): Lesson {
  const text = translations[`${lesson.id}.${language}`];
  const reading = text === undefined ? null : readTranslation(bytesOf(text), lesson);
  return reading?.kind === 'read' ? reading.value.lesson : lesson;
}

type Spoken = Pick<LabState['guide'], 'own' | 'translations' | 'language'>;

/** all lessons as they are shown: those of the page, then a visitor's own */
export const lessonsIn = (shipped: readonly Lesson[], spoken: Spoken): Lesson[] =>
  [...shipped, ...ownLessons(spoken.own)].map((lesson) => translated(lesson, spoken));

/** languages of translations, in the order of the alphabet */
export const languagesIn = (translations: Spoken['translations']): string[] =>
  [...new Set(Object.keys(translations).map((key) => key.slice(key.indexOf('.') + 1)))].sort();
