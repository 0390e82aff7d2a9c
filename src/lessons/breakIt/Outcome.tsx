import { useMemo } from 'react';
import { useLab } from '../../store/lab';
import type { LessonRecord } from '../../store/lessons/lessonState';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { formatNumber, formatShare } from '../../ui/primitives/format';
import { Say } from '../../ui/primitives/Say';
import styles from './BreakIt.module.css';
import { type Facts, factsOf, type Reading } from './facts';
import type { Scenario } from './scenario';

const ROWS: readonly { id: keyof Reading; label: string; share?: true }[] = [
  { id: 'gold', label: 'Gold' },
  { id: 'kl', label: 'Distance, nats per completion' },
  { id: 'grammatical', label: 'Grammatical', share: true },
  { id: 'distinct', label: 'Distinct texts', share: true },
  { id: 'distinct2', label: 'Distinct word pairs', share: true },
  { id: 'length', label: 'Length, tokens' },
];

const cell = (value: number, isShare: boolean | undefined): string =>
  Number.isNaN(value) ? '–' : isShare ? formatShare(value) : formatNumber(value);

/** before its first step DPO's policy is the reference, which prefers neither side of any vote */
const startOf = ({ proxy }: Scenario, { broken: { start } }: Facts): Reading =>
  proxy.metric === 'rewards/accuracies' ? { ...start, proxy: Number.NaN } : start;

function NumbersTable({ scenario, facts }: { scenario: Scenario; facts: Facts }) {
  const { healthy, broken } = facts;
  const start = startOf(scenario, facts);
  const proxy = {
    id: 'proxy',
    label: scenario.proxy.label,
    share: scenario.proxy.metric === 'rewards/accuracies',
  } as const;
  return (
    <table className={styles.numbers}>
      <caption>Means of the last three measurements</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Before</th>
          <th scope="col">Healthy</th>
          <th scope="col">Broken</th>
        </tr>
      </thead>
      <tbody>
        {[proxy, ...ROWS].map(({ id, label, share }) => (
          <tr key={id}>
            <th scope="row">{label.charAt(0).toUpperCase() + label.slice(1)}</th>
            <td>{cell(start[id], share)}</td>
            <td>{cell(healthy.end[id], share)}</td>
            <td>{cell(broken.end[id], share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What happened, held against what the visitor expected. */
export function Outcome({
  scenario,
  record,
  onAgain,
}: {
  scenario: Scenario;
  record: LessonRecord;
  onAgain: () => void;
}) {
  const facts = useMemo(() => factsOf(record, scenario), [record, scenario]);
  const seed = useLab((lab) => lab.config.value.seed);
  const labelOf = (answer: string) => scenario.answers.find(({ id }) => id === answer)?.label ?? '–';
  const came = scenario.outcome(facts);
  const foreseen = came === record.answer;
  return (
    <div className={styles.outcome}>
      <Card title="What happened" note={`seed ${record.seed}, on ${record.base}`}>
        <Say tone={foreseen ? 'good' : 'warn'} lead={foreseen ? 'As you expected.' : 'Not as you expected.'}>
          {scenario.sentence(facts)}
        </Say>
        <dl className={styles.expected}>
          <dt>You expected</dt>
          <dd>{labelOf(record.answer)}</dd>
          <dt>It came</dt>
          <dd>{labelOf(came)}</dd>
        </dl>
        <div className={styles.row}>
          <Button onClick={onAgain}>{seed === record.seed ? 'Ask me again' : `Again with seed ${seed}`}</Button>
        </div>
      </Card>
      <Card>
        <NumbersTable scenario={scenario} facts={facts} />
      </Card>
    </div>
  );
}
