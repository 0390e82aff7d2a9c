/**
 * Questions that the grammar can both ask and answer: he : she = his : ? Each comes from a table of the grammar, with
 * every answer that the grammar would let pass. Mikolov et al. 2013, "Linguistic regularities in continuous space word
 * representations"
 */
import type { Analogy, AnalogyFamily } from '../../contract/inside';
import { CHOICES, type Choice } from './words';

export interface AnsweredAnalogy extends Analogy {
  family: AnalogyFamily;
  /** any of them is right; never a word of the question */
  answers: readonly string[];
}

/** who, whom, whose; and what "was" becomes */
const HE = ['he', 'him', 'his'] as const;
const SHE = ['she', 'her', 'her'] as const;
const THEY = ['they', 'them', 'their'] as const;
const VERB = ['was', 'were'] as const;

/** what one list says of joy, the other says of sorrow */
const MOODS: readonly (readonly [joy: Choice, sorrow: Choice])[] = [
  ['happy', 'sad'],
  ['laughed', 'cried'],
  ['lovely', 'dreadful'],
  ['kind', 'mean'],
  ['admired', 'kicked'],
  ['loved', 'hated'],
  ['treat', 'push'],
  ['hugged', 'blamed'],
];

type Pair = readonly [from: string, to: string];

/** every ordered two of these pairs */
const crossed = (family: AnalogyFamily, pairs: readonly Pair[]): AnsweredAnalogy[] =>
  pairs.flatMap(([from, to], i) =>
    pairs.flatMap(([base, answer], j) => (i === j ? [] : [{ family, from, to, base, answers: [answer] }])),
  );

const zipped = (from: readonly string[], to: readonly string[]): Pair[] =>
  from.map((word, i): Pair => [word, to[i] as string]);

/** one to many and back; was and were go with the one who does it */
const numbers = (): AnsweredAnalogy[] =>
  [HE, SHE].flatMap((one) => [
    ...crossed('number', zipped(one, THEY)),
    ...crossed('number', zipped(THEY, one)),
    ...crossed('number', zipped([one[0], VERB[0]], [THEY[0], VERB[1]])),
    ...crossed('number', zipped([THEY[0], VERB[1]], [one[0], VERB[0]])),
  ]);

/** Of one question all answers: her is whom and whose, so she : he = her : ? has two. */
function together(questions: readonly AnsweredAnalogy[]): AnsweredAnalogy[] {
  const merged = new Map<string, AnsweredAnalogy>();
  for (const question of questions) {
    const key = `${question.from} ${question.to} ${question.base}`;
    const answers = [...(merged.get(key)?.answers ?? []), ...question.answers];
    merged.set(key, { ...question, answers: [...new Set(answers)] });
  }
  return [...merged.values()];
}

/** whether it says no word twice, and none that would answer it: him : her = his : ? would be answered by her */
function isQuestion({ from, to, base, answers }: AnsweredAnalogy): boolean {
  const said = new Set([from, to, base]);
  return said.size === 3 && !answers.some((word) => said.has(word));
}

const pronouns = (): AnsweredAnalogy[] =>
  together([...crossed('gender', zipped(HE, SHE)), ...crossed('gender', zipped(SHE, HE)), ...numbers()]).filter(
    isQuestion,
  );

/** any word of the list of sorrow counts that stands for the list of joy: the grammar tells them no further apart */
function moods(): AnsweredAnalogy[] {
  return MOODS.flatMap(([joy, sorrow], i) =>
    zipped(CHOICES[joy], CHOICES[sorrow]).flatMap(([from, to]) =>
      MOODS.flatMap(([otherJoy, otherSorrow], j) =>
        i === j
          ? []
          : CHOICES[otherJoy].map(
              (base): AnsweredAnalogy => ({ family: 'mood', from, to, base, answers: CHOICES[otherSorrow] }),
            ),
      ),
    ),
  );
}

export const ANALOGIES: readonly AnsweredAnalogy[] = [...pronouns(), ...moods()];
