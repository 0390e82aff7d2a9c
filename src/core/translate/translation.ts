/**
 * The true translation of a sentence, by three rules, and with it which word became which:
 *
 *   the verb goes to the end of its clause      the brave fox found a red lamp .
 *   an adjective stands behind its noun          ko  vulto dremo na lumma ruva tadik .
 *   and takes its ending                         partner 0 2 1 4 6 5 3 7
 *
 * A clause ends at a mark, or at an "and" once it has had its verb. An adjective without a noun speaks of the subject:
 * the last noun or pronoun before the verb that stands behind no preposition.
 */
import type { WordClass } from '../../contract/translate';
import { classOf, type Gender, genderOf, ourWord } from './lexicon';

export interface Translation {
  words: string[];
  /** for every word of the translation, the index in the sentence of the word that it translates */
  partner: number[];
}

interface Read {
  word: string;
  wordClass: WordClass;
  /** in the sentence */
  at: number;
}

const isVerb = ({ wordClass }: Read): boolean => wordClass === 'verb';
const isEnd = (read: Read, clause: readonly Read[]): boolean =>
  read.wordClass === 'mark' || (read.word === 'and' && clause.some(isVerb));

/** clauses and what parts them, in their order */
function clausesOf(sentence: readonly Read[]): Read[][] {
  const parts: Read[][] = [];
  let clause: Read[] = [];
  for (const read of sentence) {
    if (!isEnd(read, clause)) clause.push(read);
    else {
      parts.push(clause, [read]);
      clause = [];
    }
  }
  return [...parts, clause].filter((part) => part.length > 0);
}

/** @returns null where nobody is named before the verb */
function subjectOf(clause: readonly Read[]): Gender | null {
  let [gender, behindPreposition, joined]: [Gender | null, boolean, boolean] = [null, false, false];
  for (const read of clause) {
    if (isVerb(read)) break;
    if (read.wordClass === 'preposition') behindPreposition = true;
    if (read.word === 'and') joined = true;
    if (read.wordClass !== 'noun' && read.wordClass !== 'pronoun') continue;
    if (!behindPreposition) gender = joined && gender ? 'many' : genderOf(read.word);
    behindPreposition = false;
  }
  return gender;
}

/** adjectives behind the noun they stand before */
function nounsFirst(words: readonly Read[]): Read[] {
  let ordered: Read[] = [];
  let waiting: Read[] = [];
  for (const read of words) {
    if (read.wordClass === 'adjective') waiting = [...waiting, read];
    else {
      ordered = [...ordered, ...(read.wordClass === 'noun' ? [read, ...waiting] : [...waiting, read])];
      waiting = [];
    }
  }
  return [...ordered, ...waiting];
}

/** what each adjective agrees with: the noun that it stands before, else the subject */
function genderAt(clause: readonly Read[], index: number, subject: Gender): Gender {
  const next = clause.slice(index).find(({ wordClass }) => wordClass !== 'adjective');
  return next?.wordClass === 'noun' ? genderOf(next.word) : subject;
}

/** @throws when a word is not of the stories */
export function translate(sentence: readonly string[]): Translation {
  const read = sentence.map((word, at): Read => {
    const wordClass = classOf(word);
    if (!wordClass) throw new Error(`there is no translation of ${word}`);
    return { word, wordClass, at };
  });
  const genders = new Map<number, Gender>();
  let subject: Gender = 'masculine'; // of a clause that names nobody, such as "be quiet"
  const ordered = clausesOf(read).flatMap((clause) => {
    subject = subjectOf(clause) ?? subject;
    for (const [index, { at }] of clause.entries()) genders.set(at, genderAt(clause, index, subject));
    return [...nounsFirst(clause.filter((word) => !isVerb(word))), ...clause.filter(isVerb)];
  });
  return {
    words: ordered.map(({ word, at }) => ourWord(word, genders.get(at) as Gender)),
    partner: ordered.map(({ at }) => at),
  };
}
