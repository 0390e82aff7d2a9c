/** The lessons that ship with the page, one file each, read when somebody looks at them. */
import type { Lesson } from '../../contract/lesson';
import { shippedLesson } from '../../store/guide/library';

const FILES: Readonly<Record<string, () => Promise<{ default: string }>>> = {
  firstTaste: () => import('./files/firstTaste.json?raw'),
  wordsToWishes: () => import('./files/wordsToWishes.json?raw'),
  endToEnd: () => import('./files/endToEnd.json?raw'),
  rewardHacking: () => import('./files/rewardHacking.json?raw'),
  threeMethods: () => import('./files/threeMethods.json?raw'),
  judge: () => import('./files/judge.json?raw'),
  attention: () => import('./files/attention.json?raw'),
  words: () => import('./files/words.json?raw'),
  translate: () => import('./files/translate.json?raw'),
  catAndDog: () => import('./files/catAndDog.json?raw'),
};

/** the file of one of them, for who writes a lesson of their own */
export const exampleFile = async (): Promise<string> => (await FILES.rewardHacking!()).default;

let coming: Promise<readonly Lesson[]> | null = null;

/**
 * @returns all of them, in the order in which they are best taken; asked again after a failure they are fetched again
 */
export function shippedLessons(): Promise<readonly Lesson[]> {
  coming ??= Promise.all(Object.values(FILES).map(async (fetch) => shippedLesson((await fetch()).default))).catch(
    (error) => {
      coming = null;
      throw error;
    },
  );
  return coming;
}
