import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { Card } from '../../primitives/Card';
import { Dialog } from '../../primitives/Dialog';
import { Say } from '../../primitives/Say';
import { TokenStrip } from '../../primitives/TokenStrip';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import { GaeChain } from './GaeChain';
import styles from './InNumbers.module.css';
import { KlCard } from './KlCard';
import { KlPlaces } from './KlPlaces';
import { Loop } from './Loop';
import { loopOf, nextPlace } from './loop';
import { NoBatch } from './NoBatch';
import { NumberTable } from './NumberTable';
import { Choices, type Looked, type PlaceProps, Steps } from './PpoPlace';
import { RatioScatter } from './RatioScatter';
import { dotsOf, equalSentence, lossSentence, verdictOf } from './silenced';
import { digits, ROUNDED, tokenLines } from './tokenLines';
import { useBatch } from './useBatch';
import { useFocusHere } from './useFocusHere';

/** after the way of telling better from worse */
const TITLES: Record<PpoBatch['config']['advantages'], string> = {
  gae: 'PPO in numbers',
  rloo: 'RLOO in numbers',
  grpo: 'GRPO in numbers',
};

/** milliseconds between two phases of their own */
const RUN_MS = 1200;

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

/** Steps by itself; it goes on through new batches. */
function useClock(running: boolean, step: () => void, epochs: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step is another function each time
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(step, RUN_MS);
    return () => clearInterval(timer);
  }, [running, epochs]);
}

/** The last batch of PPO, token by token, with every number that was put in. */
export function PpoInNumbers({ onClose }: { onClose: () => void }) {
  const [frozen, setFrozen] = useState(false);
  const { batch: newest, trouble } = useBatch('ppo', frozen);
  const batch = newest?.kind === 'ppo' ? newest : null;
  const [looked, setLooked] = useState<Looked>({ row: 0, token: 0, epoch: 0, phase: 1 });
  const [running, setRunning] = useState(false);
  const epochs = batch?.epochs.length ?? 0;
  const step = () => setLooked((old) => ({ ...old, ...nextPlace(old, epochs) }));
  useClock(running, step, epochs);
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
  if (!batch)
    return (
      <Dialog title="PPO in numbers" shape="box" open onClose={onClose}>
        <NoBatch kind="ppo" trouble={trouble} />
      </Dialog>
    );
  const chosen: PlaceProps = {
    batch,
    at: within(batch, looked),
    onLook: (fields) => setLooked((old) => ({ ...within(batch, old), ...fields })),
  };
  const steps = {
    onStep: step,
    running,
    onRun: () => setRunning(!running),
    frozen,
    onFreeze: () => setFrozen(!frozen),
  };
  return (
    <Dialog
      title={TITLES[batch.config.advantages]}
      shape="sheet"
      wide
      open
      onClose={onClose}
      onKeyDown={onKeyDown}
      description={<Choices {...chosen} />}
      footer={<Steps {...chosen} {...steps} />}
    >
      <Numbers {...chosen} />
    </Dialog>
  );
}

function Numbers({ batch, at, onLook }: PlaceProps) {
  const content = useFocusHere();
  const lines = useMemo(() => tokenLines(batch, at), [batch, at]);
  const dots = useMemo(() => dotsOf(batch, at.epoch), [batch, at.epoch]);
  const verdict = verdictOf(batch, at, dots);
  const lit = lines.filter(({ phase }) => phase === at.phase).map(({ formula }) => formula);
  const said = [lossSentence(batch, at.epoch), equalSentence(batch)].filter((words) => words !== null);
  const { prompt, tokens, score } = batch.rollouts[at.row]!;
  const first = at.row * batch.length;
  const withChain = batch.config.advantages === 'gae';
  return (
    <div className={styles.grid} ref={content} tabIndex={-1}>
      <Loop parts={loopOf(batch.config)} phase={at.phase} onPhase={(phase) => onLook({ phase })} formulas={lit}>
        <Say tone={verdict.lead === 'Silenced.' ? 'warn' : 'neutral'} lead={verdict.lead}>
          {verdict.words}
        </Say>
      </Loop>
      <Card title="One token, from its probability to its loss" note={`score of the text ${digits(score)}; ${ROUNDED}`}>
        <p className={styles.text}>
          <span className={styles.prompt}>{prompt}</span>{' '}
          <TokenStrip
            tokens={tokens.map((text, i) => ({ text, value: batch.tokens.advantages[first + i]! }))}
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
        <KlCard batch={batch} row={at.row} />
      </div>
      <KlPlaces batch={batch} at={at} />
    </div>
  );
}
