import type { ErrorReport } from '../../contract/errors';
import { type Context, toReport } from '../context';
import { onDemand } from '../page/onDemand';
import { CalledOff, Conductor } from './conductor';
import { EMPTY_ARM, isFork, tasksOf } from './lessonPlan';
import type { LessonPlan, LessonRecord, LessonSlice } from './lessonState';

const lessonRunner = onDemand('carries out two runs', () =>
  import('./lessonRunner').then(({ lessonBase, runLesson }) => ({ lessonBase, runLesson })),
);

const keep = (context: Context, record: LessonRecord): void =>
  context.patch('lesson', { records: { ...context.get().lesson.records, [record.lessonId]: record } });

function fail(context: Context, error: ErrorReport): void {
  const { live } = context.get().lesson;
  context.patch('lesson', { live: null, error });
  if (live && live.base !== '') keep(context, { ...live, status: 'failed' });
  context.get().notices.report(error);
}

async function begin(context: Context, plan: LessonPlan, conductor: Conductor): Promise<void> {
  const { lessonBase, runLesson } = await lessonRunner();
  const live = () => context.get().lesson.live as LessonRecord;
  await context.settled();
  if (context.get().engine.status === 'crashed') await context.get().engine.restart();
  const { checkpointId, name: base } = await lessonBase(context);
  await conductor.turn();
  context.patch('lesson', { live: { ...live(), base } });
  keep(context, { ...live(), status: 'cut' }); // what a page that is closed before the end leaves behind
  await runLesson(context, plan, checkpointId, conductor);
  keep(context, { ...live(), status: 'done' });
  context.patch('lesson', { live: null });
}

/** one that was called off was never there, one that was left is cut */
async function carryOut(context: Context, plan: LessonPlan, conductor: Conductor): Promise<void> {
  const before = context.get().lesson.records;
  try {
    await begin(context, plan, conductor);
  } catch (error) {
    if (!(error instanceof CalledOff)) return fail(context, toReport(error));
    const { records } = context.get().lesson;
    context.patch('lesson', { live: null, records: conductor.isLeft ? records : before });
  }
}

export function lessonSlice(context: Context): LessonSlice {
  const patch = (fields: Partial<LessonSlice>) => context.patch('lesson', fields);
  const slice = () => context.get().lesson;
  let conductor: Conductor | null = null;
  let work: Promise<void> = Promise.resolve();

  return {
    live: null,
    tasks: [],
    halted: 'no',
    error: null,
    records: {},

    async start(plan, answer) {
      if (conductor) return;
      const { lessonId, seed, broken } = plan;
      const forkAt = isFork(broken) ? broken.forkAt : null;
      const arms = { healthy: EMPTY_ARM, broken: EMPTY_ARM };
      const live: LessonRecord = { lessonId, seed, answer, base: '', status: 'running', arms, forkAt };
      conductor = new Conductor();
      patch({ error: null, tasks: tasksOf(plan), halted: 'no', live });
      work = carryOut(context, plan, conductor).then(() => {
        conductor = null;
        patch({ halted: 'no', tasks: [] });
      });
      await work;
    },

    forgetRecords(lessonIds) {
      const left = Object.entries(slice().records).filter(([id]) => !lessonIds.includes(id));
      if (left.length < Object.keys(slice().records).length) patch({ records: Object.fromEntries(left) });
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

    async leave() {
      if (conductor) conductor.isLeft = true;
      await slice().cancel();
    },
  };
}
