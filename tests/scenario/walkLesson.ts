/**
 * A lesson of the page Lessons as somebody goes through it: its places in the store over the real thread on wasm, each
 * step until its condition holds, every question answered by its first answer. Whoever votes likes happy endings.
 */
import { RUN_KINDS } from '../../src/contract/domain';
import type { ErrorReport } from '../../src/contract/errors';
import type { Lesson, LessonStep } from '../../src/contract/lesson';
import { configWith } from '../../src/formats/lessonSettings';
import { memoryAddress, writeSearch } from '../../src/store/address/url';
import { gridLessonOf } from '../../src/store/gridworld/gridLesson';
import { goTo } from '../../src/store/guide/places';
import {
  beginning,
  type LessonEvent,
  type LessonProgress,
  phaseOf,
  played,
  stepAt,
} from '../../src/store/guide/progress';
import { planOf } from '../../src/store/guide/twin';
import { KIND_OF, recordOf, watchedPlace, watchedTwin } from '../../src/store/guide/watch';
import { createLab, type Lab } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import type { LabState } from '../../src/store/state';
import { translationOf } from '../../src/store/translate/translation';
import { loopback } from '../worker/loopback';
import { kernels } from './engine';

const JOY = /happy|glad|merry|joy|jolly|smil|laugh|danc|sang|cheer|delight|hug/g;
const joys = (text: string): number => text.match(JOY)?.length ?? 0;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** what a visitor does where votes and training are not all, by lesson and step */
const ACTS: Readonly<Record<string, (lab: Lab) => unknown>> = {
  'judge/tired': (lab) => lab.getState().opinions.setNoise(0.3),
  'wordsToWishes/examples': (lab) => lab.getState().demonstrations.addWished(60),
  'catAndDog/world': (lab) => gridLessonOf(lab).getState().choosePreset('cliff'),
  'catAndDog/news': (lab) => gridLessonOf(lab).getState().sweepTo(5),
  'catAndDog/plan': (lab) => gridLessonOf(lab).getState().sweepTo(1000),
  'catAndDog/learn': (lab) => gridLessonOf(lab).getState().train(),
  'catAndDog/drunk': (lab) => gridLessonOf(lab).getState().changeWorld({ slip: 0.5 }),
  'translate/language': (lab) => translationOf(lab).getState().open(),
  'translate/learn': (lab) => translationOf(lab).getState().train(),
  'translate/cut': (lab) => translationOf(lab).getState().allowCrossAttention(false),
  'attention/one': (lab) => lab.getState().heads.toggle({ layer: 0, head: 0 }),
  'attention/rank': (lab) => lab.getState().heads.rank(),
  'attention/all': (lab) => {
    for (const at of [
      { layer: 0, head: 1 },
      { layer: 1, head: 0 },
      { layer: 1, head: 1 },
    ])
      lab.getState().heads.toggle(at);
  },
  'words/sum': (lab) => lab.getState().words.ask(lab.getState().words.view!.questions[1]!),
};

/** votes until there are so many, as somebody does who likes happy endings */
async function vote(lab: Lab, count: number): Promise<void> {
  const { pairs } = lab.getState();
  while (lab.getState().opinions.all.length < count) {
    await pairs.prepare();
    const { shown } = lab.getState().pairs;
    if (!shown) throw new Error('no pair to vote on');
    await pause(320); // a pair that has not stood takes no vote
    await pairs.vote(joys(shown.a) >= joys(shown.b) ? 'a' : 'b');
  }
}

async function act(lab: Lab, lesson: Lesson, step: LessonStep): Promise<void> {
  if (step.run) return lab.getState().lesson.start(planOf(lesson, step), 'walked');
  if (step.done && 'votes' in step.done) {
    const missing = step.done.votes - lab.getState().opinions.all.length;
    return step.show?.includes('pair') ? vote(lab, step.done.votes) : lab.getState().opinions.simulate(missing);
  }
  const kind = KIND_OF[step.place];
  if (kind) void lab.getState().runs.play(kind);
}

const troubleOf = ({ lesson, runs }: LabState): ErrorReport | null =>
  lesson.error ?? RUN_KINDS.map((kind) => runs[kind].error).find((error) => error !== null) ?? null;

async function openLab({ seed, settings, begin }: Lesson): Promise<Lab> {
  const config = { ...configWith(seed, settings), backend: 'wasm' as const };
  const lab = createLab(loopback({ kernels }).client, memoryStorage(), {
    address: memoryAddress(writeSearch(config)),
  });
  await lab.getState().session.boot();
  if (begin === 'trained') await lab.getState().shelf.loadShipped('tiny');
  return lab;
}

/** @throws Error where a step does not come to its end */
export async function walkLesson(lesson: Lesson): Promise<{ progress: LessonProgress; seconds: number }> {
  const lab = await openLab(lesson);
  const began = performance.now();
  let progress = beginning(lesson);
  const take = (event: LessonEvent) => {
    progress = played(lesson, progress, event);
  };
  const look = (step: LessonStep) => {
    const record = step.run && recordOf(lab.getState(), lesson.id, step.id);
    const watched = step.run ? record && watchedTwin(record) : watchedPlace(lab, lesson, step);
    const answered = Object.keys(progress.guesses);
    if (watched)
      take({ kind: 'news', reading: { ...watched, seed: lesson.seed, answered }, over: record?.status === 'done' });
    return phaseOf(lesson, progress) === 'told';
  };
  while (!progress.isDone) {
    const step = stepAt(lesson, progress);
    goTo(lab, step.place);
    if (step.ask) take({ kind: 'answer', answer: step.ask.order[0]! });
    await ACTS[`${lesson.id}/${step.id}`]?.(lab);
    if (!look(step)) await act(lab, lesson, step);
    while (!look(step)) {
      const error = troubleOf(lab.getState());
      if (error) throw new Error(`${lesson.id}/${step.id}: ${error.message}`);
      await pause(20);
    }
    take({ kind: 'next' });
  }
  lab.dispose();
  return { progress, seconds: (performance.now() - began) / 1000 };
}
