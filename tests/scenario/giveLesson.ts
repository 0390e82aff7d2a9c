/**
 * A way of “Break it” as the page gives it: the store's own machinery over the real thread on wasm, with the
 * settings that ship.
 */
import { memoryAddress } from '../../src/store/address/url';
import { createLab } from '../../src/store/lab';
import type { LessonRecord } from '../../src/store/lessons/lessonState';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import type { Way } from '../lessons/ways';
import { loopback } from '../worker/loopback';
import { kernels } from './engine';

/** From its question to its end. @throws when it failed */
export async function giveLesson(
  { id, plan, step }: Pick<Way, 'id' | 'plan' | 'step'>,
  seed: number,
): Promise<{ record: LessonRecord; seconds: number }> {
  const lab = createLab(loopback({ kernels }).client, memoryStorage(), { address: memoryAddress('?backend=wasm') });
  await lab.getState().session.boot();
  const began = performance.now();
  await lab.getState().lesson.start(plan(seed), step.ask!.order[0]!);
  const { records, error } = lab.getState().lesson;
  lab.dispose();
  const record = records[plan(seed).lessonId];
  if (record?.status !== 'done') throw new Error(`${id}, seed ${seed}: ${error?.message ?? 'not done'}`);
  return { record: { ...record, lessonId: id }, seconds: (performance.now() - began) / 1000 };
}
