import * as v from 'valibot';
import { MOST_MODELS, PRIOR, type RatedDuel, TIE_RULES } from '../../contract/arena';
import { LIMITS } from '../../contract/limits';
import type { Handlers } from '../../contract/protocol';
import { ratingBoard } from '../../core/opinion/ratings/board';
import { ChoiceSchema } from '../../formats/opinionSchemas';
import { count, number } from '../../formats/schemas';
import { parse, SeedSchema } from '../schemas';

const Length = count(0, LIMITS.text);
const Model = count(0, MOST_MODELS - 1);
const DuelsSchema = v.pipe(
  v.array(
    v.object({
      first: Model,
      second: Model,
      choice: ChoiceSchema,
      lengths: v.strictTuple([Length, Length]),
      pair: v.exactOptional(count(0, LIMITS.duels)),
    }),
  ),
  v.maxLength(LIMITS.duels),
);
const OptionsSchema = v.object({
  ties: v.picklist(TIE_RULES),
  bothBadTies: v.boolean(),
  lengthHeldEqual: v.boolean(),
  prior: v.nullable(number(PRIOR.least, PRIOR.most)),
  k: number(1, 200),
  shuffle: SeedSchema,
  seed: SeedSchema,
});

/** two different ones of those that were named */
function fitting(duels: readonly RatedDuel[], models: number): readonly RatedDuel[] {
  const stray = duels.find(({ first, second }) => first === second || Math.max(first, second) >= models);
  if (stray) throw new Error(`a duel of ${stray.first} against ${stray.second} among ${models} models`);
  return duels;
}

/** steps between two chances to hear that the page wants something else, each of which goes through all duels */
const MOST_AT_ONCE = 10;
const DUELS_AT_ONCE = 20_000;

/** Rating needs no model and no engine: the page names the models by numbers. */
export const arenaHandlers = (): Pick<Handlers, 'arena/rate'> => ({
  'arena/rate': async ({ models, duels, options }, { breathe }) => {
    const wanted = parse(count(1, MOST_MODELS), models);
    const rating = ratingBoard(fitting(parse(DuelsSchema, duels), wanted), wanted, parse(OptionsSchema, options));
    const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(DUELS_AT_ONCE / duels.length)));
    for (;;) {
      const step = rating.next();
      if (step.done) return step.value;
      if (step.value.done % atOnce === 0) await breathe();
    }
  },
});
