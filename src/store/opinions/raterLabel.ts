import type { Rater } from '../../contract/preferences';

const RATER_LABELS: Record<Rater['name'], string> = {
  happy: 'happy endings',
  sad: 'sad endings',
  short: 'short stories',
  polite: 'politeness',
  mixed: 'a bit of everything',
  animal: 'one animal',
  own: 'your own rater',
};
export const raterLabel = (rater: Rater): string =>
  rater.name === 'animal' && rater.animal ? `the ${rater.animal}` : RATER_LABELS[rater.name];
