import type { GoldStanding } from '../../store/opinions/goldStanding';
import { raterLabel } from '../../store/opinions/raterLabel';
import { formatInterval } from '../primitives/format';

const WHOSE = {
  visitor: 'your',
  imported: 'the imported',
  both: 'your and the imported',
  simulated: 'the simulated',
} as const;

const ENDS = {
  theirs: () => '.',
  unknown: (you: string) => `: it is not known whether it stands for ${you}.`,
  anothers: (you: string) => `: its gold is not ${you === 'you' ? 'your' : 'their'} taste.`,
} as const;

/**
 * "This rater sides with 3 of 24 of your votes (4–31 %): its gold is not your taste."
 * @returns null where there is no choice to hold gold against
 */
export function standingWords({ standing, whose, ranked, agree, of }: GoldStanding, subject: string): string | null {
  if (whose === null) return null;
  const choices = `${WHOSE[whose]} ${ranked ? 'choices' : 'votes'}`;
  const end = ENDS[standing](whose === 'visitor' || whose === 'both' ? 'you' : 'their voter');
  if (agree === null) return `${subject} has not been held against ${choices} yet${end}`;
  if (of === 0) return `${subject} is indifferent to all of ${choices}${end}`;
  return `${subject} sides with ${agree} of ${of} of ${choices} (${formatInterval(agree / of, of)})${end}`;
}

/** What belongs to every sentence that names gold where it may not be the visitor's taste; empty where it is. */
export const goldCaution = (gold: GoldStanding): string =>
  gold.standing === 'theirs' || gold.rater === null
    ? ''
    : (standingWords(gold, `The gold rater (${raterLabel(gold.rater)})`) ?? '');
