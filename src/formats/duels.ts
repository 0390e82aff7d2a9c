/**
 * Duels of an arena as JSON Lines: a vote with who wrote either text, `models` by id and `names` as they were called,
 * in the order of `completions`. So a file is read as votes where the writers do not matter.
 */
import * as v from 'valibot';
import { type Duel, MOST_MODELS } from '../contract/arena';
import { inWords, LIMITS } from '../contract/limits';
import { eachLine, type Reading, type ReadLines, type Row, reasonOf } from './lines';
import { text } from './opinionSchemas';
import { FilledText, IdCell, says } from './rows';
import { HERE, SeenVotes } from './seen';
import { readVote, toLine } from './votes';

/** A duel of a file, and what its models are called there. */
export interface ReadDuel {
  duel: Duel;
  names: Record<string, string>;
}

const Name = v.pipe(FilledText, text(LIMITS.name));
const MODELS = v.object({
  models: v.strictTuple([IdCell, IdCell]),
  names: v.optional(v.strictTuple([Name, Name])),
});

/** whose texts they are, in the order of `completions` */
const sidesOf = ({ policyId, againstId, swapped }: Duel): [string, string] =>
  swapped ? [againstId, policyId] : [policyId, againstId];

export const duelsToJsonl = (duels: readonly Duel[], nameOf: (id: string) => string): string =>
  duels
    .map((duel) => {
      const { policyId: _, againstId: __, ...vote } = toLine(duel) as ReturnType<typeof toLine> & Partial<Duel>;
      const models = sidesOf(duel);
      return `${JSON.stringify({ ...vote, models, names: models.map(nameOf) })}\n`;
    })
    .join('');

/** @returns the duel of a row, or why it is none. Only duels voted here are by hand: it is marked as imported */
function readDuel(row: Row, newId: () => string): ReadDuel | string {
  const read = v.safeParse(MODELS, row);
  if (!read.success) return reasonOf(read.issues, 'not a duel');
  const { models, names = models } = read.output;
  if (models[0] === models[1]) return 'a model against itself';
  const vote = readVote(row, newId);
  if (typeof vote === 'string') return vote;
  const [policyId, againstId] = vote.swapped ? [models[1], models[0]] : models;
  return {
    duel: { ...vote, policyId, againstId },
    names: { [models[0]]: names[0], [models[1]]: names[1] },
  };
}

/**
 * Reads a file of duels beside those that are here: what is here already, stands twice, or would be one model too many
 * for the board is a bad line.
 */
export function readDuels(file: string, here: readonly Duel[], newId: () => string): Reading<ReadLines<ReadDuel>> {
  const ids = new Map(here.map(({ rankingId }) => [rankingId, HERE]));
  const seen = new SeenVotes();
  for (const duel of here) seen.remember(duel);
  const models = new Set(here.flatMap(({ policyId, againstId }) => [policyId, againstId]));
  return eachLine(file, (row, line) => {
    const found = readDuel(row, newId);
    if (typeof found === 'string') return found;
    const { duel, names } = found;
    const ownId = says(row, 'voteId') ? duel.rankingId : null;
    const same = ids.get(duel.rankingId) ?? seen.where(duel, ownId, `line ${line}`);
    if (same) return `the same duel as ${same}`;
    const more = Object.keys(names).filter((id) => !models.has(id));
    if (models.size + more.length > MOST_MODELS) return `more than ${inWords(MOST_MODELS)} models`;
    for (const id of more) models.add(id);
    if (ownId !== null) ids.set(duel.rankingId, `line ${line}`);
    return found;
  });
}
