import { useState } from 'react';
import type { ScoredContrast } from '../../../contract/taste';
import { useLab, useLabStore } from '../../../store/lab';
import { voteOnContrasts } from '../../../store/taste/suchPairs';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { TextField } from '../../primitives/TextField';
import styles from './Contrasts.module.css';
import { changeOf, contrastVerdict, differenceOf } from './contrastWords';

/** Pairs of texts that differ in one thing, with both scores; and a line for a text of one's own. */
export function Contrasts({ contrasts }: { contrasts: readonly ScoredContrast[] }) {
  const labels = new Map(contrasts.map(({ attribute, label }) => [attribute, label]));
  const [wanted, choose] = useState('endingMood');
  const chosen = labels.has(wanted) ? wanted : (contrasts[0]?.attribute ?? '');
  const lab = useLabStore();
  const shown = contrasts.filter(({ attribute }) => attribute === chosen);
  return (
    <Card title={shown.length > 0 ? 'One thing changed, scored now' : 'A text, scored now'}>
      {shown.length > 0 && (
        <>
          <Select
            label="What is changed"
            value={chosen}
            onChange={choose}
            options={[...labels].map(([value, label]) => ({ value, label }))}
          />
          <Scores contrasts={shown} />
          <Result contrasts={shown} label={labels.get(chosen)!} />
          <p className={styles.note}>
            What do you say of them? Your votes on these pairs teach the next reward model about this one thing.
          </p>
          <Button onClick={() => voteOnContrasts(lab, shown)}>Vote on such pairs</Button>
        </>
      )}
      <OwnText />
    </Card>
  );
}

function Scores({ contrasts }: { contrasts: readonly ScoredContrast[] }) {
  return (
    <table className={styles.scores} aria-label="Scores before and after">
      <thead>
        <tr>
          <td />
          <th scope="col">before</th>
          <th scope="col">after</th>
          <th scope="col">change</th>
        </tr>
      </thead>
      <tbody>
        {contrasts.map((one) => {
          const { start, removed, added, end } = differenceOf(one);
          return (
            <tr key={`${one.prompt} ${one.after}`}>
              <th scope="row" title={one.prompt}>
                {start} {removed && <del>{removed}</del>} {added && <ins>{added}</ins>} {end}
              </th>
              <td>{formatSigned(one.scores.before)}</td>
              <td>{formatSigned(one.scores.after)}</td>
              <td className={styles.change} data-metric="taste/change" data-value={changeOf(one)}>
                {formatSigned(changeOf(one))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Result({ contrasts, label }: { contrasts: readonly ScoredContrast[]; label: string }) {
  const { lead, words } = contrastVerdict(contrasts, label);
  return (
    <Say tone="good" lead={lead}>
      {words}
    </Say>
  );
}

/** Scored at every key. */
function OwnText() {
  const text = useLab((state) => state.scoring.text);
  const result = useLab((state) => state.scoring.result);
  const error = useLab((state) => state.scoring.error);
  const setText = useLab((state) => state.scoring.setText);
  return (
    <div className={styles.own}>
      <TextField label="Type your own" hint="scores while you type" rows={2} story value={text} onChange={setText} />
      <p className={styles.change} aria-live="polite" data-metric="reward/score" data-value={result?.score}>
        {result ? formatSigned(result.score) : '–'}
      </p>
      {error && error.code !== 'work/cancelled' && <p className={styles.note}>{error.message}</p>}
    </div>
  );
}
