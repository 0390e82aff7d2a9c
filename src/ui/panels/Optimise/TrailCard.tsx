import { memo, useMemo, useState } from 'react';
import type { MetricPoint } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { findTurn, rolloutTrail } from '../../../store/overoptimization';
import type { Mark } from '../../../store/state';
import { smooth } from '../../../store/thin';
import { LineChart } from '../../charts/LineChart';
import { TrailChart, type TrailPoint } from '../../charts/TrailChart';
import { usePaced } from '../../charts/usePaced';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { MetricValue } from '../../primitives/MetricValue';
import { NewestPoints, useNewest } from '../newest';
import { shownRound } from '../rounds/roundWords';
import { latest, useChartView, useLines } from '../useChartView';
import { Differences } from './Differences';
import { GoldRater } from './GoldRater';
import { useOthers } from './others';
import { PlaceModels } from './PlaceModels';
import { REWARD_LINES } from './ppoLines';
import styles from './TrailCard.module.css';

/**
 * Reward over distance, one point per iteration, smoothed like every other curve: a batch of 32 texts scatters by ±0.2 in both
 * directions, and unsmoothed the trail is a scribble.
 */
export function trailPoints(history: readonly MetricPoint[], smoothing: number): TrailPoint[] {
  const klOf = ({ values }: MetricPoint) => values['objective/klExact'] ?? values['objective/kl'];
  const measured = history.filter((point) => klOf(point) !== undefined && point.values['objective/scores'] !== undefined);
  const smoothed = (of: (point: MetricPoint) => number | undefined) =>
    smooth(
      measured.map((point) => ({ value: of(point) ?? Number.NaN })),
      smoothing,
    );
  const kl = smoothed(klOf);
  const proxy = smoothed(({ values }) => values['objective/scores']);
  const gold = smoothed(({ values }) => values['gold/score']);
  return measured.map(({ step }, i) => ({
    step,
    kl: kl[i]!.value,
    proxy: proxy[i]!.value,
    gold: Number.isNaN(gold[i]!.value) ? null : gold[i]!.value,
  }));
}

interface TrailCardProps {
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
  more: boolean;
  onMore: () => void;
}

/** The hero: what the policy earns against how far it went. The reward model climbs; gold tells whether it is right to. */
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
        {overTime ? <RewardLines history={history} marks={marks} totalSteps={totalSteps} /> : <Trail history={history} marks={marks} />}
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
    </Card>
  );
});

function Trail({ history, marks }: Pick<TrailCardProps, 'history' | 'marks'>) {
  const { smoothing, crosshair } = useChartView();
  // both axes scatter here, so the trail takes more smoothing than a curve to be as calm; none stays none
  const points = useMemo(() => trailPoints(history, Math.sqrt(smoothing)), [history, smoothing]);
  const peak = useMemo(() => findTurn(rolloutTrail(history)), [history]);
  const others = useOthers('ppo');
  return (
    <TrailChart
      points={points}
      others={others}
      crosshair={crosshair}
      marks={marks}
      peak={peak && { step: peak.step, label: `gold peaked here · iteration ${peak.step}` }}
    />
  );
}

function RewardLines({ history, marks, totalSteps }: Pick<TrailCardProps, 'history' | 'marks' | 'totalSteps'>) {
  const view = useChartView();
  const series = useLines(history, REWARD_LINES);
  return <LineChart label="Reward over iterations" series={series} view={view} marks={marks} totalSteps={totalSteps} noun="iteration" />;
}
