import { LIVE_KNOBS, type LiveKnobs } from '../../contract/config';
import type { RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { endOf, LIMITS } from '../../contract/limits';
import type { MetricPoint } from '../../contract/observations';
import type { RunState } from '../../contract/protocol';
import { csvColumns, csvHead, csvRows } from '../../formats/csv';
import { attempt, type Context, toReport, unlessCancelled } from '../context';
import { modelOfRun } from '../models/inspected';
import { SLOT_OF, withSlot } from '../models/slots';
import { exportLines } from '../opinions/exportLines';
import { type Course, longWork } from '../page/longWork';
import { saveRecord } from '../persistence/records';
import { restoreRun } from '../persistence/restore';
import { keptByReset } from '../rounds/roundsSlice';
import type { NoticeAction, Refusal, RunsSlice, RunView, Stage } from '../state';
import { rememberRun } from './earlier';
import { inputsKey, isBegun, isMadeFromOther } from './inputs';
import { takeRunState, upTo } from './runEvents';
import { mayApplyRule, runSpec } from './runSpec';

export const EMPTY_RUN: RunView = {
  runId: null,
  spec: null,
  madeFrom: null,
  state: null,
  busy: null,
  history: [],
  marks: [],
  samples: [],
  attention: null,
  rollouts: null,
  review: null,
  beforeAfter: null,
  bestOf: null,
  error: null,
};
/** no run of any kind */
export const NO_RUNS: Record<RunKind, RunView> = {
  pretrain: EMPTY_RUN,
  finetune: EMPTY_RUN,
  reward: EMPTY_RUN,
  ppo: EMPTY_RUN,
  dpo: EMPTY_RUN,
  bestOf: EMPTY_RUN,
};
const FILE_NAMES: Record<RunKind, string> = {
  pretrain: 'pretrain.csv',
  finetune: 'fine-tune.csv',
  reward: 'reward-model.csv',
  ppo: 'ppo.csv',
  dpo: 'dpo.csv',
  bestOf: 'best-of-n.csv',
};
/** what a mark in the charts calls them */
const KNOB_WORDS: Record<keyof LiveKnobs, string> = {
  klCoef: 'β',
  learningRate: 'rate',
  klTarget: 'KL target',
  entropyCoef: 'entropy bonus',
  ptxCoef: 'corpus',
};
/** The thread stores a run every 15 s; a tab that is closed sooner should not lose all of it. */
const EARLY_SAVES_MS = [1000, 4000, 9000];

const open = (stage: Stage, label: string): NoticeAction => ({ kind: 'stage', stage, label });
const MISSING: Record<RunKind, NoticeAction[]> = {
  pretrain: [open('data', 'Open Data')],
  finetune: [open('pretrain', 'Open Pretrain')],
  reward: [open('pretrain', 'Open Pretrain'), open('compare', 'Open Compare')],
  ppo: [open('pretrain', 'Open Pretrain'), open('reward', 'Open Reward model')],
  dpo: [open('pretrain', 'Open Pretrain'), open('compare', 'Open Compare')],
  bestOf: [open('pretrain', 'Open Pretrain'), open('reward', 'Open Reward model')],
};

const hasEnded = ({ state }: RunView): boolean => ['done', 'stopped', 'failed'].includes(state?.status ?? '');

/** Train and Step start over after a run that has ended: one that ended unseen is asked about first. */
const losesOnlyWhatWasSeen = (seen: RunView, now: RunView) => {
  const wasSeen = seen.runId === now.runId && hasEnded(seen);
  return hasEnded(now) && (now.state?.step ?? 0) > 0 && !wasSeen ? 'ask' : undefined;
};

/** What is about one run is not done to another one that came in its place. */
const actsOnWhatWasSeen = (seen: RunView, now: RunView) => (seen.runId === now.runId ? undefined : 'ignored');

export function runsSlice(context: Context): RunsSlice {
  const slice = () => context.get().runs;
  const patchRun = (kind: RunKind, fields: Partial<RunView>) => context.patch('runs', { [kind]: { ...slice()[kind], ...fields } });
  const watched: Record<RunKind, boolean> = { pretrain: false, finetune: false, reward: false, ppo: false, dpo: false, bestOf: false };

  /** an answer must not overtake the events before it */
  const take = (state: RunState) => {
    context.batch.flush();
    context.set((lab) => takeRunState(lab, state));
  };

  const isOver = (kind: RunKind): boolean => hasEnded(slice()[kind]);

  type Busy = NonNullable<RunView['busy']>;
  type Judge = (seen: RunView, now: RunView) => Refusal | undefined;

  /** one thing at a time, judged when it acts: while the thread is busy with a run, further presses are ignored */
  const exclusively = async (kind: RunKind, busy: Busy, judge: Judge, body: () => Promise<void>): Promise<Refusal | undefined> => {
    const seen = slice()[kind];
    await context.settled();
    if (context.get().engine.status === 'crashed') await context.get().engine.restart();
    const refused = slice()[kind].busy === null ? judge(seen, slice()[kind]) : 'ignored';
    if (refused) return refused;
    patchRun(kind, { busy, error: null });
    const error = await attempt(context, body, MISSING[kind]);
    context.batch.flush();
    patchRun(kind, unlessCancelled(error) ? { busy: null, error } : { busy: null });
    return undefined;
  };

  /** the run goes from the page, its trail stays there; what comes in its place stands there at once, so that its models are in use */
  const show = (kind: RunKind, next: RunView) => {
    rememberRun(context, kind);
    patchRun(kind, { ...next, busy: slice()[kind].busy });
  };

  const disposeOf = async (runId: string | null) => {
    if (runId !== null) await context.call('run/dispose', { runId }).catch(() => undefined); // a run of a thread that died is gone already
  };

  /** what the stages before can do without a click, they do; whoever cancels that begins nothing */
  const prepareInputs = async (kind: RunKind, { needing }: Course) => {
    if (kind === 'pretrain' && !context.get().corpus.summary) {
      await needing('corpus', context.get().corpus.generate());
      const { summary, error } = context.get().corpus;
      if (!summary)
        throw new LabError(error?.code ?? 'run/missingInput', error?.message ?? 'There is no corpus yet: generate one in Data.');
    }
    const { taste } = context.get();
    if (!mayApplyRule(context.get(), kind) || (taste.result !== null && !taste.outdated)) return;
    await needing('taste', taste.infer());
    const { error } = context.get().taste;
    if (error?.code === 'work/cancelled') throw new LabError(error.code, error.message);
  };

  /** The run that is over goes from the thread first, so that there is room; on disk it stays until the new one is made. */
  const create = (kind: RunKind): Promise<void> =>
    longWork(context, `run/${kind}`, async (course) => {
      await prepareInputs(kind, course);
      const runId = context.newId(kind);
      const spec = runSpec(context.get(), kind);
      const { runs, earlier } = context.get();
      show(kind, { ...EMPTY_RUN, runId, spec, madeFrom: inputsKey(context.get(), kind) });
      const isHere = () => slice()[kind].runId === runId;
      await disposeOf(runs[kind].runId);
      try {
        take(await course.context.call('run/create', { runId, spec }));
      } catch (error) {
        if (isHere() && toReport(error).code === 'work/cancelled') {
          patchRun(kind, { ...runs[kind], busy: slice()[kind].busy });
          context.patch('earlier', { runs: earlier.runs });
          throw error;
        }
        patchRun(kind, { ...EMPTY_RUN, busy: slice()[kind].busy });
        if (runs[kind].runId !== null) await context.vault.write('removeRun', kind);
        throw error;
      }
      course.commit('beginning');
      if (!isHere()) throw new LabError('run/missingInput', 'Everything was forgotten while this run was made.');
      await saveRecord(context, kind); // in place of the run before, with all that belonged to it
      if (watched[kind]) await context.call('run/watch', { runId, attention: true });
    });

  /** nothing is lost of a run that has not begun: it is made anew from what is here now */
  const isIdleOnOther = (kind: RunKind): boolean => !isBegun(slice()[kind]) && isMadeFromOther(context.get(), kind);

  const ready = async (kind: RunKind): Promise<string> => {
    if (slice()[kind].runId === null || isOver(kind) || isIdleOnOther(kind)) await create(kind);
    return slice()[kind].runId as string;
  };

  return {
    ...NO_RUNS,
    fixedPrompt: '',

    play: (kind) =>
      exclusively(kind, 'creating', losesOnlyWhatWasSeen, async () => {
        take(await context.call('run/play', { runId: await ready(kind) }));
        for (const ms of EARLY_SAVES_MS) context.later(() => void context.get().session.saveNow(), ms);
      }),

    pause: (kind) =>
      exclusively(kind, 'pausing', actsOnWhatWasSeen, async () => {
        const { runId } = slice()[kind];
        if (runId !== null) take(await context.call('run/pause', { runId }));
      }),

    step: (kind) =>
      exclusively(kind, 'stepping', losesOnlyWhatWasSeen, async () => {
        take(await context.call('run/step', { runId: await ready(kind) }));
      }),

    reset: (kind) =>
      exclusively(kind, 'resetting', actsOnWhatWasSeen, async () => {
        const { runId } = slice()[kind];
        show(kind, EMPTY_RUN);
        if (runId !== null) await context.vault.write('removeRun', kind);
        await disposeOf(runId);
        const kept = keptByReset(context.get(), kind);
        if (kept !== '') context.get().notices.toast(kept);
      }),

    goBack: (kind) =>
      exclusively(kind, 'restoring', actsOnWhatWasSeen, async () => {
        const { runId } = slice()[kind];
        if (runId === null) return;
        await context.call('run/dispose', { runId });
        if ((await restoreRun(context, kind, runId)) === 'none')
          throw new LabError('storage/corrupt', 'There is no stored checkpoint of this run.');
      }),

    keep: (kind) =>
      exclusively(kind, 'keeping', actsOnWhatWasSeen, async () => {
        const { runId, madeFrom } = slice()[kind];
        if (runId === null) throw new LabError('run/missingInput', 'There is no model to use yet: press Train first.');
        const info = await context.call('run/keep', { runId });
        context.batch.flush();
        const { shelf } = context.get();
        const slots = withSlot(shelf.slots, SLOT_OF[info.kind], info.checkpointId);
        context.patch('shelf', { slots, provenance: { ...shelf.provenance, [info.checkpointId]: madeFrom ?? '' } });
        context.get().notices.toast(`${info.name} is in use now.`);
      }),

    async adjust(knobs, kind = 'ppo') {
      const { change } = context.get().config;
      if (kind === 'ppo') change('ppo', knobs);
      else if (knobs.learningRate !== undefined) change('finetune', { learningRate: knobs.learningRate });
      const { runId, state, marks } = slice()[kind];
      if (runId === null || !state || isOver(kind)) return;
      const label = LIVE_KNOBS.flatMap((knob) => (knobs[knob] === undefined ? [] : `${KNOB_WORDS[knob]} ${knobs[knob]}`)).join(', ');
      if (state.step > 0) patchRun(kind, { marks: [...upTo(marks, state.step), { step: state.step, label }] });
      await attempt(context, async () => take(await context.call('run/adjust', { runId, knobs })));
      await saveRecord(context, kind);
    },

    watch(kind, attention) {
      watched[kind] = attention;
      const { runId } = slice()[kind];
      if (runId !== null) void context.call('run/watch', { runId, attention }).catch(() => undefined); // a run that is gone needs no watching
    },

    async readAttention() {
      const { runId, spec, state } = slice().pretrain;
      const checkpointId = modelOfRun(context.get(), 'pretrain');
      if (spec?.kind !== 'pretrain' || state === null || checkpointId === null) return false;
      const asked = { checkpointId, text: spec.fixedPrompt };
      const maps = await context.call('inspect/attention', asked).catch(() => null); // what is read here is said elsewhere when it fails
      const { runId: here, state: now } = slice().pretrain;
      if (maps !== null && here === runId && now?.step === state.step) patchRun('pretrain', { attention: { step: state.step, maps } });
      return maps !== null;
    },

    setFixedPrompt: (fixedPrompt) => context.patch('runs', { fixedPrompt: endOf(fixedPrompt, LIMITS.text) }),

    exportCsv(kind) {
      const { history } = slice()[kind];
      const columns = csvColumns(history);
      const rows = (points: readonly MetricPoint[]) => csvRows(points, columns);
      return exportLines(context, { fileName: FILE_NAMES[kind], type: 'text/csv', head: csvHead(columns) }, history, rows);
    },
  };
}
