import type { ErrorReport } from '../../contract/errors';
import { type Context, toReport } from '../context';
import { CalledOff, Conductor } from './conductor';
import { EMPTY_ARM, isFork, tasksOf } from './lessonPlan';
import { lessonBase, runLesson } from './lessonRunner';
import type { LessonPlan, LessonRecord, LessonSlice } from './lessonState';

export function lessonSlice(context: Context): LessonSlice {
  const patch = (fields: Partial<LessonSlice>) => context.patch('lesson', fields);
  const slice = () => context.get().lesson;
  let conductor: Conductor | null = null;
  let work: Promise<void> = Promise.resolve();

  const keep = (record: LessonRecord) => patch({ records: { ...slice().records, [record.lessonId]: record } });
  const fail = (error: ErrorReport) => {
    const { live } = slice();
    patch({ live: null, error });
    if (live && live.base !== '') keep({ ...live, status: 'failed' });
    context.get().notices.report(error);
  };

  const begin = async (plan: LessonPlan, mine: Conductor) => {
    await context.settled();
    if (context.get().engine.status === 'crashed') await context.get().engine.restart();
    const { checkpointId, name: base } = await lessonBase(context);
    await mine.turn();
    patch({ live: { ...(slice().live as LessonRecord), base } });
    keep({ ...(slice().live as LessonRecord), status: 'cut' }); // what a page that is closed before the end leaves behind
    await runLesson(context, plan, checkpointId, mine);
    keep({ ...(slice().live as LessonRecord), status: 'done' });
    patch({ live: null });
  };

  const carryOut = async (plan: LessonPlan, mine: Conductor) => {
    const before = slice().records;
    try {
      await begin(plan, mine);
    } catch (error) {
      if (error instanceof CalledOff) patch({ live: null, records: before });
      else fail(toReport(error));
    }
    conductor = null;
    patch({ halted: 'no', tasks: [] });
  };

  return {
    shown: null,
    live: null,
    tasks: [],
    halted: 'no',
    error: null,
    records: {},

    show: (shown) => patch({ shown, error: null }),

    async start(plan, answer) {
      if (conductor) return;
      const { lessonId, seed, broken } = plan;
      const forkAt = isFork(broken) ? broken.forkAt : null;
      const arms = { healthy: EMPTY_ARM, broken: EMPTY_ARM };
      const live: LessonRecord = { lessonId, seed, answer, base: '', status: 'running', arms, forkAt };
      conductor = new Conductor();
      patch({ error: null, tasks: tasksOf(plan), halted: 'no', shown: lessonId, live });
      work = carryOut(plan, conductor);
      await work;
    },

    async pause() {
      if (!conductor || slice().halted !== 'no') return;
      patch({ halted: 'pausing' });
      await conductor.halt().catch(() => undefined); // a thread that died is told by the lesson itself
      if (slice().halted === 'pausing') patch({ halted: 'yes' });
    },

    resume() {
      patch({ halted: 'no' });
      conductor?.go();
    },

    async cancel() {
      await conductor?.callOff();
      await work;
    },
  };
}
