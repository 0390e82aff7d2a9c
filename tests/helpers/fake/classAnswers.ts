import { CLASS_CHOICES } from '../../../src/contract/classroom';
import type { CallKind, Handlers } from '../../../src/contract/protocol';
import { finish } from '../../../src/contract/steps';
import { agreeing } from '../../../src/core/opinion/report';
import { Random } from '../../../src/core/tensor/random';
import * as stories from './stories';

/** what everybody seems to like who chose a side often enough */
const TASTE = [
  { attribute: 'endingMood', label: 'happy ending', weight: 1.1, low: 0.4, high: 1.8, vetoed: false },
  { attribute: 'politeWords', label: 'politeness', weight: 0.2, low: -0.3, high: 0.7, vetoed: false },
  { attribute: 'length', label: 'longer', weight: -0.8, low: -1.3, high: -0.3, vetoed: false },
];

export const classAnswers = (): Pick<Handlers, Extract<CallKind, `class/${string}`>> => ({
  'class/write': async ({ seed, size }) => ({
    seed,
    modelHash: 'fa'.repeat(32),
    pairs: Array.from({ length: size }, (_, i) => {
      const { prompt, completions } = stories.pair('tiny', seed, i);
      return { prompt, completions: completions as [string, string] };
    }),
  }),
  'class/agreement': async ({ pairs, choices, seed }) => {
    const random = Random.fromSeed(seed);
    const ratings = choices.map((one) =>
      one.map((choice) => (choice === 'none' ? null : CLASS_CHOICES.indexOf(choice) - 1)),
    );
    return finish(agreeing(ratings, pairs, 4, () => random.next()));
  },
  'class/tastes': async ({ choices }) =>
    choices.map((one) =>
      one.filter((choice) => choice === 'first' || choice === 'second').length < 12 ? null : TASTE,
    ),
});
