import * as v from 'valibot';
import {
  CLASS_CHOICES,
  CLASS_SAMPLING,
  CLASS_SEEDS,
  CLASS_SIZES,
  type ClassChoice,
  type ClassPair,
} from '../../contract/classroom';
import { LabError } from '../../contract/errors';
import { ranksOfChoice, type TasteWeight } from '../../contract/preferences';
import type { CallKind, Handlers } from '../../contract/protocol';
import { arithmeticOf } from '../../core/model/executor';
import { agreeing } from '../../core/opinion/report';
import { Random } from '../../core/tensor/random';
import { finishTelling } from '../../core/text/steps';
import { fittingTaste, type PairVote, type TasteInput } from '../../core/text/taste';
import { hashOf } from '../../formats/classCode';
import { ClassPairSchema } from '../../formats/classFile';
import { numbersOf } from '../../formats/safetensors';
import { count } from '../../formats/schemas';
import { candidatePairs } from '../pairing';
import { parse, SeedSchema } from '../schemas';
import { type Session, shippedFile } from '../session';
import { telling } from '../telling';

type ClassHandlers = Pick<Handlers, Extract<CallKind, `class/${string}`>>;

/** the model whose texts a class votes on */
const WRITER = shippedFile('tiny');
/** more than any list of a class: without a number there may be many */
const MOST_STUDENTS = 1000;
const MOST_PAIRS = CLASS_SIZES.at(-1)!;

const ChoicesSchema = v.pipe(
  v.array(v.pipe(v.array(v.picklist(CLASS_CHOICES)), v.maxLength(MOST_PAIRS))),
  v.maxLength(MOST_STUDENTS),
);
const PairsSchema = v.pipe(v.array(ClassPairSchema), v.maxLength(MOST_PAIRS));

/** categories that agreement knows; null for a pair that was skipped */
const categoryOf = (choice: ClassChoice): number | null =>
  choice === 'none' ? null : CLASS_CHOICES.indexOf(choice) - 1;

const PRESSED = { first: 'a', second: 'b', tie: 'tie', bothBad: 'bothBad' } as const;
const votesOf = (pairs: readonly ClassPair[], choices: readonly ClassChoice[]): PairVote[] =>
  pairs.flatMap((pair, i) => {
    const choice = choices[i] ?? 'none';
    return choice === 'none' ? [] : [{ ...pair, ...ranksOfChoice(PRESSED[choice]), repeatOf: null }];
  });

export const classHandlers = (session: Session): ClassHandlers => ({
  'class/write': async ({ seed, size }, course) => {
    const checked = { seed: parse(count(0, CLASS_SEEDS - 1), seed), size: parse(v.picklist(CLASS_SIZES), size) };
    const bytes = await course.orCancelled(session.surroundings.fetchShipped(WRITER));
    const { checkpointId } = session.shelf.add(bytes, { shipped: true });
    return session.lend(checkpointId, async ({ network, corpus }) => {
      if (arithmeticOf(network) !== 'wasm')
        throw new LabError('class/arithmetic', 'They are written with WebAssembly, which does not start here.');
      const writer = { policyId: checkpointId, network, corpus };
      const sets = await candidatePairs(
        writer,
        checked.size,
        checked.seed,
        CLASS_SAMPLING,
        course.breathe,
        course.tell,
      );
      if (sets.length < checked.size)
        throw new LabError('class/pairs', 'The model wrote too few pairs. Take another seed.');
      const pairs = sets.map(({ prompt, completions }) => ({ prompt, completions: completions as [string, string] }));
      return { seed: checked.seed, modelHash: hashOf(numbersOf(bytes)), pairs };
    });
  },

  'class/agreement': async ({ pairs, choices, seed }, course) => {
    const checked = parse(ChoicesSchema, choices);
    const random = Random.fromSeed(parse(SeedSchema, seed)).fork('class');
    const units = parse(count(0, MOST_PAIRS), pairs);
    const ratings = checked.map((one) => one.slice(0, units).map(categoryOf));
    const report = agreeing(ratings, units, CLASS_CHOICES.length - 1, () => random.next());
    return finishTelling(report, telling(session.steps(course)));
  },

  'class/tastes': async ({ pairs, choices }, course) => {
    const checked = { pairs: parse(PairsSchema, pairs), choices: parse(ChoicesSchema, choices) };
    const bytes = await course.orCancelled(session.surroundings.fetchShipped(WRITER));
    const { checkpointId } = session.shelf.add(bytes, { shipped: true });
    const corpus = session.corpora.readable(session.shelf.memoryOf(checkpointId));
    const attributesOf: TasteInput['attributesOf'] = (prompt, completion) =>
      corpus.attributes(prompt, completion, true);
    const steps = session.steps(course);
    const tastes: (TasteWeight[] | null)[] = [];
    for (const one of checked.choices) {
      const input = { votes: votesOf(checked.pairs, one), vetoed: [], attributesOf, pool: checked.pairs };
      const fit = await finishTelling(fittingTaste(input), telling(steps));
      tastes.push(fit.kind === 'rule' ? fit.taste.rule.weights : null);
    }
    return tastes;
  },
});
