import { useMemo } from 'react';
import type { MetricPoint } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { type Method, turnOfPoints } from '../../../store/runs/methodTrail';
import type { Mark } from '../../../store/state';
import { LineChart } from '../../charts/LineChart';
import { TrailChart, type TrailPoint } from '../../charts/TrailChart';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { MetricValue } from '../../primitives/MetricValue';
import { shownRound } from '../rounds/roundWords';
import { type LineOf, useChartView, useLines } from '../useChartView';
import { useGoldOf } from '../useGoldStanding';
import { Differences } from './Differences';
import { GoldRater } from './GoldRater';
import { GoldStands } from './GoldStands';
import { useOthers } from './others';
import { PlaceModels } from './PlaceModels';
import styles from './TrailCard.module.css';

interface AxisCardProps {
  method: Method;
  /** in the order of steps */
  points: readonly TrailPoint[];
  /** the same over steps */
  lines: readonly LineOf[];
  history: readonly MetricPoint[];
  marks: readonly Mark[];
  totalSteps: number;
  /** what is counted; best of N counts N */
  noun: 'step' | 'iteration' | 'N';
  /** the step that the corner reads; the last one when absent */
  at?: number;
  overSteps: boolean;
  onOverSteps: (overSteps: boolean) => void;
  /** who pays; the reward model when absent */
  payer?: string;
  /** more charts below, where there are any */
  more?: { open: boolean; toggle: () => void };
}

const plural = (noun: AxisCardProps['noun']): string => (noun === 'N' ? 'N' : `${noun}s`);

/** The hero of a method: what fresh texts earn against how far they went, the other methods in grey beside it. */
export function AxisCard(props: AxisCardProps) {
  const { points, noun, at, overSteps, onOverSteps, more } = props;
  const round = useLab((lab) => (props.method === 'bestOf' ? null : shownRound(lab, props.method)));
  const shown = points.find(({ step }) => step === at) ?? points.at(-1);
  return (
    <Card
      title={overSteps ? `Score over ${plural(noun)}` : 'Score against distance'}
      note={`${round === null ? '' : `round ${round}: `}fresh texts for fixed prompts`}
      value={
        <>
          {shown?.gold !== null && (
            <span className={styles.gold}>
              <span className={styles.name}>gold</span> <MetricValue id="axis/gold" value={shown?.gold} />
            </span>
          )}
          {shown?.proxy !== null && (
            <span className={styles.proxy}>
              <MetricValue id="axis/score" value={shown?.proxy} />
            </span>
          )}
        </>
      }
    >
      <div className={styles.body}>{overSteps ? <OverSteps {...props} /> : <OverDistance {...props} />}</div>
      {!overSteps && <Differences method={props.method} />}
      <div className={styles.foot}>
        <Button kind="link" onClick={() => onOverSteps(!overSteps)}>
          {overSteps ? 'Show over distance' : `Show over ${plural(noun)}`}
        </Button>
        {!overSteps && <PlaceModels method={props.method} />}
        <GoldRater />
        {more && (
          <Button kind="link" aria-expanded={more.open} onClick={more.toggle}>
            {more.open ? 'Fewer charts' : 'More charts'}
          </Button>
        )}
      </div>
      <GoldStands />
    </Card>
  );
}

function OverDistance({ method, points, noun, at, payer }: AxisCardProps) {
  const { crosshair } = useChartView();
  const others = useOthers(method);
  const isAnothers = useGoldOf(method).standing === 'anothers'; // then its fall is no turn
  const turn = useMemo(() => turnOfPoints(points), [points]);
  const peak = turn &&
    !isAnothers && { step: turn.step, label: `gold peaked here · ${noun} ${noun === 'N' ? '= ' : ''}${turn.step}` };
  const averaged = others.some((other) => other.averaged) ? 'PPO: mean of 5 iterations' : null;
  return (
    <TrailChart
      points={points}
      others={others}
      noun={noun}
      crosshair={at ?? crosshair}
      peak={peak || null}
      averaged={averaged}
      payer={payer}
    />
  );
}

function OverSteps({ history, lines, marks, totalSteps, noun }: AxisCardProps) {
  const view = useChartView();
  const series = useLines(history, lines);
  return (
    <LineChart
      label={`Score over ${plural(noun)}`}
      series={series}
      view={view}
      marks={marks}
      totalSteps={totalSteps}
      noun={noun}
    />
  );
}
