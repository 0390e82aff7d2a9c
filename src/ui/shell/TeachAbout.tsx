import type { TeachingPage } from '../../store/page/stages';

export interface TeachAboutProps {
  of: TeachingPage | 'Inspect' | 'Presenter';
}

const ABOUT: Record<TeachAboutProps['of'], string> = {
  lessons: 'Steps beside the real stages, which ask before they show',
  primer: 'States, actions, rewards, values and PPO, on twenty cells with a cat',
  taste: 'What your reward model learned to like, beside what you voted',
  class: 'Thirty laptops vote on the same pairs, and see how far they agree',
  arena: 'Blind duels between your models, and the ratings that come of them',
  recorded: 'Three real runs to play at any speed, and to fork into live ones',
  notebook: 'The whole lab in one file, to take along, and a report to print',
  translate: 'Encoder, decoder and the attention between them, learning a made-up language',
  Inspect: 'A model from inside: attention in numbers, its layers, its words',
  Presenter: 'One idea a screen for a room, live, with notes in a second window',
};

/** What an entry of the menu Teach leads to, in a sentence. */
export function TeachAbout({ of }: TeachAboutProps) {
  return ABOUT[of];
}
