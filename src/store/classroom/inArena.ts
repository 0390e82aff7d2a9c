/**
 * A class that votes in the arena: its pairs are texts of two models each, which nobody is told, and its votes are duels.
 * They stand in the arena as long as the class counts there, and follow every code that comes, changes or is told apart.
 */
import type { Following } from '../../client/client';
import type { Duel } from '../../contract/arena';
import {
  ARENA_SEEDS_FROM,
  CLASS_SEEDS,
  type ClassPair,
  type ClassPairs,
  type ClassSize,
} from '../../contract/classroom';
import type { Progress } from '../../contract/protocol';
import { codeOf, hashOf, seemlySeed, spellsWord } from '../../formats/classCode';
import { namesOf, roomIn } from '../arena/many';
import { type Pairing, pairingsOf, ringOf } from '../arena/ring';
import { coin, derivedSeed } from '../context';
import type { Lab } from '../lab';
import type { TeacherClass } from './classState';
import { voteOn } from './selection';
import { countedVotes } from './taken';

export interface ArenaPairs {
  set: ClassPairs;
  /** of each pair: who wrote its first and its second text */
  writers: Pairing[];
}

interface Written {
  pair: ClassPair;
  writers: Pairing;
}

/** the same models in another order are the same ring */
const ringHash = (pairings: readonly Pairing[]): string =>
  hashOf(new TextEncoder().encode(['arena', ...new Set(pairings.flat())].join('\0')));

/** As many of every pair of models as of any other, one more of the first ones where they do not divide. */
async function written(lab: Lab, seed: number, size: ClassSize, following: Following): Promise<Written[]> {
  const pairings = pairingsOf(ringOf(lab.getState()));
  const { sampling } = lab.getState().config.value;
  const { signal, onProgress } = following;
  const found: Written[] = [];
  for (const [i, writers] of pairings.entries()) {
    const [policyId, againstId] = writers;
    const count = Math.floor(size / pairings.length) + (i < size % pairings.length ? 1 : 0);
    if (count === 0) continue;
    const asked = { policyId, againstId, count, seed: derivedSeed(seed, 'class arena', i), sampling };
    const before = found.length;
    const tell = ({ done, label }: Progress) => onProgress?.({ done: before + done, total: size, label });
    const sets = await lab.call('compare/pairs', asked, { ...(signal && { signal }), onProgress: tell });
    for (const { prompt, completions } of sets)
      found.push({ pair: { prompt, completions: [completions[0]!, completions[1]!] }, writers });
  }
  return found;
}

const inAnyOrder = (seed: number, list: readonly Written[]): Written[] =>
  list
    .map((one, i) => ({ one, lot: coin(seed, 'class arena order', i) }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ one }) => one);

/**
 * Pairs of the models that stand in the ring.
 * @param draw a number below its argument, by chance
 * @throws Error where no two of them can meet, or some pair of them writes too few texts
 */
export async function writeArenaPairs(
  lab: Lab,
  size: ClassSize,
  draw: (below: number) => number,
  following: Following,
): Promise<ArenaPairs> {
  const pairings = pairingsOf(ringOf(lab.getState()));
  if (pairings.length === 0) throw new Error('A duel needs two: fewer models stand in the ring of the arena.');
  for (;;) {
    const range = { from: ARENA_SEEDS_FROM, below: CLASS_SEEDS };
    const seed = seemlySeed(range.from + draw(range.below - range.from), size, range);
    const all = inAnyOrder(seed, await written(lab, seed, size, following));
    if (all.length < size) throw new Error(`These models write only ${all.length} different pairs.`);
    const set = { seed, modelHash: ringHash(pairings), pairs: all.map(({ pair }) => pair) };
    if (!spellsWord(codeOf(set))) return { set, writers: all.map(({ writers }) => writers) };
  }
}

/** a class whose pairs are of the arena, and which counts there */
const isInArena = ({ writers, outOfArena }: TeacherClass): boolean => writers !== undefined && !outOfArena;

/** its place among the codes tells two students apart, and nobody else who they are */
const seatOf = ({ taken }: TeacherClass, code: string): string => `${taken.findIndex((one) => one.code === code)}`;

/** @returns one for each vote that counts; a pair that was skipped has none */
export function duelsOf(teacher: TeacherClass, at: number): Duel[] {
  const { writers } = teacher;
  if (!writers) return [];
  return countedVotes(teacher).flatMap(({ code, choices }) =>
    teacher.set.pairs.flatMap((pair, i) => {
      const choice = choices[i] ?? 'none';
      const [policyId, againstId] = writers[i]!;
      if (choice === 'none') return [];
      return [{ ...voteOn(pair, i, choice, seatOf(teacher, code), { teacher, policyId, at }), againstId }];
    }),
  );
}

const prefixOf = (code: string): string => `class/${code}/`;
/** @returns the duels of the arena that a class with this code voted */
export const classDuels = (duels: readonly Duel[], code: string): Duel[] =>
  duels.filter(({ rankingId }) => rankingId.startsWith(prefixOf(code)));

/** The arena's duels of the class become those of its codes as they stand. @returns how many found no room */
export async function bringUpToDate(lab: Lab): Promise<number> {
  const { teacher } = lab.getState().classroom;
  if (!teacher?.writers) return 0;
  const { arena } = lab.getState();
  const here = new Map(classDuels(arena.duels, teacher.code).map((duel) => [duel.rankingId, duel]));
  const wanted = isInArena(teacher) ? duelsOf(teacher, lab.today()) : [];
  const isHere = ({ rankingId, ranks }: Duel) => here.get(rankingId)?.ranks.join() === ranks.join();
  const kept = new Set(wanted.filter(isHere).map(({ rankingId }) => rankingId));
  const gone = [...here.keys()].filter((id) => !kept.has(id));
  if (gone.length > 0) await arena.remove(gone);
  const missing = wanted.filter(({ rankingId }) => !kept.has(rankingId));
  const added = missing.slice(0, Math.max(0, roomIn(lab)));
  if (added.length > 0) await arena.add(added, namesOf(lab, added));
  return missing.length - added.length;
}

/** @returns what the models are called whose texts a class votes on */
export function namesOfWriters(lab: Lab, writers: readonly (readonly [string, string])[]): Record<string, string> {
  const pairs = writers.map(([policyId, againstId]) => ({ policyId, againstId }));
  return namesOf(lab, pairs);
}
