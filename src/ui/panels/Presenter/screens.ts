/**
 * The screens of the presenter, as data: one idea, one live part of the lab, at most one text of a model, and what the
 * notes say to it. What a name stands for is in parts.tsx.
 */

import type { RunKind } from '../../../contract/domain';
import { RULE_FROM } from '../../../contract/enough';

export type Picture =
  | 'question'
  | 'loop'
  | 'loss'
  | 'attention'
  | 'pair'
  | 'taste'
  | 'accuracy'
  | 'scores'
  | 'trail'
  | 'texts';
export type Quote = 'sample' | 'change';

export interface Screen {
  /** where in the loop this is */
  place: string;
  /** at most eight words */
  idea: string;
  picture: Picture;
  quote?: Quote;
  /** the run that Space trains and pauses */
  run?: RunKind;
  /** hands are counted for each of these */
  answers?: readonly string[];
  /** what this screen should take, in a talk of three quarters of an hour */
  minutes: number;
  /** for the one who speaks */
  notes: readonly string[];
}

export const SCREENS: readonly Screen[] = [
  {
    place: 'The loop',
    idea: 'Votes become a model that pleases.',
    picture: 'loop',
    minutes: 4,
    notes: [
      'Everything you will see is computed now, on this machine.',
      'Name the four roles: policy, reference, reward model, value model.',
      'Ask: who has ever pressed a thumb below a chatbot’s answer?',
    ],
  },
  {
    place: 'Pretrain',
    idea: 'It learns to guess the next word.',
    picture: 'loss',
    quote: 'sample',
    run: 'pretrain',
    minutes: 6,
    notes: [
      'Space trains. The upper line is a blind guess, the lower one the entropy of the grammar.',
      'Read the text aloud while it changes: noise, then words, then a story.',
      'Ask: why can the curve never fall below the lower line?',
    ],
  },
  {
    place: 'Pretrain',
    idea: 'Each word looks back at others.',
    picture: 'attention',
    run: 'pretrain',
    minutes: 4,
    notes: [
      'A row is the word that looks, a column what it looks at.',
      'Right of the diagonal lies the future: masked.',
      'Attention shows where information was read, not why.',
    ],
  },
  {
    place: 'Compare',
    idea: 'Which one do you prefer?',
    picture: 'pair',
    answers: ['A', 'B', 'neither'],
    minutes: 6,
    notes: [
      'Hands up for A, hands up for B. Key 1 or 2 stores the room’s choice, and the next pair comes.',
      'Ask one who disagrees: what did you look at?',
      `From ${RULE_FROM} votes that choose a side the next screen has something to show.`,
    ],
  },
  {
    place: 'Compare',
    idea: 'Votes have a taste.',
    picture: 'taste',
    minutes: 4,
    notes: [
      'Right of the middle is liked, left of it disliked; the thin line is the 95 % interval.',
      'A pale bar may be chance. More votes would tell.',
      'Ask: did you know that you vote for this?',
    ],
  },
  {
    place: 'Reward model',
    idea: 'A judge learns to foresee votes.',
    picture: 'accuracy',
    run: 'reward',
    minutes: 6,
    notes: [
      'Space trains it. It is tested on pairs that it never saw.',
      'One half is guessing. A judge cannot be surer than its voters.',
      'Ask: what happens when this judge is wrong, and we follow it?',
    ],
  },
  {
    place: 'Optimise',
    idea: 'What will the gold score do?',
    picture: 'question',
    answers: ['It rises', 'It stays', 'It falls'],
    minutes: 2,
    notes: [
      'No curve yet. Count hands below, and go on when all have answered.',
      'Ask one of each camp for a reason before anything moves.',
    ],
  },
  {
    place: 'Optimise',
    idea: 'The score climbs. Does the story hold?',
    picture: 'scores',
    quote: 'change',
    run: 'ppo',
    minutes: 5,
    notes: [
      'Space trains. Look at the hands of the screen before: who was right?',
      'The score is what the judge pays; gold is what the rater would like.',
      'Where the two part, the policy has found a hole in the judge.',
    ],
  },
  {
    place: 'Optimise',
    idea: 'Every gain costs some distance.',
    picture: 'trail',
    run: 'ppo',
    minutes: 4,
    notes: [
      'To the right: how far the policy has gone from the reference.',
      'β is the leash. With a long one the curve goes right, and bends.',
      'Freeze with F, and the run goes on behind it.',
    ],
  },
  {
    place: 'Optimise',
    idea: 'Same prompt, before and now.',
    picture: 'texts',
    run: 'ppo',
    minutes: 4,
    notes: [
      'Same seed: what differs is what training did.',
      'Read both aloud. Would you have voted for the second?',
      'End: a number was followed. Was it ours?',
    ],
  },
];
