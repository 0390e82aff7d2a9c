import { useMemo, useState } from 'react';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { rolesOf } from '../../../store/models/inUse';
import { writerId } from '../../../store/rounds/rounds';
import { isMadeFromOther } from '../../../store/runs/inputs';
import { axisPoints } from '../../../store/runs/methodTrail';
import { appliesRule } from '../../../store/runs/runSpec';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { BegunFrom } from '../BegunFrom';
import { GoBack } from '../GoBack';
import { Diagnosis } from '../Health/Diagnosis';
import { ExplainHealth } from '../Health/ExplainHealth';
import { HealthMeasures } from '../Health/HealthMeasures';
import { LargeModel } from '../LargeModel';
import { Shown } from '../LessonView';
import { MoreCharts } from '../MoreCharts';
import { NotYet } from '../NotYet';
import { Numbers } from '../Numbers';
import { RunTransport } from '../RunTransport';
import { RoundLine } from '../rounds/RoundLine';
import { ScrollBox } from '../ScrollBox';
import { SmallCharts } from '../SmallCharts';
import { latest, useLatestValues } from '../useChartView';
import { unmarkedBy, useGoldOf } from '../useGoldStanding';
import { AxisCard } from './AxisCard';
import { BeforeAfterList } from './BeforeAfterList';
import { DPO_NUMBERS, dpoCharts, MORE_DPO_CHARTS, SCORE_LINES } from './dpoLines';
import { dpoSentence } from './dpoSentence';
import { dpoBlocked, learnsFrom } from './dpoVotes';
import styles from './Optimise.module.css';

export { DpoKnobs } from './DpoKnobs';

/** What the next run would learn from, and why there cannot be one yet. */
function useNextRun() {
  const opinions = useLab((lab) => lab.opinions.all);
  const hasModel = useLab((lab) => writerId(lab) !== null);
  const rule = useLab((lab) => (appliesRule(lab) ? lab.config.value.dpo.ruleLabels : 0));
  return useMemo(() => {
    const from = learnsFrom(opinions, rule);
    return { ...from, hasModel, blocked: dpoBlocked(hasModel, from.chosen) };
  }, [opinions, rule, hasModel]);
}

export function DpoTransport() {
  const { blocked } = useNextRun();
  const steps = useLab((lab) => lab.config.value.dpo.steps);
  return <RunTransport kind="dpo" plannedSteps={steps} blocked={blocked} />;
}

/** Health, which votes, the quiet numbers, and the verdict. */
export function DpoBeside() {
  const { spec, history } = useLab((lab) => lab.runs.dpo);
  const values = useLatestValues(history);
  const next = useNextRun();
  const unmarked = unmarkedBy(useGoldOf('dpo'));
  const labelled = latest(history, 'train/rulePairs') ?? 0;
  const learned = useMemo(() => (spec?.kind === 'dpo' ? learnsFrom(spec.opinions, labelled) : null), [spec, labelled]);
  return (
    <Card
      title="Health"
      note={countOf((learned ?? next).pairs, 'pair')}
      actions={<ExplainHealth kind="dpo" numbers={DPO_NUMBERS} />}
      className={styles.iteration}
    >
      <ScrollBox className={styles.quiet} label="Numbers of the last look" filling>
        <HealthMeasures kind="dpo" history={history} />
        <p className={styles.votes} data-votes={(learned ?? next).pairs}>
          {learned
            ? `Learned from ${learned.sentence}.`
            : next.pairs > 0
              ? `It will learn from ${next.sentence}.`
              : 'No vote chooses a side yet.'}
        </p>
        <Numbers ids={DPO_NUMBERS} values={values} label="Latest numbers" unmarked={unmarked} />
      </ScrollBox>
      <Verdict blocked={next.blocked} />
    </Card>
  );
}

function Verdict({ blocked }: { blocked: string | null }) {
  const { state, history, error } = useLab((lab) => lab.runs.dpo);
  const steps = useLab((lab) => lab.config.value.dpo.steps);
  const stale = useLab((lab) => isMadeFromOther(lab, 'dpo'));
  const gold = useGoldOf('dpo');
  const status = state?.status ?? 'idle';
  const totalSteps = state?.totalSteps ?? steps;
  const message = error?.message || (state?.message ?? '');
  const verdict = useMemo(
    () => dpoSentence({ blocked, status, points: history, totalSteps, message, gold, stale }),
    [blocked, status, history, totalSteps, message, gold, stale],
  );
  return (
    <div className={styles.verdict}>
      <Diagnosis {...verdict} />
      <BegunFrom kind="dpo" />
      <LargeModel kind="dpo" />
      <GoBack kind="dpo" />
      <RoundLine kind="dpo" />
    </div>
  );
}

/** DPO, live: where the fresh texts stand, and what the votes themselves say. */
export function DpoBody() {
  const { state, spec, history, marks, beforeAfter } = useLab((lab) => lab.runs.dpo);
  const planned = useLab((lab) => lab.config.value.dpo);
  const unmarked = unmarkedBy(useGoldOf('dpo'));
  const [more, setMore] = useState(false);
  const [overSteps, setOverSteps] = useState(false);
  const config = spec?.kind === 'dpo' ? spec.config : planned;
  const { below, beside } = useMemo(() => dpoCharts(config), [config]);
  const points = useMemo(() => axisPoints(history), [history]);
  const charts = { history, marks, totalSteps: state?.totalSteps ?? planned.steps, noun: 'step' } as const;
  return (
    <>
      <div className={styles.middle}>
        <Shown part="chart:iterations">
          {history.length === 0 ? (
            <Card title="Score against distance">
              <BeforeDpo />
            </Card>
          ) : (
            <AxisCard
              method="dpo"
              points={points}
              lines={SCORE_LINES}
              overSteps={overSteps}
              onOverSteps={setOverSteps}
              more={{ open: more, toggle: () => setMore(!more) }}
              {...charts}
            />
          )}
        </Shown>
        <Shown part="chart:small">
          <div className={styles.small}>
            <SmallCharts charts={below} {...charts} />
          </div>
        </Shown>
      </div>
      <div className={`${styles.right} ${styles.three}`}>
        <Shown part="chart:small">
          <SmallCharts charts={beside} {...charts} />
        </Shown>
        <Shown part="beforeAfter">
          <BeforeAfterList rows={beforeAfter?.rows ?? []} note={`step ${beforeAfter?.step ?? 0}`} />
        </Shown>
      </div>
      {more && (
        <MoreCharts kind="dpo" charts={MORE_DPO_CHARTS} unmarked={unmarked} className={styles.more} {...charts} />
      )}
    </>
  );
}

/** Before the first step: what DPO is made from, or where to get it. */
function BeforeDpo() {
  const { blocked, hasModel, sentence } = useNextRun();
  const goesOn = useLab((lab) => rolesOf(lab).policy !== rolesOf(lab).reference);
  const [held, begins] = goesOn
    ? ['the reference', 'It goes on from an earlier policy, so the loss need not begin at ln 2.']
    : ['a frozen copy of itself', 'Both begin the same, so the loss begins at ln 2 = 0.693.'];
  if (!blocked)
    return (
      <EmptyState title="Ready to learn from votes">
        {`The policy is made to like what was chosen more than what was rejected, held against ${held}: ${sentence}. ${begins}`}
      </EmptyState>
    );
  return <NotYet hasModel={hasModel} blocked={blocked} />;
}
