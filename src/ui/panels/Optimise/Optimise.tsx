import { useState } from 'react';
import type { MetricPoint } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import type { Mark } from '../../../store/state';
import { Card } from '../../primitives/Card';
import { Disclosure } from '../../primitives/Disclosure';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { ChartControls } from '../ChartControls';
import { Numbers } from '../Numbers';
import { RunTransport } from '../RunTransport';
import { ScrollBox } from '../ScrollBox';
import { latestValues } from '../useChartView';
import { useScrollIntoView } from '../useScrollIntoView';
import { WhereTimeGoes } from '../WhereTimeGoes';
import { BeforeAfterList } from './BeforeAfterList';
import { LiveKnobs } from './LiveKnobs';
import styles from './Optimise.module.css';
import { OptimiseVerdict } from './OptimiseVerdict';
import { Phases } from './Phases';
import { PpoCharts } from './PpoCharts';
import { PpoSettings } from './PpoSettings';
import { FIRST_CHARTS, MORE_CHARTS, QUIET_NUMBERS } from './ppoLines';
import { Requirements, useRequirements } from './Requirements';
import { RolloutTable } from './RolloutTable';
import { TrailCard } from './TrailCard';

/** PPO, live: reward over distance, the leash under your hand, and the texts it changes. */
export function Optimise() {
  const { state, history, marks, rollouts, beforeAfter, busy } = useLab((lab) => lab.runs.ppo);
  const iterations = useLab((lab) => lab.config.value.ppo.iterations);
  const [more, setMore] = useState(false);
  const totalSteps = state?.totalSteps ?? iterations;
  const charts = { history, marks, totalSteps };
  return (
    <Stage heading="Optimise" busy={state?.status === 'running' || busy !== null} className={styles.grid} footer={<Transport />}>
      <div className={styles.left}>
        <Card className={styles.knobs} label="Method and settings">
          <Tabs label="Method" value="ppo" onChange={() => {}} tabs={[{ id: 'ppo', label: 'PPO', content: <Knobs /> }]} />
        </Card>
        <ThisIteration />
      </div>
      <div className={styles.middle}>
        {history.length === 0 ? (
          <Card title="Reward against distance">
            <Requirements />
          </Card>
        ) : (
          <TrailCard {...charts} more={more} onMore={() => setMore(!more)} />
        )}
        <div className={styles.small}>
          <PpoCharts charts={FIRST_CHARTS} {...charts} />
        </div>
      </div>
      <div className={styles.right}>
        <RolloutTable rows={rollouts?.rows ?? []} step={rollouts?.step ?? 0} />
        <BeforeAfterList rows={beforeAfter?.rows ?? []} step={beforeAfter?.step ?? 0} />
      </div>
      {more && <MoreCharts {...charts} />}
    </Stage>
  );
}

function Transport() {
  const { base, reward } = useRequirements();
  const iterations = useLab((lab) => lab.config.value.ppo.iterations);
  const missing = !base ? 'Pretrain a model, or load the trained one, first.' : !reward ? 'Train a reward model first.' : null;
  return <RunTransport kind="ppo" plannedSteps={iterations} blocked={missing} />;
}

function Knobs() {
  return (
    <>
      <LiveKnobs />
      <PpoSettings />
    </>
  );
}

function ThisIteration() {
  const { state, spec, history } = useLab((lab) => lab.runs.ppo);
  const planned = useLab((lab) => lab.config.value.ppo);
  return (
    <Card title="This iteration" className={styles.iteration}>
      <Phases state={state} config={spec?.kind === 'ppo' ? spec.config : planned} />
      <ScrollBox className={styles.quiet} label="Numbers of this iteration">
        <Disclosure summary="Where the time goes">
          <WhereTimeGoes kind="ppo" />
        </Disclosure>
        <Numbers ids={QUIET_NUMBERS} values={latestValues(history)} label="Latest numbers" />
      </ScrollBox>
      <OptimiseVerdict className={styles.verdict} />
    </Card>
  );
}

interface MoreChartsProps {
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
}

/** The other curves, below the screen: they are scrolled to when asked for. */
function MoreCharts(props: MoreChartsProps) {
  const ref = useScrollIntoView<HTMLDivElement>();
  return (
    <div className={styles.more} ref={ref}>
      <ChartControls kind="ppo" />
      <PpoCharts charts={MORE_CHARTS} {...props} />
    </div>
  );
}
