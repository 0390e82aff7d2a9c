/**
 * How much of everything the lab takes. Import, forms, storage and thread read this one table, so what enters the store
 * is what a run can be built from.
 */
export const LIMITS = {
  /** of a prompt or a completion, in code points: many times what a model here reads */
  text: 20_000,
  /** of an id, in code points */
  id: 200,
  /** of an animal's name, in code points */
  animal: 100,
  /** of a model's name that a visitor gives, in code points */
  name: 80,
  /** of a model's name in its file: a number may stand behind the one that a visitor gave */
  nameInFile: 200,
  /** of a text whose tokens are shown, in code points */
  shownText: 200_000,
  /** of a text in a list that is looked over, in code points: more than any model here writes */
  listedText: 240,
  /** of a word or a name inside a sentence, in code points */
  quoted: 60,
  /** of a sentence to translate, in code points: far more than the words that are read */
  sentence: 2000,
  /** heads that may be cut at once: more than any model here has */
  headsOff: 1000,
  votes: 100_000,
  /** fewer than votes: each may hold 36 comparisons */
  rankings: 20_000,
  /** of the arena; fewer than votes: each resample draws as many */
  duels: 20_000,
  /** fewer than votes: they are stored whole whenever one is added */
  demonstrations: 20_000,
  /** demonstrations that are looked for in the stories in one go */
  wished: 5000,
  rounds: 10_000,
  /** of a preference */
  strength: 100,
  /** from shown to chosen */
  seconds: 1e9,
  /** milliseconds since 1970 */
  at: 1e15,
  /** texts that the thread looks at in one go */
  checkedTexts: 5000,
  /** after so many bad lines a file is something else, and is not read on */
  badLines: 100_000,
  /** of a file of votes, rankings or demonstrations */
  linesBytes: 50 * 2 ** 20,
  /** of the visitor's own text */
  textBytes: 20 * 2 ** 20,
  /** of a file of a class: its pairs and its codes */
  classBytes: 2 ** 20,
  /** of a file of a lesson */
  lessonBytes: 2 ** 18,
  /** of a chat that codes are looked for in, in code points */
  chat: 200_000,
  /** codes of a class: more than any list, since some have no number */
  classCodes: 500,
  /** of a model's file */
  modelBytes: 2 ** 30,
  /** of the longest header of safetensors that other readers take */
  headerBytes: 100_000_000,
  /** of a file of JSON beside a model: its configuration, its tokenizer */
  jsonBytes: 64 * 2 ** 20,
  /** of what a file of rows in Parquet, itself no larger than one of lines, unpacks to: its texts are mostly packed */
  tableBytes: 2 ** 29,
  /** of a table in any form */
  tableRows: 1_000_000,
  /** values in a row of JSON, and in all of a file that is one value; a table by its columns has one for every cell */
  rowValues: 100_000,
  fileValues: 1_000_000,
  /** of a notebook, packed */
  notebookBytes: 2 ** 30,
  /** of all that is in a notebook, unpacked */
  notebookContents: 2 ** 31,
  /** of one list or record in a notebook, unpacked; lists are cut into parts long before */
  notebookRecord: 64 * 2 ** 20,
  /** files in a notebook */
  notebookFiles: 10_000,
} as const;

/** @returns whether the text has at most so many code points; UTF-16 units are never fewer */
export function hasAtMost(text: string, most: number): boolean {
  if (text.length <= most) return true;
  if (text.length > 2 * most) return false;
  let count = 0;
  for (const _ of text) if (++count > most) return false;
  return true;
}

/** "100,000": as the lab writes numbers in sentences */
export const inWords = (count: number): string => count.toLocaleString('en-US');

/** @returns the end of the text, so many code points of it: what a model that reads on from there sees anyway */
export const endOf = (text: string, most: number): string =>
  hasAtMost(text, most) ? text : [...text.slice(-2 * most)].slice(-most).join('');

/** @returns the beginning of the text, so many code points of it: no character is cut in two */
export const startOf = (text: string, most: number): string =>
  hasAtMost(text, most) ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');

/**
 * @returns the text, or so many code points of its beginning and "…": what a sentence, a list or an axis has room for
 */
export const shortened = (text: string, most: number = LIMITS.quoted): string =>
  hasAtMost(text, most) ? text : `${startOf(text, most).trimEnd()}…`;

/** longer than any word that somebody reads */
const ENDLESS_WORD = /\S{80,}/gu;

/** @returns the sentence without words that have no end, as a file or an address may bring them */
export const withShortWords = (sentence: string): string => sentence.replace(ENDLESS_WORD, (word) => shortened(word));
