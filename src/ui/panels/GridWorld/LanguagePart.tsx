import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { fixed, signed } from '../../../contract/numbers';
import { lastRollout, shippedWriting, type Writing } from '../../../store/gridworld/writing';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import styles from './LanguagePart.module.css';
import { policyValuesOf } from './parts';
import { useGridLesson } from './useGridLesson';
import { ACTION_WORDS, ARROWS, chance, rewardWords, stateName, tinyChance, valueWords } from './words';

/** one row: the term, what it is on the grid, what it is where a model writes */
type Row = readonly [term: string, grid: ReactNode, language: ReactNode];

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

const serif = (text: string): ReactNode => <span className={styles.story}>{text}</span>;

/** what the grid has to say, of the walk that is shown */
function useGridColumn(): Record<string, ReactNode> | null {
  const lesson = useGridLesson(({ world, solution, walk, policy, run }) => ({ world, solution, walk, policy, run }));
  const { world, solution, walk } = lesson;
  const first = walk?.steps[0];
  if (!solution || !walk || !first) return null;
  const values = policyValuesOf(lesson);
  const name = stateName(solution, first.state);
  const expected = values?.values[first.state];
  const total = walk.returns[0]!;
  const paid = Object.entries(world.rewards).filter(([sign]) => world.layout.join('').includes(sign));
  return {
    state: (
      <>
        the cell the cat stands on: <b>{name}</b>, one of {solution.cells.length}
      </>
    ),
    action: (
      <>
        one of <b>4</b> directions: <b>{`${ARROWS[first.action]} ${ACTION_WORDS[first.action]}`}</b>
      </>
    ),
    policy: (
      <>
        π({ARROWS[first.action]} | {name}) = <b>{fixed(first.chosen, 2)}</b>
      </>
    ),
    transition: (
      <>
        as meant with <b>{chance(1 - world.slip)}</b>, else {world.slipKind === 'stay' ? 'it stays' : 'to a side'}
      </>
    ),
    trajectory: (
      <>
        {walk.steps.length} steps, p = <b>{tinyChance(Math.exp(walk.logProbability))}</b>, {2 * walk.steps.length}{' '}
        factors
      </>
    ),
    reward: (
      <>
        {paid.map(([, reward]) => rewardWords(reward)).join(', ')} at an end, {rewardWords(world.stepReward)} a step
      </>
    ),
    return: (
      <>
        γ {chance(world.gamma)}: <b>{valueWords(total)}</b>
        {walk.cut && ', cut by the step limit'}
      </>
    ),
    value:
      expected === undefined ? (
        'not finite'
      ) : (
        <>
          V({name}) = <b>{valueWords(expected)}</b>, solved exactly
        </>
      ),
    advantage:
      expected === undefined ? (
        'not finite'
      ) : (
        <>
          {valueWords(total)} − {valueWords(expected)} = <b>{signed(total - expected, 3)}</b>
        </>
      ),
    update: <>PPO, a table of {4 * solution.isEnd.filter((end) => !end).length} numbers</>,
  };
}

/** what a writing model has to say, of one text */
function useLanguageColumn(writing: Writing | null): Record<string, ReactNode> {
  const spec = useLab((state) => state.runs.ppo.spec);
  if (!writing) return {};
  const { words, chosen, prompt, rollout, size } = writing;
  const word = words[chosen]!;
  const before = [prompt, ...words.slice(0, chosen).map(({ text }) => text)].join(' ');
  const known = words.every(({ probability }) => probability !== null);
  const logp = words.reduce((sum, { probability }) => sum + Math.log(probability ?? 1), 0);
  const token = rollout?.row.tokens[chosen];
  const paid = rollout ? rollout.row.tokens.reduce((sum, { reward }) => sum + reward, 0) : 0;
  const config = spec?.kind === 'ppo' ? spec.config : null;
  const none = 'no judge yet: train a reward model and run PPO';
  return {
    state: <>the prompt and all words so far: “{serif(before)}”</>,
    action: (
      <>
        one of {size.words ? <b>{formatInteger(size.words)}</b> : 'all'} words: <b>{serif(word.text)}</b>
      </>
    ),
    policy:
      word.probability !== null ? (
        <>
          π({serif(word.text)} | …) = <b>{fixed(word.probability, 3)}</b>, the model’s next-word bars
        </>
      ) : token ? (
        <>
          π ÷ π_ref of {serif(word.text)} = e<sup>{fixed(token.logRatio, 3)}</sup> ={' '}
          <b>{fixed(Math.exp(token.logRatio), 3)}</b>
        </>
      ) : (
        'the model’s next-word bars'
      ),
    transition: (
      <>
        the word is appended, always: <b>P = 1</b>
      </>
    ),
    trajectory: known ? (
      <>
        {words.length} words, p = e<sup>{fixed(logp, 3)}</sup> = <b>{tinyChance(Math.exp(logp))}</b>, {words.length}{' '}
        factors
      </>
    ) : (
      <>{words.length} words, as many factors</>
    ),
    reward: rollout ? (
      <>
        score at the end <b>{signed(rollout.row.score, 3)}</b>; at each word −β · kl, in all{' '}
        <b>{signed(paid - rollout.row.score, 3)}</b>
      </>
    ) : (
      'score at the end − β · KL'
    ),
    return: rollout ? (
      <>
        γ {config?.gamma ?? 1}: {fixed(rollout.row.score, 3)} {paid < rollout.row.score ? '−' : '+'}{' '}
        {fixed(Math.abs(paid - rollout.row.score), 3)} = <b>{fixed(paid, 3)}</b>
      </>
    ) : (
      none
    ),
    value: token ? (
      <>
        V before {serif(word.text)} = <b>{fixed(token.value, 3)}</b>, learned by the critic
      </>
    ) : (
      none
    ),
    advantage: token ? (
      <>
        GAE{config ? `, λ ${config.lam}` : ''}: <b>{signed(token.advantage, 3)}</b> for {serif(word.text)}
      </>
    ) : (
      none
    ),
    update: (
      <>
        PPO{config ? `, clip ${config.clipRange}` : ''}, a transformer
        {size.parameters ? ` of ${formatInteger(size.parameters)} numbers` : ''}
      </>
    ),
  };
}

const TERMS: readonly (readonly [key: string, term: string])[] = [
  ['state', 'State'],
  ['action', 'Action'],
  ['policy', 'Policy π(a | s)'],
  ['transition', 'Transition'],
  ['trajectory', 'Trajectory'],
  ['reward', 'Reward'],
  ['return', 'Return'],
  ['value', 'Value V'],
  ['advantage', 'Advantage'],
  ['update', 'Update'],
];

/** The same words in both worlds, with the visitor's own numbers, and the way to where they come from. */
export function LanguagePart() {
  const { writing, trouble } = useWriting();
  const grid = useGridColumn();
  const language = useLanguageColumn(writing);
  const { go, reach } = useLab(useShallow(({ view }) => ({ go: view.go, reach: view.reach })));
  if (!grid) return null;
  const rows: Row[] = TERMS.map(([key, term]) => [term, grid[key], language[key] ?? (trouble ? '–' : 'writing…')]);
  const from = writing?.rollout
    ? `right your rollout ${writing.rollout.place} of PPO’s iteration ${writing.rollout.iteration}`
    : 'right a text that the trained model which ships with the lab wrote just now';
  return (
    <>
      <Card title="One idea, two worlds" note={`left your walk on the grid, ${from}`}>
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
            {rows.map(([term, left, right]) => (
              <tr key={term}>
                <th scope="row">{term}</th>
                <td className={styles.grid}>{left}</td>
                <td className={styles.language}>{right}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {trouble && <p className={styles.trouble}>The right column could not be computed: {trouble}</p>}
      </Card>
      <div className={styles.end}>
        <Say lead="What differs:">
          the writing world has no slip and no cells that come back, but hundreds of actions and a judge that speaks
          once, at the end. So V must be learned, and a leash (β · KL) keeps the policy where the judge can be trusted.
        </Say>
        <Button kind="primary" onClick={() => (writing?.rollout ? reach('rollouts/latest') : go('optimise'))}>
          {writing?.rollout ? 'Open this rollout on Optimise' : 'Open Optimise'}
        </Button>
      </div>
    </>
  );
}
