import { useState } from 'react';
import type { Camps } from '../../../contract/agreement';
import { countOf } from '../../../contract/numbers';
import { favourite, type Split } from '../../../store/classroom/splits';
import type { CountedVotes } from '../../../store/classroom/taken';
import { type TrainedArm, useClassTraining } from '../../../store/classroom/training';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatCounted } from '../../primitives/format';
import { Progress } from '../../primitives/Progress';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { StoryText } from '../../primitives/StoryText';
import styles from './TrainOn.module.css';

interface TrainOnProps {
  counted: readonly CountedVotes[];
  splits: readonly Split[];
  camps: Camps | null;
  hidden: boolean;
}

function OneStudent({ counted, hidden, busy }: Pick<TrainOnProps, 'counted' | 'hidden'> & { busy: boolean }) {
  const train = useClassTraining((state) => state.train);
  const [picked, pick] = useState<string | null>(null);
  const code = counted.find((one) => one.code === picked)?.code ?? counted[0]?.code ?? '';
  return (
    <>
      <Select
        className={styles.student}
        label="One student"
        value={code}
        onChange={pick}
        options={counted.map(({ code: value, number }, i) => ({
          value,
          label: hidden || number === 0 ? `student ${i + 1} of those that are in` : `number ${number}`,
        }))}
      />
      <Button disabled={busy} onClick={() => void train({ who: 'student', code })}>
        Train on one
      </Button>
    </>
  );
}

/** Whom a model may learn from. */
function Choices({ counted, splits, camps, hidden }: TrainOnProps) {
  const { train, busy } = useClassTraining(({ train, live }) => ({ train, busy: live !== null }));
  const decided = splits.filter((split) => split[favourite(split)] > Math.min(split.first, split.second)).length;
  const sizes = ([0, 1] as const).map((camp) => camps?.of.filter((one) => one === camp).length);
  return (
    <div className={styles.choices}>
      <Button kind="primary" disabled={busy} onClick={() => void train({ who: 'all' })}>
        All {counted.length}
      </Button>
      <Button disabled={busy || decided === 0} onClick={() => void train({ who: 'majority' })}>
        The majority, {countOf(decided, 'pair')}
      </Button>
      <Button disabled={busy || !camps} onClick={() => void train({ who: 'camps' })}>
        Two camps{camps && `, ${sizes[0]} and ${sizes[1]}`}
      </Button>
      <OneStudent counted={counted} hidden={hidden} busy={busy} />
    </div>
  );
}

function Live() {
  const { live, cancel } = useClassTraining(({ live, cancel }) => ({ live, cancel }));
  if (!live) return null;
  const label = `Training the ${live.what} of ${live.name}`;
  return (
    <div className={styles.live}>
      <p role="status">{label}…</p>
      <Progress label={label} value={live.step} max={Math.max(1, live.totalSteps)} />
      <Button onClick={() => void cancel()}>Cancel</Button>
    </div>
  );
}

function Outcome({
  trained,
  before,
  prompts,
}: {
  trained: readonly TrainedArm[];
  before: readonly string[];
  prompts: readonly string[];
}) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="What each of these policies writes">
        <thead>
          <tr>
            <th scope="col">learned from</th>
            <th scope="col">votes</th>
            <th scope="col">held-out accuracy</th>
            {prompts.map((prompt) => (
              <th key={prompt} scope="col">
                <StoryText text={prompt} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">nothing yet: Tiny</th>
            <td>0</td>
            <td>–</td>
            {before.map((text, i) => (
              <td key={prompts[i]}>
                <StoryText text={text} />
              </td>
            ))}
          </tr>
          {trained.map(({ name, votes, heldOut, texts }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{votes}</td>
              <td>{heldOut ? formatCounted(heldOut.accuracy, heldOut.pairs) : '–'}</td>
              {texts.map((text, i) => (
                <td key={prompts[i]}>
                  <StoryText text={text} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/**
 * A reward model and a policy from the votes of all, of most, of one, or of each camp; then they are laid side by side.
 */
export function TrainOn(props: TrainOnProps) {
  const { trouble, trained, before, prompts } = useClassTraining((state) => state);
  const go = useLab((state) => state.view.go);
  const show = useLab((state) => state.shelf.show);
  return (
    <Card
      className={styles.card}
      title="Train on"
      note="a reward model, then a policy by DPO; your own votes stay as they are"
    >
      {props.counted.length === 0 ? <p className={styles.note}>No code yet.</p> : <Choices {...props} />}
      <Live />
      {trouble !== null && <Say tone="bad">{trouble}</Say>}
      {trained.length > 0 && (
        <>
          <Outcome {...{ trained, before, prompts }} />
          <p className={styles.choices}>
            <span className={styles.note}>They stand in Checkpoints, and take a part from there.</span>
            <Button onClick={() => show(trained.at(-1)!.rewardId)}>Open Checkpoints</Button>
            <Button onClick={() => go('reward')}>Go to Reward model</Button>
          </p>
        </>
      )}
    </Card>
  );
}
