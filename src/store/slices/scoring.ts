import { LabError } from '../../contract/errors';
import { type Context, latest, toReport } from '../context';
import type { ScoringSlice } from '../state';

export function scoringSlice(context: Context): ScoringSlice {
  const newest = latest();
  const patch = (fields: Partial<ScoringSlice>) => context.patch('scoring', fields);

  const score = async (text: string) => {
    const isNewest = newest();
    const { rewardId } = context.get().shelf.slots;
    if (text.trim() === '') return patch({ result: null, busy: false, error: null });
    patch({ busy: true });
    try {
      if (rewardId === null) throw new LabError('run/missingInput', 'There is no reward model yet: press Train first.');
      const result = await context.call('reward/score', { checkpointId: rewardId, text });
      if (isNewest()) patch({ result, busy: false, error: null });
    } catch (error) {
      if (isNewest()) patch({ result: null, busy: false, error: toReport(error) });
    }
  };

  return {
    text: '',
    result: null,
    busy: false,
    error: null,
    setText(text) {
      patch({ text });
      void score(text);
    },
  };
}
