import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Dialog } from '../../primitives/Dialog';
import { EmptyState } from '../../primitives/EmptyState';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { TokenStrip } from '../../primitives/TokenStrip';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import { GaeChain } from './GaeChain';
import styles from './InNumbers.module.css';
import { KlCard } from './KlCard';
import { Loop } from './Loop';
import { loopOf, nextPlace, PHASES, placeBefore } from './loop';
import { NumberTable } from './NumberTable';
import { RatioScatter } from './RatioScatter';
import { dotsOf, equalSentence, lossSentence, verdictOf } from './silenced';
import { asSet, digits, type TokenAt, tokenLines } from './tokenLines';
import { useBatch } from './useBatch';
import { useFocusHere } from './useFocusHere';

/** milliseconds between two phases of their own */
const RUN_MS = 1200;

interface Looked extends TokenAt {
  phase: number;
}

/** a place that the batch has: the next one may have fewer texts, tokens or epochs */
function within({ rollouts, epochs }: PpoBatch, { row, token, epoch, phase }: Looked): Looked {
  const there = Math.min(row, rollouts.length - 1);
  return {
    row: there,
    token: Math.min(token, rollouts[there]!.tokens.length - 1),
    epoch: Math.min(epoch, Math.max(0, epochs.length - 1)),
    phase,
  };
}

/** The last batch of PPO, token by token, with every number that was put in. */
export function PpoInNumbers({ onClose }: { onClose: () => void }) {
  const { batch: newest, trouble } = useBatch('ppo');
  const batch = newest?.kind === 'ppo' ? newest : null;
  const [looked, setLooked] = useState<Looked>({ row: 0, token: 0, epoch: 0, phase: 1 });
  const [running, setRunning] = useState(false);
  const epochs = batch?.epochs.length ?? 0;
  const step = () => setLooked((old) => ({ ...old, ...nextPlace(old, epochs) }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock goes on through new batches
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(step, RUN_MS);
    return () => clearInterval(timer);
  }, [running, epochs]);
  const keys: KeyMap<'In numbers', () => void> = {
    '.': step,
    Space: () => setRunning((old) => !old),
    ArrowLeft: () => setLooked((old) => ({ ...old, token: Math.max(0, old.token - 1) })),
    ArrowRight: () => batch && setLooked((old) => within(batch, { ...old, token: old.token + 1 })),
    ArrowUp: () => setLooked((old) => ({ ...old, row: Math.max(0, old.row - 1) })),
    ArrowDown: () => batch && setLooked((old) => within(batch, { ...old, row: old.row + 1 })),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const code = codeOf<'In numbers'>(event);
    const own = keys[code];
    const taken = code === 'Space' ? 'button, a, select' : 'select, [data-arrow-keys]';
    if (!own || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest(taken)) return;
    event.preventDefault();
    own();
  };
  return (
    <Dialog title="PPO in numbers" shape="sheet" open onClose={onClose} onKeyDown={onKeyDown}>
      {batch ? (
        <Numbers
          batch={batch}
          at={within(batch, looked)}
          onLook={(fields) => setLooked((old) => ({ ...within(batch, old), ...fields }))}
          onStep={step}
          running={running}
          onRun={() => setRunning(!running)}
        />
      ) : (
        <EmptyState title="No batch yet">
          {trouble ??
            'Train PPO for one iteration: press Train, or Step three times. The batch that it was trained on is then here, number by number, as long as the run is in this tab.'}
        </EmptyState>
      )}
    </Dialog>
  );
}

interface NumbersProps {
  batch: PpoBatch;
  at: Looked;
  onLook: (fields: Partial<Looked>) => void;
  onStep: () => void;
  running: boolean;
  onRun: () => void;
}

function Numbers(props: NumbersProps) {
  const { batch, at, onLook } = props;
  const content = useFocusHere();
  const lines = useMemo(() => tokenLines(batch, at), [batch, at]);
  const dots = useMemo(() => dotsOf(batch, at.epoch), [batch, at.epoch]);
  const verdict = verdictOf(batch, at, dots);
  const lit = lines.filter(({ phase }) => phase === at.phase).map(({ formula }) => formula);
  const said = [lossSentence(batch, at.epoch), equalSentence(batch)].filter((words) => words !== null);
  const { prompt, tokens, score } = batch.rollouts[at.row]!;
  const place = at.row * batch.length;
  const withChain = batch.config.advantages === 'gae';
  return (
    <>
      <Choices {...props} />
      <div className={styles.grid} ref={content} tabIndex={-1}>
        <div className={styles.column}>
          <Loop parts={loopOf(batch.config)} phase={at.phase} onPhase={(phase) => onLook({ phase })} formulas={lit} />
          <Say tone={verdict.lead === 'Silenced.' ? 'warn' : 'neutral'} lead={verdict.lead}>
            {verdict.words}
          </Say>
        </div>
        <Card title="One token, from its probability to its loss" note={`score of the text ${digits(score)}`}>
          <p className={styles.text}>
            <span className={styles.prompt}>{prompt}</span>{' '}
            <TokenStrip
              tokens={tokens.map((text, i) => ({ text, value: batch.tokens.advantages[place + i]! }))}
              meaning="advantage"
              picked={at.token}
              onPick={(token) => onLook({ token })}
            />
          </p>
          <NumberTable
            caption={`Numbers of the token ${tokens[at.token]}`}
            lines={lines}
            phase={at.phase}
            below={({ name }) => name === 'advantage A' && withChain && <GaeChain batch={batch} at={at} />}
          />
          {said.map((words) => (
            <p key={words} className={styles.note}>
              {words}
            </p>
          ))}
        </Card>
        <div className={styles.column}>
          <RatioScatter batch={batch} at={at} dots={dots} onChoose={({ row, token }) => onLook({ row, token })} />
          <KlCard batch={batch} row={at.row} epoch={at.epoch} />
        </div>
      </div>
      <Steps {...props} />
    </>
  );
}

const numbered = (count: number): { value: string; label: string }[] =>
  Array.from({ length: count }, (_, i) => ({ value: String(i), label: `${i + 1} of ${count}` }));

/** a word that comes twice says which one it is */
const named = (tokens: readonly string[]): { value: string; label: string }[] =>
  tokens.map((text, i) => {
    const before = tokens.slice(0, i).filter((one) => one === text).length;
    return { value: String(i), label: before > 0 ? `${text} (${before + 1})` : text };
  });

/** A setting as one reads it. */
const setOf = ({ iteration, config }: PpoBatch): string => {
  const critic = config.advantages === 'gae' ? ` · γ ${config.gamma} · λ ${config.lam}` : ` · K ${config.groupSize}`;
  return `iteration ${iteration} · β ${asSet(config.klCoef)}${critic} · ε ${config.clipRange}`;
};

function Choices({ batch, at, onLook }: NumbersProps) {
  return (
    <div className={styles.choices}>
      <Select
        label="Rollout"
        value={String(at.row)}
        options={numbered(batch.rollouts.length)}
        onChange={(row) => onLook({ row: Number(row), token: 0 })}
      />
      <Select
        label="Token"
        value={String(at.token)}
        options={named(batch.rollouts[at.row]!.tokens)}
        onChange={(token) => onLook({ token: Number(token) })}
      />
      <Select
        label="Epoch"
        value={String(at.epoch)}
        options={numbered(batch.epochs.length)}
        onChange={(epoch) => onLook({ epoch: Number(epoch) })}
      />
      <span className={styles.settings}>{setOf(batch)}</span>
    </div>
  );
}

function Steps({ batch, at, onLook, onStep, running, onRun }: NumbersProps) {
  const epochs = batch.epochs.length;
  return (
    <div className={styles.steps}>
      <Button onClick={() => onLook(placeBefore(at, epochs))} disabled={at.phase === 1}>
        Back
      </Button>
      <Button kind="primary" keyCap="." onClick={onStep}>
        Step
      </Button>
      <Button keyCap="Space" aria-pressed={running} onClick={onRun}>
        Run on
      </Button>
      <p aria-live="polite">
        phase <b>{at.phase}</b> of {PHASES} · epoch <b>{at.epoch + 1}</b> of {epochs}
      </p>
      <p className={styles.settings}>rounded to 3 digits; trained on in 32-bit</p>
    </div>
  );
}
