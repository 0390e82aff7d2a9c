import { memo, type ReactNode, useMemo, useState } from 'react';
import { inWords } from '../../../contract/limits';
import { fixed } from '../../../contract/numbers';
import type { RolloutRow, RolloutToken } from '../../../contract/observations';
import { usePaced } from '../../charts/usePaced';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { formatSigned } from '../../primitives/format';
import { StoryText } from '../../primitives/StoryText';
import { TokenStrip } from '../../primitives/TokenStrip';
import type { Tone } from '../../theme/tone';
import { ScrollBox } from '../ScrollBox';
import styles from './RolloutTable.module.css';

type Shade = keyof Omit<RolloutToken, 'text'>;

const SHADES: readonly { value: Shade; label: string; tone: Tone; tells: string }[] = [
  {
    value: 'advantage',
    label: 'advantage',
    tone: 'good',
    tells: 'Green: better than expected, made more likely. Plum: worse.',
  },
  {
    value: 'logRatio',
    label: 'log-ratio',
    tone: 'policy',
    tells: 'Blue: the policy likes the token more than the reference does. Plum: less.',
  },
  { value: 'value', label: 'value', tone: 'value', tells: 'What the critic expects the text to earn from here on.' },
  {
    value: 'reward',
    label: 'reward',
    tone: 'reward',
    tells: 'What each token is paid: the KL penalty, and the score on the last.',
  },
];

/** The shade that is full colour: one extreme token should not wash out all others. */
function fullScale(rows: readonly RolloutRow[], shade: Shade): number {
  const sizes = rows.flatMap((row) => row.tokens.map((token) => Math.abs(token[shade]))).sort((a, b) => a - b);
  return sizes[Math.floor(0.95 * (sizes.length - 1))] || 1e-9;
}

interface RolloutTableProps {
  /** above the table */
  children?: ReactNode;
  rows: readonly RolloutRow[];
  /** that they are of; where there are none, at which the run stands */
  step: number;
}

/** rows that are drawn in one go: a whole batch of words at once would hold up the page */
const ROWS_AT_ONCE = 4;

/** completions repeat when a policy collapses: the index in the batch is what tells rows apart */
interface Placed {
  row: RolloutRow;
  index: number;
}

const groupsOf = (rows: readonly RolloutRow[]): { from: number; rows: Placed[] }[] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, group) => {
    const from = group * ROWS_AT_ONCE;
    return { from, rows: rows.slice(from, from + ROWS_AT_ONCE).map((row, i) => ({ row, index: from + i })) };
  });

interface RolloutsProps {
  rows: readonly Placed[];
  look: (typeof SHADES)[number];
  max: number;
  withGold: boolean;
}

/** A few rows, which take a turn of their own when a new batch comes. */
const Rollouts = memo(function Rollouts({ rows, look, max, withGold }: RolloutsProps) {
  const paced = usePaced(useMemo(() => ({ rows, max }), [rows, max])); // a new scale shades all rows anew
  return paced.rows.map(({ row, index }) => (
    <Rollout key={index} row={row} look={look} max={paced.max} withGold={withGold} />
  ));
});

function Rollout({
  row,
  look: { value: shade, label, tone },
  max,
  withGold,
}: Omit<RolloutsProps, 'rows'> & { row: RolloutRow }) {
  const tokens = useMemo(() => row.tokens.map((token) => ({ text: token.text, value: token[shade] })), [row, shade]);
  return (
    <tbody>
      <tr>
        <th scope="row">
          <StoryText text={row.prompt} size="small" tone="ink-3" className={styles.prompt} />
        </th>
        <td className={styles.score}>{formatSigned(row.score)}</td>
        {withGold && <td className={styles.gold}>{row.gold === null ? '–' : formatSigned(row.gold)}</td>}
        <td className={styles.kl}>{fixed(row.kl, 1)}</td>
      </tr>
      <tr>
        <td colSpan={withGold ? 4 : 3} className={styles.completion}>
          <TokenStrip size="small" meaning={label} tone={tone} max={max} tokens={tokens} />
        </td>
      </tr>
    </tbody>
  );
}

/** What the policy just wrote, token by token, with what it earned. */
export const RolloutTable = memo(function RolloutTable({ rows, step, children }: RolloutTableProps) {
  const [shade, setShade] = useState<Shade>('advantage');
  const max = useMemo(() => fullScale(rows, shade), [rows, shade]);
  const look = SHADES.find((one) => one.value === shade)!;
  const groups = useMemo(() => groupsOf(rows), [rows]);
  const withGold = rows.some((row) => row.gold !== null);
  return (
    <Card
      title="Latest rollouts"
      note={rows.length > 0 ? `iteration ${step}` : undefined}
      actions={
        <label className={styles.shade}>
          <span className="visually-hidden">Colour tokens by</span>
          <select value={shade} onChange={(event) => setShade(event.currentTarget.value as Shade)}>
            {SHADES.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {children}
      {rows.length === 0 ? (
        <EmptyState title={step > 0 ? 'Not kept' : 'Nothing written yet'}>
          {step > 0
            ? `What was written in iteration ${inWords(step)} was not stored. The next one shows up here token by token.`
            : 'Each iteration starts with the policy completing prompts; they show up here token by token.'}
        </EmptyState>
      ) : (
        <>
          <p className={styles.tells}>{look.tells}</p>
          <ScrollBox label="Rollouts of the last iteration" reachedAs="rollouts/latest" filling>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">prompt, completion</th>
                  <th scope="col">score</th>
                  {withGold && <th scope="col">gold</th>}
                  <th scope="col">KL</th>
                </tr>
              </thead>
              {groups.map((group) => (
                <Rollouts key={group.from} rows={group.rows} look={look} max={max} withGold={withGold} />
              ))}
            </table>
          </ScrollBox>
        </>
      )}
    </Card>
  );
});
