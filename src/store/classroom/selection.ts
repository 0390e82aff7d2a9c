/** Whose votes a model is trained on, and those votes as the lab keeps them. */
import type { Camps } from '../../contract/agreement';
import { type ClassPair, spacedClassCode } from '../../contract/classroom';
import { ranksOfChoice, type Vote } from '../../contract/preferences';
import type { TeacherClass } from './classState';
import { favourite, splitsOf } from './splits';
import type { CountedVotes } from './taken';

/** 'student': the one with this code */
export type Selection = { who: 'all' } | { who: 'majority' } | { who: 'camps' } | { who: 'student'; code: string };

/** One model to be trained: a name for it, and the votes that it learns from. */
export interface Arm {
  name: string;
  votes: Vote[];
}

const PRESSED = { first: 'a', second: 'b', tie: 'tie', bothBad: 'bothBad' } as const;

interface Origin {
  teacher: TeacherClass;
  policyId: string;
  at: number;
}

/** a vote that says whose it is by its id, and that it came from elsewhere by its source */
export function voteOn(
  pair: ClassPair,
  index: number,
  pressed: keyof typeof PRESSED,
  whose: string,
  origin: Origin,
): Vote {
  const pairId = `class/${origin.teacher.code}/${index}`;
  return {
    ...pair,
    rankingId: `${pairId}/${whose}`,
    pairId,
    ...ranksOfChoice(PRESSED[pressed]),
    source: 'imported',
    rater: null,
    swapped: false,
    repeatOf: null,
    policyId: origin.policyId,
    seconds: 0,
    at: origin.at,
    strengths: null,
  };
}

const votesOf = (students: readonly CountedVotes[], origin: Origin): Vote[] =>
  students.flatMap(({ code, choices }) =>
    origin.teacher.set.pairs.flatMap((pair, i) => {
      const choice = choices[i] ?? 'none';
      return choice === 'none' ? [] : [voteOn(pair, i, choice, code, origin)];
    }),
  );

/** one vote a pair, for the side that more chose; none where as many chose either */
export function majorityOf(counted: readonly CountedVotes[], origin: Origin): Vote[] {
  const { pairs } = origin.teacher.set;
  return splitsOf(counted, pairs.length).flatMap((split, i) =>
    split.first === split.second ? [] : [voteOn(pairs[i]!, i, favourite(split), 'majority', origin)],
  );
}

const membersOf = (counted: readonly CountedVotes[], { of }: Camps, camp: 0 | 1) =>
  counted.filter((_, i) => of[i] === camp);

/** @returns what is trained, one model or two */
export function armsOf(
  selection: Selection,
  counted: readonly CountedVotes[],
  camps: Camps | null,
  origin: Origin,
): Arm[] {
  const named = (name: string, votes: Vote[]): Arm => ({
    name: `Class ${spacedClassCode(origin.teacher.code)}, ${name}`,
    votes,
  });
  if (selection.who === 'all') return [named(`all ${counted.length}`, votesOf(counted, origin))];
  if (selection.who === 'majority') return [named('majority', majorityOf(counted, origin))];
  if (selection.who === 'camps')
    return ([0, 1] as const).flatMap((camp) =>
      camps ? [named(`camp ${camp + 1}`, votesOf(membersOf(counted, camps, camp), origin))] : [],
    );
  const student = counted.find(({ code }) => code === selection.code);
  if (!student) return [];
  return [named(student.number > 0 ? `number ${student.number}` : 'one student', votesOf([student], origin))];
}
