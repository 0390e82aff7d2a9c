import { type CSSProperties, useEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { RUN_KINDS, type RunKind } from '../../../contract/domain';
import type { ErrorReport } from '../../../contract/errors';
import { useLab } from '../../../store/lab';
import { inspectedId, inspectsReward, liveId } from '../../../store/models/inspected';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import { EmptyState } from '../../primitives/EmptyState';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { StoryText } from '../../primitives/StoryText';
import { TextField } from '../../primitives/TextField';
import { unknownSentence } from '../../primitives/unknownWords';
import { useDebounced } from '../useDebounced';
import { AttentionView } from './AttentionView';
import styles from './Inspect.module.css';
import { NextTokens } from './NextTokens';

/** The drawer that looks inside any model of the shelf, on every stage. */
export function Inspect() {
  const open = useLab((lab) => lab.inspect.open);
  const hide = useLab((lab) => lab.inspect.hide);
  return (
    <Dialog
      title="Inspect"
      shape="drawer"
      open={open}
      onClose={hide}
      description={<span className={styles.note}>any model, any text</span>}
    >
      <InspectBody />
    </Dialog>
  );
}

function InspectBody() {
  const checkpointId = useLab(inspectedId);
  const error = useLab((lab) => lab.inspect.error);
  const text = useLab((lab) => lab.inspect.text);
  const setText = useLab((lab) => lab.inspect.setText);
  const [draft, setDraft] = useDebounced(text, setText);
  const ask = useRef<HTMLDivElement>(null);
  useEffect(() => focusText(ask.current), []);
  if (checkpointId === null) {
    return (
      <EmptyState title="No model to look into yet">
        Load the trained model on the Start page, or pretrain one: its heads and its next tokens show up here.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.ask} ref={ask}>
        <TextField label="Text" value={draft} onChange={setDraft} story rows={2} />
        <CheckpointChoice checkpointId={checkpointId} />
      </div>
      {error && <Trouble error={error} />}
      <UnknownWords />
      <Attention />
      <Next />
    </>
  );
}

function Trouble({ error: { code, message } }: { error: ErrorReport }) {
  if (code === 'work/cancelled') return <Say lead="Cancelled.">This text was not read. Change it, and it is read.</Say>;
  return (
    <Say tone="bad" lead="That did not work.">
      {message}
    </Say>
  );
}

function UnknownWords() {
  const words = useLab((lab) => lab.inspect.maps?.unknownWords);
  return words ? <p className={styles.caveat}>{unknownSentence(words)}</p> : null;
}

/**
 * Who has a keyboard can type at once; on a phone the keyboard would cover the drawer. Waits for the drawer to take the
 * focus first.
 */
function focusText(around: HTMLElement | null): (() => void) | undefined {
  if (!window.matchMedia?.('(pointer: fine)').matches) return undefined;
  const timer = setTimeout(() => around?.querySelector('textarea')?.focus(), 0);
  return () => clearTimeout(timer);
}

/** The model of a run as it stands, between two steps. */
const LIVE: Record<RunKind, string> = {
  pretrain: 'Live: Pretrain',
  finetune: 'Live: Fine-tune',
  reward: 'Live: Reward model',
  ppo: 'Live: policy of PPO',
  dpo: 'Live: policy of DPO',
  bestOf: 'Live: the policy that Best of N samples',
};

function CheckpointChoice({ checkpointId }: { checkpointId: string }) {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const runIds = useLab(useShallow(({ runs }) => RUN_KINDS.map((kind) => runs[kind].runId)));
  const setCheckpoint = useLab((lab) => lab.inspect.setCheckpoint);
  const live = RUN_KINDS.flatMap((kind, i) => (runIds[i] ? [{ value: liveId(runIds[i]), label: LIVE[kind] }] : []));
  const isCommon = (name: string) => checkpoints.filter((other) => other.name === name).length > 1;
  const kept = checkpoints.map(({ checkpointId: value, name, step }) => ({
    value,
    label: isCommon(name) ? `${name}, step ${step.toLocaleString('en-US')}` : name,
  }));
  return <Select label="Model" value={checkpointId} options={[...live, ...kept]} onChange={setCheckpoint} />;
}

function Attention() {
  const { maps, layer, head, busy } = useLab(
    useShallow(({ inspect }) => ({ maps: inspect.maps, layer: inspect.layer, head: inspect.head, busy: inspect.busy })),
  );
  const setHead = useLab((lab) => lab.inspect.setHead);
  return (
    <section className={styles.part} aria-label="Attention" aria-busy={busy}>
      <h3 className={styles.title}>Attention</h3>
      {maps && maps.tokens.length > 0 ? (
        <div className={styles.map} style={{ '--tokens': maps.tokens.length } as CSSProperties}>
          <AttentionView maps={maps} at={{ layer, head }} onHead={(at) => setHead(at.layer, at.head)} />
        </div>
      ) : (
        <EmptyState title={busy ? 'Reading…' : 'Type a text'}>
          Each row is a token, and shows which earlier tokens it reads from.
        </EmptyState>
      )}
      <p className={styles.caveat}>Attention shows where information was read, not why: a hint, not an explanation.</p>
    </section>
  );
}

function Next() {
  const { next, sampling, completion, busy, text } = useLab(
    useShallow(({ inspect }) => ({
      next: inspect.next,
      sampling: inspect.sampling,
      completion: inspect.completion,
      busy: inspect.busy,
      text: inspect.text,
    })),
  );
  const setSampling = useLab((lab) => lab.inspect.setSampling);
  const [knobs, setKnobs] = useDebounced(sampling, setSampling);
  const complete = useLab((lab) => lab.inspect.complete);
  const isReward = useLab(inspectsReward);
  if (isReward) return <p className={styles.caveat}>A reward model judges texts and predicts no next token.</p>;
  return (
    <section className={styles.part} aria-label="Next token">
      <h3 className={styles.title}>Next token</h3>
      {next.length === 0 && <p className={styles.caveat}>Type a text: what may follow it shows up here.</p>}
      <NextTokens next={next} sampling={knobs} onSampling={(fields) => setKnobs({ ...knobs, ...fields })} />
      <p className={styles.complete}>
        <Button onClick={() => complete()} disabled={busy || text.trim() === ''}>
          Complete
        </Button>
        {completion !== '' && <StoryText text={completion} tone="policy" />}
      </p>
    </section>
  );
}
