/**
 * A lesson of “Break it” as the page gives it: the store's own machinery over the real thread on wasm, with the
 * settings that ship.
 */
import type { Scenario } from '../../src/lessons/breakIt/scenario';
import { memoryAddress } from '../../src/store/address/url';
import { createLab } from '../../src/store/lab';
import type { LessonRecord } from '../../src/store/lessons/lessonState';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { loopback } from '../worker/loopback';
import { kernels } from './engine';

/** From its question to its end. @throws when it failed */
export async function giveLesson(scenario: Scenario, seed: number): Promise<{ record: LessonRecord; seconds: number }> {
  const lab = createLab(loopback({ kernels }).client, memoryStorage(), { address: memoryAddress('?backend=wasm') });
  await lab.getState().session.boot();
  const began = performance.now();
  await lab.getState().lesson.start(scenario.plan(seed), scenario.answers[0]!.id);
  const { records, error } = lab.getState().lesson;
  lab.dispose();
  const record = records[scenario.id];
  if (record?.status !== 'done') throw new Error(`${scenario.id}, seed ${seed}: ${error?.message ?? 'not done'}`);
  return { record, seconds: (performance.now() - began) / 1000 };
}
