import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import type { RunBatch } from '../../../contract/stepBatch';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Dialog } from '../../primitives/Dialog';
import { Select } from '../../primitives/Select';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import { IN_NUMBERS, type NumberedKind } from '../numberedKinds';
import { useChosenN } from '../Optimise/ChosenN';
import { usePayment } from '../Optimise/Requirements';
import { FreezeButton } from './FreezeButton';
import styles from './InNumbers.module.css';
import { Loop } from './Loop';
import type { LoopPart } from './loop';
import { bestOfItems, dpoItems, fineTuneItems, methodLoop, type NumberedItem, rewardItems } from './methodItems';
import { NoBatch } from './NoBatch';
import { NumberTable } from './NumberTable';
import { ROUNDED } from './tokenLines';
import { useBatch } from './useBatch';
import { useFocusHere } from './useFocusHere';

/** what one example is called */
const ITEMS: Record<Exclude<NumberedKind, 'ppo'>, string> = {
  dpo: 'Pair',
  reward: 'Comparison',
  finetune: 'Demonstration',
  bestOf: 'Prompt',
};

const NONE: readonly NumberedItem[] = [];

function itemsOf(batch: RunBatch | null): readonly NumberedItem[] {
  if (batch?.kind === 'dpo') return dpoItems(batch);
  if (batch?.kind === 'reward') return rewardItems(batch);
  return batch?.kind === 'finetune' ? fineTuneItems(batch) : NONE;
}

/** The newest step of a method with every number that was put in; best of N is read off its samples. */
export function MethodInNumbers({ kind, onClose }: { kind: NumberedKind; onClose: () => void }) {
  const [frozen, setFrozen] = useState(false);
  const { batch, trouble } = useBatch(kind, frozen);
  const { n } = useChosenN();
  const payer = usePayment('bestOf');
  const drawn = useLab(({ runs }) => runs.bestOf.bestOf?.result.prompts);
  const items = useMemo(
    () => (kind === 'bestOf' ? bestOfItems(drawn ?? [], n, payer) : itemsOf(batch)),
    [kind, batch, drawn, n, payer],
  );
  const step = batch && batch.kind !== 'ppo' ? `step ${batch.step}` : null;
  if (kind === 'ppo') return null;
  return items.length > 0 ? (
    <Numbers
      kind={kind}
      parts={methodLoop(kind, payer)}
      items={items}
      step={step}
      frozen={frozen}
      onFreeze={() => setFrozen(!frozen)}
      onClose={onClose}
    />
  ) : (
    <Dialog title={IN_NUMBERS[kind]} shape="box" open onClose={onClose}>
      <NoBatch kind={kind} trouble={trouble} />
    </Dialog>
  );
}

interface NumbersProps {
  kind: Exclude<NumberedKind, 'ppo'>;
  parts: readonly LoopPart[];
  items: readonly NumberedItem[];
  step: string | null;
  frozen: boolean;
  onFreeze: () => void;
  onClose: () => void;
}

function Numbers({ kind, parts, items, step, frozen, onFreeze, onClose }: NumbersProps) {
  const [index, setIndex] = useState(0);
  const [phase, setPhase] = useState(1);
  const content = useFocusHere();
  const shown = Math.min(index, items.length - 1);
  const { lines } = items[shown]!;
  const phases = parts.reduce((count, one) => count + one.lines.length, 0);
  const next = () => setPhase((old) => (old % phases) + 1);
  const lit = lines.filter((line) => line.phase === phase).map(({ formula }) => formula);
  const move = (by: number) => setIndex(Math.max(0, Math.min(items.length - 1, shown + by)));
  const keys: KeyMap<'In numbers', () => void> = { '.': next, ArrowUp: () => move(-1), ArrowDown: () => move(1) };
  const onKeyDown = (event: KeyboardEvent) => {
    const own = keys[codeOf<'In numbers'>(event)];
    if (!own || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('select')) return;
    event.preventDefault();
    own();
  };
  const choices = (
    <div className={styles.choices}>
      <Select
        className={styles.choice}
        label={ITEMS[kind]}
        value={String(shown)}
        options={items.map((_, i) => ({ value: String(i), label: `${i + 1} of ${items.length}` }))}
        onChange={(value) => setIndex(Number(value))}
      />
      {step && <span className={styles.settings}>{step}</span>}
    </div>
  );
  return (
    <Dialog
      title={IN_NUMBERS[kind]}
      shape="sheet"
      open
      onClose={onClose}
      onKeyDown={onKeyDown}
      description={choices}
      footer={
        <Steps phase={phase} phases={phases} onBack={() => setPhase(phase - 1)} onNext={next}>
          {kind !== 'bestOf' && <FreezeButton kind={kind} frozen={frozen} onFreeze={onFreeze} />}
        </Steps>
      }
      focus={content}
    >
      <div className={styles.two} ref={content} tabIndex={-1}>
        <Loop parts={parts} phase={phase} onPhase={setPhase} formulas={lit} />
        <ItemCard kind={kind} item={items[shown]!} phase={phase} />
      </div>
    </Dialog>
  );
}

interface StepsProps {
  phase: number;
  phases: number;
  onBack: () => void;
  onNext: () => void;
  children: ReactNode;
}

function Steps({ phase, phases, onBack, onNext, children }: StepsProps) {
  return (
    <div className={styles.steps}>
      <Button onClick={onBack} disabled={phase === 1}>
        Back
      </Button>
      <Button kind="primary" keyCap="." onClick={onNext}>
        Step
      </Button>
      <p aria-live="polite">
        phase <b>{phase}</b> of {phases}
      </p>
      {children}
    </div>
  );
}

/** One example: its texts, and the numbers from them to its loss. */
function ItemCard({ kind, item, phase }: { kind: NumbersProps['kind']; item: NumberedItem; phase: number }) {
  const { prompt, texts, lines } = item;
  return (
    <Card
      title={kind === 'bestOf' ? 'From its samples to the winner' : 'From its texts to its loss'}
      note={kind === 'bestOf' ? 'rounded to 3 digits' : ROUNDED}
    >
      <p className={styles.prompt}>{prompt}</p>
      <dl className={styles.texts}>
        {texts.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <NumberTable caption={`Numbers of this ${ITEMS[kind].toLowerCase()}`} lines={lines} phase={phase} />
    </Card>
  );
}
