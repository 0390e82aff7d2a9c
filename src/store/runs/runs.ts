import type { RunKind } from '../../contract/domain';
import { endOf, LIMITS } from '../../contract/limits';
import type { MetricPoint } from '../../contract/observations';
import { csvColumns, csvHead, csvRows } from '../../formats/csv';
import type { Context } from '../context';
import { exportLines } from '../opinions/exportLines';
import type { RunsSlice } from '../state';
import { actsOnWhatWasSeen, exclusively, losesOnlyWhatWasSeen } from './exclusively';
import { readyRun } from './makeRun';
import { adjust, goBack, keep, readAttention, reset } from './runActions';
import { takeAnswer } from './runEvents';
import { NO_RUNS } from './runView';

const FILE_NAMES: Record<RunKind, string> = {
  pretrain: 'pretrain.csv',
  finetune: 'fine-tune.csv',
  reward: 'reward-model.csv',
  ppo: 'ppo.csv',
  dpo: 'dpo.csv',
  bestOf: 'best-of-n.csv',
};
/** The thread stores a run every 15 s; a tab that is closed sooner should not lose all of it. */
const EARLY_SAVES_MS = [1000, 4000, 9000];

export function runsSlice(context: Context): RunsSlice {
  const slice = () => context.get().runs;
  const watched = new Set<RunKind>();
  const ready = (kind: RunKind) => readyRun(context, kind, watched.has(kind));

  return {
    ...NO_RUNS,
    fixedPrompt: '',

    play: (kind) =>
      exclusively(context, kind, 'creating', losesOnlyWhatWasSeen, async () => {
        takeAnswer(context, await context.call('run/play', { runId: await ready(kind) }));
        for (const ms of EARLY_SAVES_MS) context.later(() => void context.get().session.saveNow(), ms);
      }),

    pause: (kind) =>
      exclusively(context, kind, 'pausing', actsOnWhatWasSeen, async () => {
        const { runId } = slice()[kind];
        if (runId !== null) takeAnswer(context, await context.call('run/pause', { runId }));
      }),

    step: (kind) =>
      exclusively(context, kind, 'stepping', losesOnlyWhatWasSeen, async () =>
        takeAnswer(context, await context.call('run/step', { runId: await ready(kind) })),
      ),

    reset: (kind) => exclusively(context, kind, 'resetting', actsOnWhatWasSeen, () => reset(context, kind)),
    goBack: (kind) => exclusively(context, kind, 'restoring', actsOnWhatWasSeen, () => goBack(context, kind)),
    keep: (kind) => exclusively(context, kind, 'keeping', actsOnWhatWasSeen, () => keep(context, kind)),
    adjust: (knobs, kind = 'ppo') => adjust(context, knobs, kind),
    readAttention: () => readAttention(context),

    watch(kind, attention) {
      if (attention) watched.add(kind);
      else watched.delete(kind);
      const { runId } = slice()[kind];
      // a run that is gone needs no watching
      if (runId !== null) void context.call('run/watch', { runId, attention }).catch(() => undefined);
    },

    setFixedPrompt: (fixedPrompt) => context.patch('runs', { fixedPrompt: endOf(fixedPrompt, LIMITS.text) }),

    exportCsv(kind) {
      const { history } = slice()[kind];
      const columns = csvColumns(history);
      const rows = (points: readonly MetricPoint[]) => csvRows(points, columns);
      return exportLines(
        context,
        { fileName: FILE_NAMES[kind], type: 'text/csv', head: csvHead(columns) },
        history,
        async () => rows,
      );
    },
  };
}
