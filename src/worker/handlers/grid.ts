import * as v from 'valibot';
import { type GridPolicy, type GridSample, type GridWorld, START } from '../../contract/gridworld';
import type { CallKind, Handlers } from '../../contract/protocol';
import { freshLearner } from '../../core/gridworld/learn';
import { gradientOf, learnedValues, pointOf, solutionOf, updateOf, walkOf } from '../../core/gridworld/lesson';
import { mdpOf } from '../../core/gridworld/mdp';
import { count } from '../../formats/schemas';
import { parse, SeedSchema } from '../schemas';

/** a grid that is larger is no lesson any more, and takes longer than a frame to solve */
const MOST_CELLS = 12;
/** dots of a picture */
const SHOWN_SAMPLES = 200;

const within = (least: number, most: number) => v.pipe(v.number(), v.finite(), v.minValue(least), v.maxValue(most));
const Share = within(0, 1);
const Table = v.pipe(v.array(v.pipe(v.array(within(-1e6, 1e6)), v.length(4))), v.maxLength(MOST_CELLS ** 2));

const WorldSchema = v.pipe(
  v.object({
    layout: v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[#.A-Za-z]+$/), v.maxLength(MOST_CELLS))),
      v.minLength(1),
      v.maxLength(MOST_CELLS),
      v.check((rows) => new Set(rows.map((row) => row.length)).size === 1, 'rows of different lengths'),
      v.check((rows) => rows.join('').split(START).length === 2, 'one cat is needed'),
    ),
    rewards: v.record(v.string(), within(-1000, 1000)),
    stepReward: within(-1000, 1000),
    slip: Share,
    slipKind: v.picklist(['sideways', 'stay']),
    wind: v.pipe(v.array(count(0, MOST_CELLS)), v.maxLength(MOST_CELLS)),
    gamma: Share,
  }),
  v.check(
    ({ layout, rewards }) => [...layout.join('')].every((sign) => '#.S'.includes(sign) || Object.hasOwn(rewards, sign)),
    'an end without a reward',
  ),
);

const PolicySchema = v.variant('kind', [
  v.object({ kind: v.picklist(['uniform', 'best']) }),
  v.object({ kind: v.literal('learned'), logits: Table }),
]);

const LearningSchema = v.object({
  method: v.picklist(['reinforce', 'baseline', 'a2c', 'ppo']),
  stepSize: within(0, 10_000),
  walks: count(1, 256),
  stepLimit: count(1, 1000),
  epochs: count(1, 100),
  clipRange: v.nullable(within(0, 10)),
  lam: Share,
  byTime: v.boolean(),
});

const LearnerSchema = v.object({
  logits: Table,
  values: v.pipe(v.array(within(-1e9, 1e9)), v.maxLength(MOST_CELLS ** 2)),
  update: count(0, 1_000_000),
});

const worldOf = (world: unknown): GridWorld => parse(WorldSchema, world);
/** as many rows as the grid has states */
function fitting<T extends { logits: number[][] }>(world: GridWorld, table: T): T {
  const states = mdpOf(world).cells.length;
  if (table.logits.length !== states)
    throw new Error(`the policy has ${table.logits.length} rows, the grid ${states} states`);
  return table;
}
/** evenly from all of them */
const thinned = (samples: readonly GridSample[]): GridSample[] => {
  const every = Math.ceil(samples.length / SHOWN_SAMPLES);
  return samples.filter((_, i) => i % every === 0);
};

type GridHandlers = Pick<Handlers, Extract<CallKind, `grid/${string}`>>;

/** None of them needs a model, an engine or anything that lasts: the page keeps what a policy has learned. */
export const gridHandlers = (): GridHandlers => ({
  'grid/solve': async ({ world }) => solutionOf(worldOf(world)),

  'grid/walk': async ({ world, policy, seed }) => {
    const grid = worldOf(world);
    const asked = parse(PolicySchema, policy) as GridPolicy;
    if (asked.kind === 'learned') fitting(grid, asked);
    return walkOf(grid, asked, parse(SeedSchema, seed));
  },

  'grid/learn': async ({ world, learning, learner, seed, updates }, { breathe }) => {
    const mdp = mdpOf(worldOf(world));
    const checked = parse(LearningSchema, learning);
    const from = learner === null ? freshLearner(mdp) : fitting(world, parse(LearnerSchema, learner));
    const dice = parse(SeedSchema, seed);
    const first = updateOf(mdp, from, checked, dice);
    const points = [pointOf(first)];
    let last = first;
    for (let more = 1; more < parse(count(1, 100), updates); more++) {
      await breathe();
      last = updateOf(mdp, last, checked, dice);
      points.push(pointOf(last));
    }
    const { logits, values, update, samples } = last;
    const learned = learnedValues(mdp, logits);
    return { learner: { logits, values, update }, points, samples: thinned(samples), learned };
  },

  'grid/gradient': async ({ world, logits, seed, walks }) => {
    const grid = worldOf(world);
    const from = logits === null ? null : fitting(grid, { logits: parse(Table, logits) }).logits;
    return gradientOf(grid, from, parse(SeedSchema, seed), parse(count(1, 1000), walks));
  },
});
