import { useMemo } from 'react';
import { isSteady } from '../../store/guide/readings';
import type { LessonRecord } from '../../store/lessons/lessonState';
import { Card } from '../../ui/primitives/Card';
import { formatNumber, formatShare } from '../../ui/primitives/format';
import styles from './BreakIt.module.css';
import type { Drawn } from './drawn';
import { type Facts, factsOf, type Reading } from './facts';

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

const capitalised = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);

/** before its first step DPO's policy is the reference, which prefers neither side of any vote */
const startOf = ({ proxy }: Drawn, { broken: { start } }: Facts): Reading =>
  proxy.metric === 'rewards/accuracies' ? { ...start, proxy: Number.NaN } : start;

/** what is asked of the same cases at every look is no mean, and its row says so */
const labelOf = (id: keyof Reading, label: string, { proxy: { kl } }: Drawn): string =>
  id === 'kl' && isSteady(kl) ? `${label}, as last measured` : label;

/** Where both runs began and ended, in numbers. */
export function Numbers({ scenario, record }: { scenario: Drawn; record: LessonRecord }) {
  const facts = useMemo(() => factsOf(record, scenario), [record, scenario]);
  const { healthy, broken } = facts;
  const start = startOf(scenario, facts);
  const proxy = {
    id: 'proxy',
    label: scenario.proxy.label,
    share: scenario.proxy.metric === 'rewards/accuracies',
  } as const;
  return (
    <Card>
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
              <th scope="row">{capitalised(labelOf(id, label, scenario))}</th>
              <td>{cell(start[id], share)}</td>
              <td>{cell(healthy.end[id], share)}</td>
              <td>{cell(broken.end[id], share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
