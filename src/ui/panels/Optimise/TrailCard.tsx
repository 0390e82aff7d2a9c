import { memo, useMemo, useState } from 'react';
import type { MetricPoint } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { toldTrail, toldTurn } from '../../../store/runs/methodTrail';
import type { Mark } from '../../../store/state';
import { LineChart } from '../../charts/LineChart';
import { TrailChart } from '../../charts/TrailChart';
import { usePaced } from '../../charts/usePaced';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { MetricValue } from '../../primitives/MetricValue';
import { NewestPoints, useNewest } from '../newest';
import { shownRound } from '../rounds/roundWords';
import { latest, useChartView, useLines } from '../useChartView';
import { useGoldOf } from '../useGoldStanding';
import { Differences } from './Differences';
import { GoldRater } from './GoldRater';
import { GoldStands } from './GoldStands';
import { useOthers } from './others';
import { PlaceModels } from './PlaceModels';
import { REWARD_LINES } from './ppoLines';
import { usePayment } from './Requirements';
import { paidBy, payerName } from './rewardWords';
import styles from './TrailCard.module.css';

interface TrailCardProps {
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
  more: boolean;
  onMore: () => void;
}

/**
 * The hero: what the policy earns against how far it went. The reward model climbs; gold tells whether it is right to.
 */
export function TrailCard({ history, ...rest }: TrailCardProps) {
  return (
    <NewestPoints history={history}>
      <Drawn history={usePaced(history)} {...rest} />
    </NewestPoints>
  );
}

function Scores() {
  const history = useNewest();
  const gold = latest(history, 'gold/score');
  return (
    <>
      {gold !== null && (
        <span className={styles.gold}>
          <span className={styles.name}>gold</span> <MetricValue id="gold/score" value={gold} />
        </span>
      )}
      <span className={styles.proxy}>
        <MetricValue id="objective/scores" value={latest(history, 'objective/scores')} />
      </span>
    </>
  );
}

const Drawn = memo(function Drawn({ history, marks, totalSteps, more, onMore }: TrailCardProps) {
  const [overTime, setOverTime] = useState(false);
  const round = useLab((lab) => shownRound(lab, 'ppo'));
  return (
    <Card
      title={overTime ? 'Reward over iterations' : 'Reward against distance'}
      note={`${round === null ? '' : `round ${round}: `}each point is one iteration`}
      value={<Scores />}
    >
      <div className={styles.body}>
        {overTime ? (
          <RewardLines history={history} marks={marks} totalSteps={totalSteps} />
        ) : (
          <Trail history={history} marks={marks} />
        )}
      </div>
      {!overTime && <Differences method="ppo" />}
      <div className={styles.foot}>
        <Button kind="link" onClick={() => setOverTime(!overTime)}>
          {overTime ? 'Show over distance' : 'Show over iterations'}
        </Button>
        {!overTime && <PlaceModels method="ppo" />}
        <GoldRater />
        <Button kind="link" aria-expanded={more} onClick={onMore}>
          {more ? 'Fewer charts' : 'More charts'}
        </Button>
      </div>
      <GoldStands />
    </Card>
  );
});

/** Reward over distance, with all that is drawn beside it. */
export function Trail({ history, marks }: Pick<TrailCardProps, 'history' | 'marks'>) {
  const { crosshair } = useChartView();
  const points = useMemo(() => toldTrail('ppo', history), [history]);
  const peak = useMemo(() => toldTurn('ppo', history), [history]);
  const others = useOthers('ppo');
  const payer = payerName(usePayment('ppo'));
  const isAnothers = useGoldOf('ppo').standing === 'anothers'; // then its fall is no turn
  return (
    <TrailChart
      points={points}
      others={others}
      crosshair={crosshair}
      marks={marks}
      payer={payer}
      averaged="mean of 5 iterations, both ends as measured"
      peak={peak && !isAnothers ? { step: peak.step, label: `gold peaked here · iteration ${peak.step}` } : null}
    />
  );
}

/** What the judge pays and what gold says, over iterations. */
export function RewardLines({ history, marks, totalSteps }: Pick<TrailCardProps, 'history' | 'marks' | 'totalSteps'>) {
  const view = useChartView();
  const payer = payerName(usePayment('ppo'));
  const lines = useMemo(() => paidBy(REWARD_LINES, payer), [payer]);
  const series = useLines(history, lines);
  return (
    <LineChart
      label="Reward over iterations"
      series={series}
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      noun="iteration"
    />
  );
}
