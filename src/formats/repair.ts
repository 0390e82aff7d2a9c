/** What was stored by an earlier version, or by hand, as the lab keeps it now. */
import * as v from 'valibot';
import type { Duel } from '../contract/arena';
import { LIMITS } from '../contract/limits';
import type { Demonstration, Ranking, Vote } from '../contract/preferences';
import { withoutEmpty } from './earlier';
import { DemonstrationSchema, DuelSchema, RankingSchema, VoteSchema } from './opinionSchemas';

interface Kept {
  votes: Vote;
  rankings: Ranking;
  duels: Duel;
  demonstrations: Demonstration;
}
const SCHEMAS: { [K in keyof Kept]: v.GenericSchema<unknown, Kept[K]> } = {
  votes: VoteSchema as v.GenericSchema<unknown, Vote>,
  rankings: RankingSchema as v.GenericSchema<unknown, Ranking>,
  duels: DuelSchema as v.GenericSchema<unknown, Duel>,
  demonstrations: DemonstrationSchema as v.GenericSchema<unknown, Demonstration>,
};

export interface Repaired<T> {
  kept: T[];
  /** could not be read */
  unreadable: number;
  /** over the limit, the last ones */
  beyond: number;
}

/** @returns those that are sound, or can be made so without a guess, as many as the lab keeps */
export function repaired<K extends keyof Kept>(kind: K, stored: readonly unknown[]): Repaired<Kept[K]> {
  const schema: v.GenericSchema<unknown, Kept[K]> = SCHEMAS[kind];
  const sound = stored.flatMap((one): Kept[K][] => {
    if (v.is(schema, one)) return [one as Kept[K]];
    const read = v.safeParse(schema, withoutEmpty(one));
    return read.success ? [read.output] : [];
  });
  const kept = sound.slice(0, LIMITS[kind]);
  return { kept, unreadable: stored.length - sound.length, beyond: sound.length - kept.length };
}
