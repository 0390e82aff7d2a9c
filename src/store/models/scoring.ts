import { LabError } from '../../contract/errors';
import { type Context, toReport } from '../context';
import { longWork } from '../page/longWork';
import type { ScoringSlice } from '../state';

export function scoringSlice(context: Context): ScoringSlice {
  const patch = (fields: Partial<ScoringSlice>) => context.patch('scoring', fields);
  /**
   * typed last; the thread is asked about it as soon as it has answered about the one before, so keystrokes never queue
   * up
   */
  let newest: string | null = null;
  let asking = false;

  const ask = async (text: string): Promise<Partial<ScoringSlice>> => {
    if (text.trim() === '') return { result: null, error: null };
    const { rewardId } = context.get().shelf.slots;
    try {
      if (rewardId === null) throw new LabError('run/missingInput', 'There is no reward model yet: press Train first.');
      const params = { checkpointId: rewardId, text };
      return {
        result: await longWork(context, 'score', ({ context: { call } }) => call('reward/score', params)),
        error: null,
      };
    } catch (error) {
      return { result: null, error: toReport(error) };
    }
  };

  const follow = async () => {
    if (asking) return;
    asking = true;
    while (newest !== null) {
      const text: string = newest;
      newest = null;
      const answer = await ask(text);
      if (newest === null) patch({ ...answer, busy: false });
    }
    asking = false;
  };

  return {
    text: '',
    result: null,
    busy: false,
    error: null,
    setText(text) {
      newest = text;
      context.get().work.cancel('score'); // nobody waits for the text before it
      patch({ text, busy: text.trim() !== '' });
      void follow();
    },
  };
}
