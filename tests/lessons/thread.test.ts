import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { memoryAddress } from '../../src/store/address/url';
import { createLab, type Lab } from '../../src/store/lab';
import type { LessonPlan, LessonRecord } from '../../src/store/lessons/lessonState';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { loopback } from '../worker/loopback';
import { SLOW } from '../worker/specs';

const { reward, ppo } = presetConfig('tiny');
const ITERATIONS = 4;
const arm = (klCoef: number) => ({
  votes: 16,
  reward: { ...reward, steps: 2, batchSize: 4, normalizeSamples: 8 },
  method: {
    kind: 'ppo',
    config: { ...ppo, klCoef, iterations: ITERATIONS, rollouts: 4, epochs: 1, schedule: 'constant' },
  } as const,
});
const plan = (broken: LessonPlan['broken']): LessonPlan => ({
  lessonId: 'test',
  seed: 3,
  rater: { name: 'happy' },
  noise: 0,
  sampling: { temperature: 1, topK: 0, topP: 1 },
  healthy: arm(0.1),
  broken,
});

const values = ({ history }: LessonRecord['arms']['broken']) => history.map((point) => point.values);

/** the store over a whole thread in the same process */
async function openLab() {
  const { client, session } = loopback();
  const lab = createLab(client, memoryStorage(), { address: memoryAddress('?backend=wasm') });
  await lab.getState().session.boot();
  const give = async (broken: LessonPlan['broken']): Promise<LessonRecord['arms']> => {
    await lab.getState().lesson.start(plan(broken), 'mine');
    const record = lab.getState().lesson.records.test;
    expect(record?.status, lab.getState().lesson.error?.message).toBe('done');
    return record!.arms;
  };
  return { lab: lab as Lab, session, give };
}

describe('a lesson on the real thread', () => {
  it(
    'forks into the same run when no knob is turned, into another one when β is let go, and leaves nothing behind',
    async () => {
      const { session, give } = await openLab();
      const same = await give({ forkAt: 2, knobs: {} });
      expect(values(same.broken)).toEqual(values(same.healthy));
      expect(same.broken.rows).toEqual(same.healthy.rows);
      const loose = await give({ forkAt: 2, knobs: { klCoef: 0, learningRate: 1e-2 } });
      expect(values(loose.healthy)).toEqual(values(same.healthy));
      expect(
        values(loose.broken)
          .slice(0, 3)
          .map((one) => one['gold/score']),
      ).toEqual(
        values(same.healthy)
          .slice(0, 3)
          .map((one) => one['gold/score']), // the knobs act on the update after the third rollout
      );
      expect(values(loose.broken)[3]).not.toEqual(values(same.healthy)[3]);
      const whole = await give(arm(0.1));
      expect(values(whole.broken), 'never forked').toEqual(values(same.healthy));
      expect(session.shelf.list().map(({ kind }) => kind)).toEqual(['base']);
      expect(() => session.run('lesson')).toThrow('no run');
    },
    SLOW,
  );
});
