import { useCallback, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { BeforeAfter, RolloutRow } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { ExplainHealth } from '../Health/ExplainHealth';
import { HealthMeasures } from '../Health/HealthMeasures';
import { InNumbersButton } from '../InNumbersButton';
import { Shown } from '../LessonView';
import { MoreCharts } from '../MoreCharts';
import { Numbers } from '../Numbers';
import { RunTransport } from '../RunTransport';
import { RoundReference } from '../rounds/RoundReference';
import { ScrollBox } from '../ScrollBox';
import { SmallCharts } from '../SmallCharts';
import { useLatestValues } from '../useChartView';
import { unmarkedBy, useGoldOf } from '../useGoldStanding';
import { WhereTimeGoes } from '../WhereTimeGoes';
import { BeforeAfterList } from './BeforeAfterList';
import { LiveKnobs } from './LiveKnobs';
import styles from './Optimise.module.css';
import { OptimiseVerdict } from './OptimiseVerdict';
import { Phases } from './Phases';
import { PpoSettings } from './PpoSettings';
import { usePpoBlocked } from './ppoBlocked';
import { FIRST_CHARTS, GROUP_CHARTS, MORE_CHARTS, OPTIONAL_NUMBERS, QUIET_NUMBERS } from './ppoLines';
import { Requirements } from './Requirements';
import { RolloutTable } from './RolloutTable';
import { TrailCard } from './TrailCard';
import { PpoReward } from './WhichReward';

export function PpoTransport() {
  const iterations = useLab((lab) => lab.config.value.ppo.iterations);
  return <RunTransport kind="ppo" plannedSteps={iterations} blocked={usePpoBlocked()} />;
}

export function PpoKnobs() {
  return (
    <>
      <LiveKnobs />
      <Shown part="reward">
        <PpoReward />
      </Shown>
      <Shown>
        <RoundReference kind="ppo" />
      </Shown>
      <div className={styles.links}>
        <PpoSettings />
        <Shown>
          <InNumbersButton kind="ppo" />
        </Shown>
      </div>
    </>
  );
}

/** The health of an iteration, its quiet numbers, and the verdict. */
export function PpoBeside() {
  const history = useLab((lab) => lab.runs.ppo.history);
  const step = useLab((lab) => lab.runs.ppo.state?.step ?? 0);
  const unmarked = unmarkedBy(useGoldOf('ppo'));
  const values = useLatestValues(history);
  const ids = useMemo(() => [...QUIET_NUMBERS, ...OPTIONAL_NUMBERS.filter((id) => values[id] !== undefined)], [values]);
  return (
    <Card
      title="Health"
      note={history.length > 0 ? `iteration ${step}` : undefined}
      actions={<ExplainHealth kind="ppo" numbers={ids} />}
      className={styles.iteration}
    >
      <ScrollBox className={styles.quiet} label="Numbers of this iteration" filling>
        <HealthMeasures kind="ppo" history={history} />
        <Times />
        <Numbers ids={ids} values={values} label="Latest numbers" unmarked={unmarked} />
      </ScrollBox>
      <OptimiseVerdict className={styles.verdict} />
    </Card>
  );
}

function Times() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        Where the time goes
      </Button>
      {open && <WhereTimeGoes kind="ppo" />}
    </>
  );
}

const usePpoConfig = () => {
  const planned = useLab((lab) => lab.config.value.ppo);
  const spec = useLab((lab) => lab.runs.ppo.spec);
  return spec?.kind === 'ppo' ? spec.config : planned;
};

/** moves several times an iteration, so it asks for itself and leaves the table below alone */
function LivePhases() {
  const state = useLab((lab) => lab.runs.ppo.state);
  return <Phases state={state} config={usePpoConfig()} />;
}
const PHASES = <LivePhases />;

const NO_ROLLOUTS: readonly RolloutRow[] = [];
const NO_PAIRS: readonly BeforeAfter[] = [];

/** PPO, live: reward over distance, and the texts it changes. */
export function PpoBody() {
  const { history, marks, rollouts, beforeAfter, rolloutsOf } = useLab(
    useShallow(({ runs: { ppo } }) => ({
      history: ppo.history,
      marks: ppo.marks,
      rollouts: ppo.rollouts,
      beforeAfter: ppo.beforeAfter,
      rolloutsOf: ppo.rollouts?.step ?? ppo.state?.step ?? 0,
    })),
  );
  const config = usePpoConfig();
  const totalSteps = useLab((lab) => lab.runs.ppo.state?.totalSteps ?? lab.config.value.ppo.iterations);
  const [more, setMore] = useState(false);
  const toggle = useCallback(() => setMore((old) => !old), []);
  const charts = { history, marks, totalSteps };
  return (
    <>
      <div className={styles.middle}>
        <Shown part="chart:iterations">
          {history.length === 0 ? (
            <Card title="Reward against distance">
              <Requirements kind="ppo" />
            </Card>
          ) : (
            <TrailCard {...charts} more={more} onMore={toggle} />
          )}
        </Shown>
        <Shown part="chart:small">
          <div className={styles.small}>
            <SmallCharts
              charts={config.advantages === 'gae' ? FIRST_CHARTS : GROUP_CHARTS}
              noun="iteration"
              {...charts}
            />
          </div>
        </Shown>
      </div>
      <div className={styles.right}>
        <Shown part="rollouts">
          <RolloutTable rows={rollouts?.rows ?? NO_ROLLOUTS} step={rolloutsOf}>
            {PHASES}
          </RolloutTable>
        </Shown>
        <Shown part="beforeAfter">
          <BeforeAfterList rows={beforeAfter?.rows ?? NO_PAIRS} note={`iteration ${beforeAfter?.step ?? 0}`} />
        </Shown>
      </div>
      {more && <MoreCharts kind="ppo" charts={MORE_CHARTS} noun="iteration" className={styles.more} {...charts} />}
    </>
  );
}
