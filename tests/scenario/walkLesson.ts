/**
 * A lesson of the page Lessons as somebody goes through it: its places in the store over the real thread on wasm, each
 * step until its condition holds, every question answered by its first answer. Whoever votes has one of a few tastes.
 */
import { RUN_KINDS } from '../../src/contract/domain';
import type { ErrorReport } from '../../src/contract/errors';
import type { Lesson, LessonStep } from '../../src/contract/lesson';
import type { VoteChoice } from '../../src/contract/preferences';
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

/** of one step: far more than any asks for */
const MOST_VOTES = 200;
const JOY = /happy|glad|merry|joy|jolly|smil|laugh|danc|sang|cheer|delight|hug/g;
const joys = (text: string): number => text.match(JOY)?.length ?? 0;
const words = (text: string): number => text.trim().split(/\s+/).length;

/** What somebody presses for two texts, at their turn-th pair. */
type Voter = (a: string, b: string, turn: number) => VoteChoice;
const happier: Voter = (a, b) => (joys(a) >= joys(b) ? 'a' : 'b');
export const VOTERS = {
  happy: happier,
  shorter: (a, b) => (words(a) <= words(b) ? 'a' : 'b'),
  /** reads nothing */
  alternating: (_a, _b, turn) => (turn % 2 === 0 ? 'a' : 'b'),
  /** sees no difference in two of three */
  undecided: (a, b, turn) => (turn % 3 > 0 ? 'tie' : happier(a, b, turn)),
} satisfies Record<string, Voter>;
export type VoterName = keyof typeof VOTERS;

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

/** votes until the step is done */
async function vote(lab: Lab, voter: VoterName, isDone: () => boolean): Promise<void> {
  const { pairs } = lab.getState();
  for (let turn = 0; !isDone(); turn++) {
    if (turn === MOST_VOTES) throw new Error(`${turn} votes, and the step is not done`);
    await pairs.prepare();
    const { shown } = lab.getState().pairs;
    if (!shown) throw new Error('no pair to vote on');
    await pause(320); // a pair that has not stood takes no vote
    await pairs.vote(VOTERS[voter](shown.a, shown.b, turn));
  }
}

interface Walk {
  lab: Lab;
  lesson: Lesson;
  voter: VoterName;
}

async function act({ lab, lesson, voter }: Walk, step: LessonStep, isDone: () => boolean): Promise<void> {
  if (step.run) return lab.getState().lesson.start(planOf(lesson, step), 'walked');
  if (step.done && 'votes' in step.done) {
    const missing = step.done.votes - lab.getState().opinions.all.length;
    return step.show?.includes('pair') ? vote(lab, voter, isDone) : lab.getState().opinions.simulate(missing);
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
export async function walkLesson(
  lesson: Lesson,
  voter: VoterName = 'happy',
): Promise<{ progress: LessonProgress; seconds: number }> {
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
    if (!look(step)) await act({ lab, lesson, voter }, step, () => look(step));
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
