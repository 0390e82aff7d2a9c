/** The recordings that ship with the page. */
import { RECORDINGS, type RecordingId } from '../../contract/recording';

interface Shipped {
  id: RecordingId;
  title: string;
  about: string;
}

const ABOUT: Record<RecordingId, Omit<Shipped, 'id'>> = {
  pretrain: { title: 'Pretraining Tiny', about: 'A model that knows nothing learns to write stories, in 600 steps.' },
  ppo: {
    title: 'A reward model, then PPO',
    about: 'From 400 votes for happy endings a reward model learns to judge, and PPO writes what it likes.',
  },
  dpo: { title: 'DPO on the same votes', about: 'Without a reward model: DPO learns from the pairs themselves.' },
};
export const SHIPPED: readonly Shipped[] = RECORDINGS.map((id) => ({ id, ...ABOUT[id] }));
