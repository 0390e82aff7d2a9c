import { useMemo } from 'react';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { type RoundSummary, roundNumber, roundSummaries } from '../../../store/rounds/rounds';
import { Card } from '../../primitives/Card';
import styles from '../rounds/rounds.module.css';
import { duelWords } from '../rounds/roundWords';

/** Every round with its votes, and how new fared against old; nothing while there is only one. */
export function RoundTable() {
  const opinions = useLab((state) => state.opinions.all);
  const round = useLab(roundNumber);
  const rows = useMemo(() => roundSummaries(opinions, round), [opinions, round]);
  if (rows.length < 2) return null;
  return (
    <Card title="Rounds" note="the reward model learns from all of them">
      <ul className={styles.rounds} aria-label="Votes by round">
        {rows.map((row) => (
          <Row key={row.round} {...row} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ round, human, simulated, imported, rankings, duel, simulatedDuel }: RoundSummary) {
  return (
    <li>
      <b>Round {round}</b> {human} yours · {simulated} simulated · {imported} imported
      {rankings > 0 && ` · ${countOf(rankings, 'ranking')}`}
      {duel && `; new won ${duelWords(duel)} of your votes`}
      {simulatedDuel && `; new won ${duelWords(simulatedDuel)} of the simulated ones`}
    </li>
  );
}
