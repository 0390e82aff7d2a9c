import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type CheckpointInfo, RUN_KINDS, type RunKind } from '../../../contract/domain';
import type { ErrorReport } from '../../../contract/errors';
import { useLab } from '../../../store/lab';
import { comparedIds } from '../../../store/models/differenceSlice';
import { inspectedId, liveId } from '../../../store/models/inspected';
import { INSPECT_TABS, type InspectTab } from '../../../store/models/inspectPlace';
import type { LabState } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Chip } from '../../primitives/Chip';
import { Dialog } from '../../primitives/Dialog';
import { EmptyState } from '../../primitives/EmptyState';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { TextField } from '../../primitives/TextField';
import { unknownSentence } from '../../primitives/unknownWords';
import { useDrawerKeys } from '../../primitives/useKeys';
import { useIsShown } from '../LessonView';
import { useDebounced } from '../useDebounced';
import { AttentionTab } from './AttentionTab';
import { Arithmetic } from './arithmetic/Arithmetic';
import { DifferenceTab } from './difference/DifferenceTab';
import styles from './Inspect.module.css';
import { Layers } from './layers/Layers';
import { WordsTab } from './wordMap/WordsTab';

const VIEWS: Record<InspectTab, { label: string; content: ReactNode }> = {
  attention: { label: 'Attention', content: <AttentionTab /> },
  arithmetic: { label: 'Arithmetic', content: <Arithmetic /> },
  layers: { label: 'Layers', content: <Layers /> },
  words: { label: 'Words', content: <WordsTab /> },
  'before-after': { label: 'Before and after', content: <DifferenceTab /> },
};

/** The drawer that looks inside any model of the shelf, on every stage; widened it has the page and an address. */
export function Inspect() {
  const { open, hide, wide, setWide } = useLab(
    useShallow(({ inspect: { open, hide, wide, setWide } }) => ({ open, hide, wide, setWide })),
  );
  const toggle = () => setWide(!wide);
  useDrawerKeys<'Inspect'>({ f: toggle }, open);
  return (
    <Dialog
      title="Inspect"
      shape="drawer"
      open={open}
      onClose={hide}
      covers={wide}
      actions={
        <Button keyCap="F" onClick={toggle}>
          {wide ? 'Narrow' : 'Widen'}
        </Button>
      }
      description={<span className={styles.note}>any model, any text</span>}
    >
      <InspectBody />
    </Dialog>
  );
}

/** The same as a page, where a lesson speaks of it. */
export function InspectStage() {
  return (
    <Stage heading="Inspect" showHeading className={styles.page}>
      <h2 className="visually-hidden">Any model, any text</h2>
      <InspectBody />
    </Stage>
  );
}

function InspectBody() {
  const checkpointId = useLab(inspectedId);
  const error = useLab((lab) => lab.inspect.error);
  const text = useLab((lab) => lab.inspect.text);
  const setText = useLab((lab) => lab.inspect.setText);
  const [draft, setDraft] = useDebounced(text, setText);
  const { tab, setTab, wide } = useLab(
    useShallow(({ inspect }) => ({ tab: inspect.tab, setTab: inspect.setTab, wide: inspect.wide })),
  );
  const withViews = useIsShown('views');
  const withText = useIsShown('text');
  const ask = useRef<HTMLDivElement>(null);
  const begunWide = useRef(wide);
  useEffect(() => (begunWide.current ? undefined : focusText(ask.current)), []);
  const whole = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its top
  useLayoutEffect(() => void whole.current?.parentElement?.scrollTo?.(0, 0), [tab]);
  return (
    <div ref={whole} className={styles.whole}>
      {error && <Trouble error={error} />}
      <UnknownWords />
      <Tabs
        label="Views"
        about={
          withText &&
          checkpointId !== null && (
            <div className={styles.ask} ref={ask}>
              <TextField label="Text" value={draft} onChange={setDraft} story rows={wide ? 1 : 2} />
              {tab === 'before-after' ? (
                <TwoModels />
              ) : (
                <>
                  <CheckpointChoice checkpointId={checkpointId} />
                  <Live models={[checkpointId]} />
                </>
              )}
            </div>
          )
        }
        className={styles.tabs}
        tabs={INSPECT_TABS.filter((id) => withViews || id === tab).map((id) => ({
          ...{ id, ...VIEWS[id] },
          ...(checkpointId === null && { content: <NoModel /> }),
        }))}
        value={tab}
        onChange={setTab}
      />
    </div>
  );
}

function NoModel() {
  return (
    <EmptyState title="No model to look into yet" action={<LoadTrained />}>
      Load the trained model on the Start page, or pretrain one: its heads and its next tokens show up here.
    </EmptyState>
  );
}

/** fetches what is missing: the smallest model that ships with the page */
function LoadTrained() {
  const loadShipped = useLab((lab) => lab.shelf.loadShipped);
  const isUnderway = useLab((lab) => lab.work.underway.shipped !== undefined);
  return (
    <Button kind="primary" onClick={() => void loadShipped('tiny')} disabled={isUnderway}>
      Load the trained Tiny model
    </Button>
  );
}

/** the step of the model that is shown, which learns meanwhile */
const stepShown = ({ inspect, heads, words, difference }: LabState): number | null => {
  const shown: Record<InspectTab, { step?: number | null } | null> = {
    attention: inspect.maps,
    arithmetic: inspect.arithmetic,
    layers: heads.view,
    words: words.view,
    'before-after': difference.result,
  };
  return shown[inspect.tab]?.step ?? null;
};

/** Where one of the models learns: at which step it is seen, and a button that lets the picture stay. */
function Live({ models }: { models: readonly string[] }) {
  const step = useLab(stepShown);
  const { frozen, setFrozen } = useLab(
    useShallow(({ inspect }) => ({ frozen: inspect.frozen, setFrozen: inspect.setFrozen })),
  );
  if (!models.some((id) => id.startsWith(liveId('')))) return null;
  return (
    <p className={styles.live}>
      {step !== null && <Chip>step {formatInteger(step)}</Chip>}
      <Button aria-pressed={frozen} onClick={() => setFrozen(!frozen)}>
        Freeze
      </Button>
    </p>
  );
}

function Trouble({ error: { code, message } }: { error: ErrorReport }) {
  if (code === 'work/cancelled')
    return <Say lead="Cancelled.">Change text, model or tab, and it is looked at again.</Say>;
  return (
    <Say tone="bad" lead="That did not work.">
      {message}
    </Say>
  );
}

/** those of the text that the tab has read */
const unknownWords = ({ inspect, heads, words, difference }: LabState): readonly string[] | undefined =>
  ({
    attention: inspect.maps,
    arithmetic: inspect.arithmetic,
    layers: heads.view,
    words: words.view,
    'before-after': difference.result,
  })[inspect.tab]?.unknownWords;

function UnknownWords() {
  const words = useLab(unknownWords);
  return words && words.length > 0 ? <p className={styles.caveat}>{unknownSentence(words)}</p> : null;
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

/** every model that can be looked into: those that learn first */
function useModels(isFit: (info: CheckpointInfo) => boolean = () => true) {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const runIds = useLab(useShallow(({ runs }) => RUN_KINDS.map((kind) => runs[kind].runId)));
  const live = RUN_KINDS.flatMap((kind, i) => (runIds[i] ? [{ value: liveId(runIds[i]), label: LIVE[kind] }] : []));
  const isCommon = (name: string) => checkpoints.filter((other) => other.name === name).length > 1;
  const kept = checkpoints.filter(isFit).map(({ checkpointId: value, name, step }) => ({
    value,
    label: isCommon(name) ? `${name}, step ${step.toLocaleString('en-US')}` : name,
  }));
  return [...live, ...kept];
}

function CheckpointChoice({ checkpointId }: { checkpointId: string }) {
  const setCheckpoint = useLab((lab) => lab.inspect.setCheckpoint);
  return <Select label="Model" value={checkpointId} options={useModels()} onChange={setCheckpoint} />;
}

/** the two that are held against each other; a reward model says no words */
function TwoModels() {
  const { before, after } = useLab(useShallow(comparedIds));
  const compare = useLab((lab) => lab.difference.compare);
  const options = useModels(({ kind }) => kind !== 'reward');
  if (before === null || after === null) return null;
  return (
    <>
      <div className={styles.two}>
        <Select label="Before" value={before} options={options} onChange={(next) => compare(next, after)} />
        <Select label="After" value={after} options={options} onChange={(next) => compare(before, next)} />
      </div>
      <Live models={[before, after]} />
    </>
  );
}
