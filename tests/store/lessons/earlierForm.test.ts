/** What was stored of Break it until 2026-11-30 is found again at the same step of the lesson. */
import { beforeEach, describe, expect, it } from 'vitest';
import { guideOf } from '../../../src/store/guide/guide';
import { beginning, type LessonProgress } from '../../../src/store/guide/progress';
import type { LessonRecord } from '../../../src/store/lessons/lessonState';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { recordedLesson } from '../../lessons/recorded';
import { REWARD_HACKING, wayOf } from '../../lessons/ways';
import { freshDisk, openPage, settle } from '../openLab';

const stored = (id: string, answer: string, more: Partial<LessonRecord> = {}): LessonRecord => ({
  ...recordedLesson(id),
  answer,
  seed: 7,
  ...more,
});

/** a lab of that day with these records, opened today */
async function openedToday(lessons: Record<string, LessonRecord>, progress: Record<string, LessonProgress> = {}) {
  freshDisk();
  const storage = idbStorage();
  await storage.putSetting('lessons', lessons);
  if (Object.keys(progress).length > 0)
    await storage.putSetting('guide', { progress, own: {}, translations: {}, language: '' });
  const page = await openPage({ storage });
  await settle();
  return page;
}

describe('answers on Break it that an earlier version stored', () => {
  beforeEach(freshDisk);

  it('are those of the same steps, with their runs, and what came is told there', async () => {
    const old = stored('dpoOverdose', 'better');
    const page = await openedToday({ dpoOverdose: old, leashOff: stored('leashOff', 'stays') });
    const { lesson, guide } = page.lab.getState();
    expect(Object.keys(lesson.records).sort()).toEqual(['rewardHacking/dpoOverdose', 'rewardHacking/leashOff']);
    expect(lesson.records['rewardHacking/dpoOverdose']).toEqual({ ...old, lessonId: 'rewardHacking/dpoOverdose' });
    expect(guide.progress.rewardHacking?.guesses).toEqual({ dpoOverdose: 'better', leashOff: 'stays' });
    const player = guideOf(page.lab).getState();
    player.stepTo(REWARD_HACKING, 'dpoOverdose');
    await player.open(REWARD_HACKING);
    const told = page.lab.getState().guide.progress.rewardHacking!;
    expect(told).toMatchObject({ at: 'dpoOverdose', came: { dpoOverdose: wayOf('dpoOverdose').came(old) } });
    expect(told.kept).toHaveProperty(['dpoOverdose/gold.end']);
    page.kill();
  });

  it('are stored by their new names, and stay after another reload', async () => {
    const page = await openedToday({ greedy: stored('greedy', 'worse') });
    await settle();
    page.kill();
    const { settings } = await idbStorage().load();
    expect(Object.keys(settings.lessons ?? {})).toEqual(['rewardHacking/greedy']);
    expect(settings.guide?.progress.rewardHacking?.guesses).toEqual({ greedy: 'worse' });
    const again = await openPage();
    await settle();
    expect(again.lab.getState().guide.progress.rewardHacking?.guesses).toEqual({ greedy: 'worse' });
    again.kill();
  });

  it('do not replace what the lesson itself was told, nor its place', async () => {
    const begun = { ...beginning(REWARD_HACKING), at: 'greedy', guesses: { greedy: 'same' } };
    const newer = stored('greedy', 'same', { lessonId: 'rewardHacking/greedy', seed: 1 });
    const page = await openedToday(
      { greedy: stored('greedy', 'worse'), tooFewVotes: stored('tooFewVotes', 'less'), 'rewardHacking/greedy': newer },
      { rewardHacking: begun },
    );
    const { lesson, guide } = page.lab.getState();
    expect(guide.progress.rewardHacking).toEqual({ ...begun, guesses: { greedy: 'same', tooFewVotes: 'less' } });
    expect(lesson.records['rewardHacking/greedy']).toEqual(newer);
    page.kill();
  });

  it('are left out where they are nonsense, and a lab without any stays without a lesson', async () => {
    const page = await openedToday({ leashOff: { lessonId: 7 } as never });
    expect(page.lab.getState().guide.progress).toEqual({});
    expect(page.lab.getState().lesson.records).toEqual({});
    page.kill();
  });

  it('which were cut short are answered, and wait to be run', async () => {
    const page = await openedToday({ leashOff: stored('leashOff', 'stays', { status: 'cut' }) });
    const player = guideOf(page.lab).getState();
    player.stepTo(REWARD_HACKING, 'leashOff');
    await player.open(REWARD_HACKING);
    expect(page.lab.getState().guide.progress.rewardHacking).toMatchObject({
      at: 'leashOff',
      guesses: { leashOff: 'stays' },
      came: {},
    });
    page.kill();
  });
});
