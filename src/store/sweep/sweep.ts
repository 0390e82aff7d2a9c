import type { RunSpec, SweepName } from '../../contract/domain';
import type { Sweep } from '../../contract/sweeps';
import { type Context, toReport } from '../context';
import { CalledOff, Conductor } from '../lessons/conductor';
import { onDemand } from '../page/onDemand';
import type { SweepRecord, SweepSlice } from './sweepState';

const sweepRunner = onDemand('carries out a sweep', () =>
  import('./sweepRunner').then(({ runSweep, sweepSpecs }) => ({ runSweep, sweepSpecs })),
);

/** what came of a value without a point says nothing */
const worthKeeping = ({ runs, ...record }: SweepRecord): SweepRecord => ({
  ...record,
  runs: runs.filter(({ history }) => history.length > 0),
});

function keepAs(context: Context, status: SweepRecord['status']): void {
  const { live, records } = context.get().sweep;
  if (!live) return;
  const record = { ...worthKeeping(live), status };
  if (record.runs.length > 0) context.patch('sweep', { records: { ...records, [record.sweepId]: record } });
}

const modelsOf = (spec: RunSpec): string[] =>
  Object.entries(spec).flatMap(([field, value]) => (field.endsWith('Id') && typeof value === 'string' ? [value] : []));

/** what is done is kept however it ends */
async function carryOut(context: Context, name: SweepName, sweep: Sweep, conductor: Conductor): Promise<void> {
  const live: SweepRecord = { sweepId: name, seed: context.get().config.value.seed, status: 'running', runs: [] };
  context.patch('sweep', { live, error: null });
  try {
    await context.settled();
    if (context.get().engine.status === 'crashed') await context.get().engine.restart();
    const { runSweep, sweepSpecs } = await sweepRunner();
    const specs = sweepSpecs(context.get(), sweep);
    const { spec } = specs[0]!;
    context.patch('sweep', { live: { ...live, seed: spec.seed }, uses: modelsOf(spec) });
    await runSweep(context, specs, conductor, () => keepAs(context, 'cut')); // what a closed page leaves behind
    keepAs(context, 'done');
  } catch (error) {
    keepAs(context, error instanceof CalledOff ? 'cancelled' : 'failed');
    if (!(error instanceof CalledOff)) context.patch('sweep', { error: toReport(error) });
  }
  context.patch('sweep', { live: null, uses: [] });
}

export function sweepSlice(context: Context): SweepSlice {
  let conductor: Conductor | null = null;
  let work: Promise<void> = Promise.resolve();
  return {
    live: null,
    uses: [],
    error: null,
    records: {},

    async start(name, sweep) {
      if (conductor) return;
      conductor = new Conductor();
      work = carryOut(context, name, sweep, conductor).then(() => {
        conductor = null;
      });
      await work;
    },

    async cancel() {
      await conductor?.callOff();
      await work;
    },
  };
}
