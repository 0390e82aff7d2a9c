/**
 * The lesson that is open on the page: a lab of its own for the stages it shows, and what happens there, told to the
 * state machine. How far it has come is a setting of the visitor's lab and survives a reload.
 */
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import type { Lesson, LessonPlace } from '../../contract/lesson';
import { toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { type LessonLab, openLessonLab } from './lessonLab';
import { clearLessonStorage } from './lessonStorage';
import { follow, goTo, isAt } from './places';
import { beginning, type LessonEvent, type LessonProgress, phaseOf, played, stepAt } from './progress';
import { isOfGuide } from './runName';
import { planOf } from './twin';
import { recordOf, watchedPlace, watchedTwin } from './watch';

export interface GuideState {
  lesson: Lesson | null;
  /** the lab of its own: not needed, on its way, there, or why not */
  stage: 'none' | 'opening' | 'ready' | 'failed';
  trouble: string | null;
  /** opens it where it was left; one that is open already stays */
  open(lesson: Lesson): Promise<void>;
  answer(answer: string): void;
  next(): Promise<void>;
  /** a lesson that is not open will be opened at this step */
  stepTo(lesson: Lesson, step: string): void;
  back(): Promise<void>;
  /** back to its first step, with an empty lab; one that is open goes on there */
  again(lesson: Lesson): Promise<void>;
  /** the run of the open step and its twin; resolves when they are over */
  runBoth(): Promise<void>;
  /** gives thread and memory back; what was made is kept for coming back */
  leave(): Promise<void>;
}

/** The lesson's lab, beside its store: a lab is nothing that could be written as JSON. */
class Guide {
  readonly store: StoreApi<GuideState>;
  own: LessonLab | null = null;
  /** one that was left, until all of it is stored */
  private leaving: Promise<void> = Promise.resolve();
  private stops: (() => void)[] = [];
  /** ends hearing of the place that is open */
  private unfollow: () => void = () => {};
  /** where the last step stood */
  private stood: LessonPlace | null = null;
  /** counts what was opened: what comes too late is closed again */
  private lap = 0;

  constructor(private readonly lab: Lab) {
    this.store = createStore<GuideState>()(() => ({
      lesson: null,
      stage: 'none',
      trouble: null,
      open: (lesson) => this.open(lesson),
      answer: (answer) => void this.take({ kind: 'answer', answer }),
      next: () => this.move('next'),
      stepTo: (lesson, step) => this.stepTo(lesson, step),
      back: () => this.move('back'),
      again: (lesson) => this.again(lesson),
      runBoth: () => this.runBoth(),
      leave: () => this.leave(),
    }));
  }

  private progressOf(lesson: Lesson): LessonProgress {
    return this.lab.getState().guide.progress[lesson.id] ?? beginning(lesson);
  }

  private put(progress: LessonProgress): void {
    const { guide } = this.lab.getState();
    guide.put({ progress: { ...guide.progress, [progress.lessonId]: progress } });
  }

  /** the open step; null while no lesson is open */
  private current() {
    const { lesson } = this.store.getState();
    if (lesson === null) return null;
    const progress = this.progressOf(lesson);
    return { lesson, progress, step: stepAt(lesson, progress) };
  }

  private take(event: LessonEvent): void {
    const at = this.current();
    if (at === null) return;
    const after = played(at.lesson, at.progress, event);
    if (after !== at.progress) this.put(after);
    if (event.kind !== 'news') this.look(); // what happened before the answer counts after it
  }

  /** tells the machine how the labs stand */
  private look(): void {
    const at = this.current();
    if (at === null || phaseOf(at.lesson, at.progress) !== 'act') return;
    const { lesson, progress, step } = at;
    const record = step.run && recordOf(this.lab.getState(), lesson.id, step.id);
    const watched = step.run ? record && watchedTwin(record) : this.own && watchedPlace(this.own.lab, lesson, step);
    if (!watched) return;
    const reading = { ...watched, seed: record?.seed ?? lesson.seed, answered: Object.keys(progress.guesses) };
    this.take({ kind: 'news', reading, over: record?.status === 'done' });
  }

  private close(): void {
    this.lap++;
    for (const stop of this.stops) stop();
    this.stops = [];
    this.unfollow();
    this.unfollow = () => {};
    this.giveBack(this.own);
    this.own = null;
    this.stood = null;
  }

  /** the next one may have the same storage, so it waits */
  private giveBack(own: LessonLab | null): void {
    if (own) this.leaving = Promise.all([this.leaving, own.close()]).then(() => undefined);
  }

  /** the lab that the open step stands in; one that trains its run and a twin needs none */
  private async show(): Promise<void> {
    const at = this.current();
    if (at === null) return;
    if (at.step.run !== null || this.own) {
      this.stand(at.step.place);
      return this.look();
    }
    if (this.store.getState().stage === 'opening') return; // it will stand where the lesson then is
    const mine = this.lap;
    this.store.setState({ stage: 'opening', trouble: null });
    try {
      await this.leaving;
      if (mine !== this.lap) return;
      const opened = await openLessonLab(this.lab, at.lesson, at.step.place);
      if (mine !== this.lap) return this.giveBack(opened); // it was left meanwhile
      this.own = opened;
      this.stops.push(opened.lab.subscribe(() => this.look()));
      this.stand(this.current()?.step.place ?? at.step.place);
      this.store.setState({ stage: 'ready' });
      this.look();
    } catch (error) {
      if (mine === this.lap) this.store.setState({ stage: 'failed', trouble: toReport(error).message });
    }
  }

  /** goes to a place of the lesson's lab and hears of what changes there; whoever is there stays as they are */
  private stand(place: LessonPlace): void {
    this.unfollow();
    if (this.own === null) return;
    if (this.stood !== place || !isAt(this.own.lab, place)) goTo(this.own.lab, place);
    this.stood = place;
    this.unfollow = follow(this.own.lab, place, () => this.look());
  }

  private async enter(lesson: Lesson): Promise<void> {
    this.close();
    this.store.setState({ lesson, stage: 'none', trouble: null });
    this.stops.push(this.lab.subscribe(() => this.look()));
    await this.show();
  }

  private async open(lesson: Lesson): Promise<void> {
    const { lesson: before, stage } = this.store.getState();
    if (before === lesson && stage !== 'failed') return;
    this.put(this.progressOf(lesson));
    await this.enter(lesson);
  }

  private async move(kind: 'next' | 'back'): Promise<void> {
    if (kind === 'back') await this.callOff();
    const before = this.current()?.step;
    this.take({ kind });
    if (this.current()?.step !== before) await this.show();
  }

  private stepTo(lesson: Lesson, step: string): void {
    this.put(played(lesson, this.progressOf(lesson), { kind: 'to', step }));
    this.lab.getState().guide.put({ asked: lesson.id });
  }

  private async again(lesson: Lesson): Promise<void> {
    const isOpen = this.store.getState().lesson === lesson;
    if (isOpen) {
      await this.callOff();
      this.close();
    }
    this.forgetRuns(lesson);
    this.put(beginning(lesson));
    await this.leaving;
    await clearLessonStorage(this.lab, lesson.id);
    if (isOpen) await this.enter(lesson);
  }

  /** asked again, a step runs again */
  private forgetRuns({ id, steps }: Lesson): void {
    const gone = new Set(steps.map((step) => recordOf(this.lab.getState(), id, step.id)?.lessonId));
    const { forgetRecords } = this.lab.getState().lesson;
    forgetRecords([...gone].filter((name) => name !== undefined));
  }

  private async runBoth(): Promise<void> {
    const at = this.current();
    if (at === null || at.step.run === null || phaseOf(at.lesson, at.progress) !== 'act') return;
    const { lesson, progress, step } = at;
    await this.lab.getState().lesson.start(planOf(lesson, step), progress.guesses[step.id] ?? '');
  }

  /** a run and its twin that are under way are given back */
  private async callOff(): Promise<void> {
    const { live, leave } = this.lab.getState().lesson;
    if (live && isOfGuide(live.lessonId)) await leave();
  }

  private async leave(): Promise<void> {
    this.close();
    this.store.setState({ lesson: null, stage: 'none', trouble: null });
    await Promise.all([this.leaving, this.callOff()]);
  }
}

const guideIn = onePerLab((lab) => new Guide(lab));

/** the one of this lab */
export const guideOf = (lab: Lab): StoreApi<GuideState> => guideIn(lab).store;

/** Several fields are compared one by one. */
export function useGuide<T>(selector: (state: GuideState) => T): T {
  return useStore(guideOf(useLabStore()), useShallow(selector));
}

/** @returns the lab that the stages of the lesson stand in; null while there is none */
export const lessonLabOf = (lab: Lab): Lab | null => guideIn(lab).own?.lab ?? null;
