import { useMemo, useState } from 'react';
import type { MetricPoint } from '../../../contract/domain';
import { findTurn, type TrailValue } from '../../../store/overoptimization';
import type { Mark } from '../../../store/state';
import { LineChart } from '../../charts/LineChart';
import { TrailChart, type TrailPoint } from '../../charts/TrailChart';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { MetricValue } from '../../primitives/MetricValue';
import { type LineOf, useChartView, useLines } from '../useChartView';
import { GoldRater } from './GoldRater';
import { type Method, useOthers } from './others';
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
  noun: 'step' | 'iteration';
  more: boolean;
  onMore: () => void;
}

const complete = (points: readonly TrailPoint[]): TrailValue[] =>
  points.flatMap(({ step, kl, proxy, gold }) => (proxy === null || gold === null ? [] : [{ step, kl, proxy, gold }]));

/** The hero of a method: what fresh texts earn against how far they went, the other methods in grey beside it. */
export function AxisCard(props: AxisCardProps) {
  const { points, noun, more, onMore } = props;
  const [overTime, setOverTime] = useState(false);
  const last = points.at(-1);
  return (
    <Card
      title={overTime ? `Score over ${noun}s` : 'Score against distance'}
      note="fresh texts for fixed prompts"
      className={styles.card}
      value={
        <>
          {last?.gold !== null && (
            <span className={styles.gold}>
              <span className={styles.name}>gold</span> <MetricValue id="axis/gold" value={last?.gold} />
            </span>
          )}
          <span className={styles.proxy}>
            <MetricValue id="axis/score" value={last?.proxy} />
          </span>
        </>
      }
    >
      <div className={styles.body}>{overTime ? <OverSteps {...props} /> : <OverDistance {...props} />}</div>
      <div className={styles.foot}>
        <Button kind="link" onClick={() => setOverTime(!overTime)}>
          {overTime ? 'Show over distance' : `Show over ${noun}s`}
        </Button>
        <GoldRater />
        <Button kind="link" aria-expanded={more} onClick={onMore}>
          {more ? 'Fewer charts' : 'More charts'}
        </Button>
      </div>
    </Card>
  );
}

function OverDistance({ method, points, noun }: AxisCardProps) {
  const { crosshair } = useChartView();
  const others = useOthers(method);
  const turn = useMemo(() => findTurn(complete(points)), [points]);
  const peak = turn && { step: turn.step, label: `gold peaked here · ${noun} ${turn.step}` };
  return <TrailChart points={points} others={others} noun={noun} crosshair={crosshair} peak={peak} />;
}

function OverSteps({ history, lines, marks, totalSteps, noun }: AxisCardProps) {
  const view = useChartView();
  const series = useLines(history, lines);
  return <LineChart label={`Score over ${noun}s`} series={series} view={view} marks={marks} totalSteps={totalSteps} noun={noun} />;
}
