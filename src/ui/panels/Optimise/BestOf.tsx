import { useMemo, useState } from 'react';
import type { MetricId } from '../../../contract/metrics';
import { countOf } from '../../../contract/numbers';
import { BEST_OF, BEST_OF_FORM } from '../../../contract/settings/dpo';
import { asksModel } from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { bestOfHistory, bestOfPoints } from '../../../store/runs/methodTrail';
import { ruleIsOff } from '../../../store/runs/runSpec';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { Explain } from '../../primitives/Explain';
import { formatNumber } from '../../primitives/format';
import { MetricValue } from '../../primitives/MetricValue';
import { Slider } from '../../primitives/Slider';
import { BegunFrom } from '../BegunFrom';
import { Control } from '../Control';
import { Diagnosis } from '../Health/Diagnosis';
import { ExplainHealth } from '../Health/ExplainHealth';
import { HealthMeasures } from '../Health/HealthMeasures';
import { InNumbersButton } from '../InNumbersButton';
import { Shown } from '../LessonView';
import { Numbers } from '../Numbers';
import { RunTransport } from '../RunTransport';
import { ScrollBox } from '../ScrollBox';
import { SmallCharts } from '../SmallCharts';
import { countSettings } from '../settings/fields';
import { NamedSettings } from '../settings/NamedSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { unmarkedBy, useGoldOf } from '../useGoldStanding';
import { AxisCard } from './AxisCard';
import { BestOfSamples } from './BestOfSamples';
import { BEST_OF_CHARTS, BEST_OF_LINES } from './bestOfLines';
import { bestOfSentence } from './bestOfSentence';
import { useChosenN } from './ChosenN';
import styles from './Optimise.module.css';
import { Requirements, usePayment, useRequirements, useRewardAccuracy } from './Requirements';
import { paidBy, payerName, payerOf } from './rewardWords';
import { BestOfReward } from './WhichReward';

const BEST_OF_NUMBERS: readonly MetricId[] = ['gold/winRate', 'axis/kl'];

function useBlocked(): string | null {
  const { base, reward } = useRequirements();
  const needsModel = useLab((lab) => asksModel(lab.config.value.bestOf));
  if (!base) return 'Pretrain a model, or load the trained one, first.';
  return reward || !needsModel ? null : 'Train a reward model first, or let a rule pay: somebody has to choose.';
}

export function BestOfTransport() {
  const prompts = useLab((lab) => lab.config.value.bestOf.prompts);
  return <RunTransport kind="bestOf" plannedSteps={prompts} blocked={useBlocked()} />;
}

/**
 * N, and what it costs in distance: an exact bound, without a measurement (Stiennon et al. 2020; Beirami et al. 2024).
 */
export function BestOfKnobs() {
  const { n, most, setN } = useChosenN();
  const kl = useLab(({ runs }) => runs.bestOf.bestOf?.result.points[n - 1]?.kl);
  return (
    <>
      <Control id="bestOf/n">
        <Slider
          label="Choose the best of"
          symbol="N"
          value={n}
          min={1}
          max={most}
          step={1}
          format={String}
          hint="every N is read off the same samples"
          onChange={setN}
        />
      </Control>
      <p className={styles.bound}>
        <span>
          ln {n} − {n - 1}/{n}
        </span>
        {kl !== undefined && (
          <>
            ={' '}
            <b>
              <MetricValue id="axis/kl" value={kl} format={formatNumber} />
            </b>
          </>
        )}
        <span>nats at most</span>
        <Explain title="The distance of the best of N" formula="bestOfDistance">
          <p>
            Choosing among N samples changes which texts come out, but never further than this from the model that wrote
            them, whatever the judge. Without ties it is exact.
          </p>
        </Explain>
      </p>
      <Shown part="reward">
        <BestOfReward />
      </Shown>
      <div className={styles.links}>
        <BestOfSettings />
        <Shown>
          <InNumbersButton kind="bestOf" />
        </Shown>
      </div>
      <RestartHint kind="bestOf" />
    </>
  );
}

function BestOfSettings() {
  const value = useLab((state) => state.config.value.bestOf);
  const change = useLab((state) => state.config.change);
  const form = {
    section: 'bestOf',
    rows: BEST_OF,
    value,
    onChange: (fields: Partial<typeof value>) => change('bestOf', fields),
  } as const;
  return (
    <>
      <NamedSettings {...form} />
      <SettingsDialog
        section="bestOf"
        trigger={`All ${countSettings(BEST_OF_FORM)} settings…`}
        title="Best of N settings"
        note="These act from the next drawing on."
      >
        <SettingsForm {...form} form={BEST_OF_FORM} />
        <RestartHint kind="bestOf" />
      </SettingsDialog>
    </>
  );
}

/** The health of the winners at N, the other numbers there, and the verdict. */
export function BestOfBeside() {
  const { state, spec, bestOf, error } = useLab((lab) => lab.runs.bestOf);
  const planned = useLab((lab) => lab.config.value.bestOf);
  const { n } = useChosenN();
  const blocked = useBlocked();
  const { samples, prompts } = spec?.kind === 'bestOf' ? spec.config : planned;
  const result = bestOf?.result ?? null;
  const history = useMemo(() => bestOfHistory(result?.points ?? [], result?.prompts.length), [result]);
  const rewardAccuracy = useRewardAccuracy('bestOf');
  const ruleRests = useLab(ruleIsOff);
  const gold = useGoldOf('bestOf');
  const drawn = result?.prompts.length ?? 0;
  const byRule = !asksModel(usePayment('bestOf'));
  const verdict = bestOfSentence({
    blocked,
    byRule,
    status: state?.status ?? 'idle',
    prompts: drawn,
    totalPrompts: prompts,
    points: result?.points ?? [],
    n,
    rewardAccuracy,
    ruleRests,
    gold,
    message: error?.message || (state?.message ?? ''),
  });
  return (
    <Card
      title="Health"
      note={drawn > 0 ? `at N = ${n}` : undefined}
      actions={<ExplainHealth kind="bestOf" numbers={BEST_OF_NUMBERS} />}
      className={styles.iteration}
    >
      <ScrollBox className={styles.quiet} label="Numbers at this N">
        <HealthMeasures kind="bestOf" history={history} at={n} />
        <Numbers
          ids={BEST_OF_NUMBERS}
          values={history[n - 1]?.values ?? {}}
          label={`At N = ${n}`}
          unmarked={unmarkedBy(gold)}
        />
        <p className={styles.votes}>
          {drawn} of {countOf(prompts, 'prompt')} × {samples}
        </p>
      </ScrollBox>
      <div className={styles.verdict}>
        <Diagnosis {...verdict} />
        <BegunFrom kind="bestOf" />
      </div>
    </Card>
  );
}

/** Best of N: what choosing alone achieves, over N or over distance, and the samples it chose from. */
export function BestOfBody() {
  const { bestOf } = useLab((lab) => lab.runs.bestOf);
  const { n, most } = useChosenN();
  const unmarked = unmarkedBy(useGoldOf('bestOf'));
  const [overN, setOverN] = useState(true);
  const result = bestOf?.result ?? null;
  const history = useMemo(() => bestOfHistory(result?.points ?? [], result?.prompts.length), [result]);
  const points = useMemo(() => bestOfPoints(result), [result]);
  const payer = payerName(usePayment('bestOf'));
  const lines = useMemo(() => paidBy(BEST_OF_LINES, payer), [payer]);
  const marks = useMemo(() => [{ step: n, label: `N = ${n}` }], [n]);
  const charts = { history, marks, totalSteps: most, noun: 'N', at: n } as const;
  return (
    <>
      <div className={styles.middle}>
        <Shown part="chart:iterations">
          {result === null ? (
            <Card title="Score over N">
              <BeforeDrawing />
            </Card>
          ) : (
            <AxisCard
              method="bestOf"
              points={points}
              lines={lines}
              payer={payer}
              overSteps={overN}
              onOverSteps={setOverN}
              {...charts}
            />
          )}
        </Shown>
        <Shown part="chart:small">
          <div className={styles.small}>
            <SmallCharts charts={BEST_OF_CHARTS} unmarked={unmarked} {...charts} />
          </div>
        </Shown>
      </div>
      <div className={`${styles.right} ${styles.one}`}>
        <Shown part="samples">
          <BestOfSamples prompts={result?.prompts ?? []} n={n} />
        </Shown>
      </div>
    </>
  );
}

function BeforeDrawing() {
  const config = useLab((lab) => lab.config.value.bestOf);
  const { samples, prompts } = config;
  if (useBlocked()) return <Requirements kind="bestOf" />;
  return (
    <EmptyState title="Ready to draw">
      {`The model writes ${countOf(samples, 'completion')} of each of ${countOf(prompts, 'prompt')}, ${payerOf(config)} decides. No weight changes, so this is the yardstick for every method that trains.`}
    </EmptyState>
  );
}
