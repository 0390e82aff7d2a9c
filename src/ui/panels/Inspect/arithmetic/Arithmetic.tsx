import { type ReactNode, useEffect, useId, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type Arithmetic as Numbers, tellingToken } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { ARITHMETIC_STEPS } from '../../../../store/models/inspectPlace';
import { Button } from '../../../primitives/Button';
import { Disclosure } from '../../../primitives/Disclosure';
import { EmptyState } from '../../../primitives/EmptyState';
import { formatRate } from '../../../primitives/format';
import { Progress } from '../../../primitives/Progress';
import { Select } from '../../../primitives/Select';
import { eachKey, useDrawerKeys } from '../../../primitives/useKeys';
import parts from '../parts.module.css';
import { Words } from '../Words';
import styles from './Arithmetic.module.css';
import { NumbersTable } from './NumbersTable';
import { columnOf, indexOf } from './StepRow';
import { StepThumbs } from './StepThumb';
import { Sublayers } from './Sublayers';
import { SumCard } from './SumCard';
import { FORMULAS, question, sentence } from './sentences';
import { PICTURES, telling } from './steps';
import { type Chosen, sumOf } from './sums';
import { ranked, type View, viewOf, weightsOf } from './view';

/** so long each step stays while it plays */
const PLAY_MS = 5000;

/** The attention of one token in five steps, every number with what it was summed from. */
export function Arithmetic() {
  const { arithmetic, busy, text } = useLab(
    useShallow(({ inspect }) => ({ arithmetic: inspect.arithmetic, busy: inspect.busy, text: inspect.text })),
  );
  return (
    <section className={`${parts.tab} ${styles.arithmetic}`} aria-label="Arithmetic" aria-busy={busy}>
      {arithmetic ? (
        <Steps arithmetic={arithmetic} />
      ) : (
        <EmptyState title={text.trim() === '' ? 'Type a text' : 'Reading…'}>
          The attention of one token, number by number, shows up here.
        </EmptyState>
      )}
    </section>
  );
}

function Choices({ view }: { view: View }) {
  const { setHead, setToken } = useLab(
    useShallow(({ inspect }) => ({ setHead: inspect.setHead, setToken: inspect.setToken })),
  );
  const { arithmetic, head, row } = view;
  const { layers, heads } = arithmetic.model;
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `${i}`, label: `${i + 1}` }));
  return (
    <div className={styles.choices}>
      <Select
        className={styles.choice}
        label="Layer"
        value={`${arithmetic.layer}`}
        options={numbers(layers)}
        onChange={(layer) => setHead(Number(layer), head)}
      />
      <Select
        className={styles.choice}
        label="Head"
        value={`${head}`}
        options={numbers(heads)}
        onChange={(next) => setHead(arithmetic.layer, Number(next))}
      />
      <Select
        className={styles.choice}
        label="Token"
        value={`${row}`}
        options={view.options.map((label, i) => ({ value: `${i}`, label }))}
        onChange={(token) => setToken(Number(token))}
      />
    </div>
  );
}

/** The number that is shown: what the pointer is on, else what is held, else the most telling of the step. */
function useChosen(view: View, step: number) {
  const [held, setHeld] = useState<{ step: number; chosen: Chosen } | null>(null);
  const [pointed, setPointed] = useState<Chosen | null>(null);
  const [best] = ranked(view, weightsOf(view));
  const own = held?.step === step ? held.chosen : null;
  const chosen = pointed ?? own ?? telling(view, step, best as number);
  return {
    chosen,
    isHeld: own !== null,
    hold: (next: Chosen) => setHeld({ step, chosen: next }),
    letGo: () => setHeld(null),
    setPointed,
  };
}

function usePlay(step: number, setStep: (step: number) => void) {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    if (step >= ARITHMETIC_STEPS) return setPlaying(false);
    const timer = setTimeout(() => setStep(step + 1), PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, step, setStep]);
  const toggle = () => {
    if (!playing && step >= ARITHMETIC_STEPS) setStep(1);
    setPlaying(!playing);
  };
  return { playing, toggle };
}

const STEP_KEYS = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 } as const;
const clamped = (step: number) => Math.max(1, Math.min(ARITHMETIC_STEPS, step));

interface Playing {
  step: number;
  setStep: (step: number) => void;
  playing: boolean;
  toggle: () => void;
}

function Controls({ step, setStep, playing, toggle, children }: Playing & { children: ReactNode }) {
  return (
    <div className={parts.controls}>
      <Button keyCap="←" onClick={() => setStep(clamped(step - 1))} disabled={step === 1}>
        Previous step
      </Button>
      <Button keyCap="Space" onClick={toggle}>
        {playing ? 'Pause' : 'Play'}
      </Button>
      <Button kind="primary" keyCap="→" onClick={() => setStep(clamped(step + 1))} disabled={step === ARITHMETIC_STEPS}>
        Next step
      </Button>
      <span className={styles.count}>
        step <b>{step}</b> of {ARITHMETIC_STEPS}
      </span>
      <div className={styles.progress}>
        <Progress label="Step" value={step} max={ARITHMETIC_STEPS} />
      </div>
      {children}
    </div>
  );
}

/** Arrows go through steps and tokens, digits to a step. */
function useStepKeys(view: View, { step, setStep, toggle }: Playing, picked: ReturnType<typeof useChosen>) {
  const { chosen, isHeld, hold, letGo } = picked;
  const move = (by: number) => {
    const column = columnOf(chosen) ?? view.row;
    const next = Math.max(0, Math.min(step === 4 ? view.row : view.names.length - 1, column + by));
    if (step <= 3) hold(telling(view, step, next));
    else if (step === 4) hold({ of: 'v', token: next, index: indexOf(chosen) ?? 0 });
  };
  useDrawerKeys<'Inspect, Arithmetic'>({
    ArrowLeft: () => setStep(clamped(step - 1)),
    ArrowRight: () => setStep(clamped(step + 1)),
    ArrowUp: () => move(-1),
    ArrowDown: () => move(1),
    Space: toggle,
    ...(isHeld && { Escape: letGo }),
    ...eachKey(STEP_KEYS, setStep),
  });
}

interface LargePictureProps {
  view: View;
  step: number;
  tableId: string;
  children: ReactNode;
}

function LargePicture({ view, step, tableId, children }: LargePictureProps) {
  return (
    <figure className={styles.large} aria-label={`Step ${step}: ${question(view, step)}`} aria-details={tableId}>
      <div className={styles.question}>
        <h3>
          {step} · {question(view, step)}
        </h3>
        <span className={styles.formula}>{FORMULAS[step - 1]?.replace('√D', `√${view.size}`)}</span>
      </div>
      {children}
    </figure>
  );
}

function Steps({ arithmetic }: { arithmetic: Numbers }) {
  const { head, token, step, setStep, setToken } = useLab(
    useShallow(({ inspect }) => ({
      head: inspect.head,
      token: inspect.token,
      step: inspect.step,
      setStep: inspect.setStep,
      setToken: inspect.setToken,
    })),
  );
  const view = viewOf(arithmetic, head, token ?? tellingToken(arithmetic.tokens));
  const picked = useChosen(view, step);
  const { chosen, isHeld, hold, setPointed } = picked;
  const playing = { step, setStep, ...usePlay(step, setStep) };
  const [others, setOthers] = useState(false);
  const tableId = useId();
  useStepKeys(view, playing, picked);
  const Picture = PICTURES[step - 1] as (typeof PICTURES)[number];
  return (
    <div className={parts.tab} data-keeps-escape={isHeld || undefined}>
      <div className={styles.top}>
        <Words tokens={arithmetic.tokens} chosen={view.row} strikes onToken={setToken} />
        <Choices view={view} />
      </div>
      <div className={styles.three}>
        <StepThumbs view={view} step={step} onStep={setStep} />
        <LargePicture view={view} step={step} tableId={tableId}>
          <Picture view={view} chosen={chosen} onPoint={setPointed} onHold={hold} />
        </LargePicture>
        <div className={styles.side}>
          <SumCard sum={sumOf(view, chosen)} />
          <p className={parts.sentence} aria-live="polite">
            {sentence(view, step)}
          </p>
        </div>
      </div>
      <Controls {...playing}>
        <Button aria-expanded={others} onClick={() => setOthers(!others)}>
          Other sublayers
        </Button>
      </Controls>
      {others && <Sublayers view={view} />}
      <Disclosure summary="As a table">
        <NumbersTable id={tableId} view={view} caption={sentence(view, step)} />
      </Disclosure>
      <p className={parts.note}>
        Attention is what the executor computed. The other numbers are computed again for this view: their attention is
        within {formatRate(arithmetic.check.attention)} of it, their last hidden state within{' '}
        {formatRate(arithmetic.check.hidden)}. {fixed(view.size, 0)} numbers a head.
      </p>
    </div>
  );
}
