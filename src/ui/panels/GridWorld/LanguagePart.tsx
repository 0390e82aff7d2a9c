import { useEffect, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { lastRollout, shippedWriting, type Writing, withChances } from '../../../store/gridworld/writing';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { useBatch } from '../InNumbers/useBatch';
import { GRID_COLUMN, useWalked, type Walked } from './gridColumn';
import styles from './LanguagePart.module.css';
import { LANGUAGE_COLUMN, type Written } from './languageColumn';
import { TERMS, type Term } from './terms';

/** The visitor's last rollout; until there is one, a text of the shipped model, which is asked for once. */
function useWriting(): { writing: Writing | null; trouble: string | null } {
  const lab = useLab(useShallow(({ runs, corpus, shelf }) => ({ ppo: runs.ppo, corpus, shelf })));
  const own = useMemo(() => lastRollout({ runs: { ppo: lab.ppo }, corpus: lab.corpus, shelf: lab.shelf }), [lab]);
  const ask = useLab((state) => state.teaching.ask);
  const [shipped, setShipped] = useState<Writing | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const wanted = own === null;
  useEffect(() => {
    if (!wanted) return;
    let here = true;
    shippedWriting(ask).then(
      (written) => here && setShipped(written),
      (error) => here && setTrouble(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      here = false;
    };
  }, [ask, wanted]);
  return { writing: own ?? shipped, trouble };
}

/** a text with what belongs to the word that the table speaks of */
function useWritten(writing: Writing | null): Written | null {
  const spec = useLab((state) => state.runs.ppo.spec);
  const { batch } = useBatch('ppo');
  if (!writing) return null;
  const told = withChances(writing, batch?.kind === 'ppo' ? batch : null);
  const { chosen, words, rollout } = told;
  return {
    ...told,
    word: words[chosen]!,
    token: rollout?.row.tokens[chosen] ?? null,
    config: spec?.kind === 'ppo' ? spec.config : null,
  };
}

/** The same words in both worlds, with the visitor's own numbers, and the way to where they come from. */
export function LanguagePart() {
  const { writing, trouble } = useWriting();
  const walked = useWalked();
  const written = useWritten(writing);
  if (!walked) return null;
  const from = writing?.rollout
    ? `right your rollout ${writing.rollout.number} of PPO’s iteration ${writing.rollout.iteration}`
    : 'right a text that the trained model which ships with the lab wrote just now';
  return (
    <>
      <Card title="One idea, two worlds" note={`left your walk on the grid, ${from}`}>
        <Table walked={walked} written={written} meanwhile={trouble ? '–' : 'writing…'} />
        {trouble && <p className={styles.trouble}>The right column could not be computed: {trouble}</p>}
      </Card>
      <End writing={writing} />
    </>
  );
}

interface TableProps {
  walked: Walked;
  written: Written | null;
  /** what stands on the right as long as nothing is written */
  meanwhile: string;
}

function Table({ walked, written, meanwhile }: TableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          <th scope="col" className={styles.grid}>
            the cat in the grid
          </th>
          <th scope="col" className={styles.language}>
            the model that writes
          </th>
        </tr>
      </thead>
      <tbody>
        {(Object.keys(TERMS) as Term[]).map((term) => (
          <tr key={term}>
            <th scope="row">{TERMS[term]}</th>
            <td className={styles.grid}>{GRID_COLUMN[term](walked)}</td>
            <td className={styles.language}>{written ? LANGUAGE_COLUMN[term](written) : meanwhile}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the table does not say, and the way to where its numbers come from. */
function End({ writing }: { writing: Writing | null }) {
  const { go, reach } = useLab(useShallow(({ view }) => ({ go: view.go, reach: view.reach })));
  const words = writing?.size.words;
  return (
    <div className={styles.end}>
      <Say lead="What differs:">
        the writing world has no slip and no cells that come back, but {words ? formatInteger(words) : 'hundreds of'}{' '}
        actions and a judge that speaks once, at the end. So V must be learned, and a leash (β · KL) keeps the policy
        where the judge can be trusted.
      </Say>
      <Button kind="primary" onClick={() => (writing?.rollout ? reach('rollouts/latest') : go('optimise'))}>
        {writing?.rollout ? 'Open this rollout on Optimise' : 'Open Optimise'}
      </Button>
    </div>
  );
}
