import { type ReactNode, useState } from 'react';
import { isOver, type RunStatus } from '../../contract/domain';
import { useKeys } from './useKeys';

export interface TransportBarProps {
  /** what is counted: "step 420 of 1,000" */
  noun?: 'step' | 'iteration' | 'prompt';
  /** null before the run was made */
  status: RunStatus | null;
  step: number;
  /** 0 while it is not known */
  totalSteps: number;
  elapsedMs: number;
  /** "98k tok/s · 0.12 M parameters" */
  rate?: ReactNode;
  seed: number;
  /** whether a model of the run may be in Checkpoints */
  keepsModels?: boolean;
  /** what a reset leaves alone besides, in a sentence */
  kept?: string;
  /** waiting for the thread: everything that would race it is off */
  busy?: boolean;
  /** what is not known yet, in a sentence: nothing can be pressed before what it would act on is there */
  waiting?: string | null;
  /** why the stage cannot train yet, in a sentence; null when it can */
  blocked?: string | null;
  /** resolves to 'ask' where it would throw away a run that nobody had been asked about: then the bar asks */
  onTrain: () => unknown;
  onPause: () => void;
  /** as onTrain */
  onStep: () => unknown;
  onReset: () => void;
  onInspect?: () => void;
}

/** Training longer than this is not thrown away by one click. */
const WORTH_ASKING_MS = 30_000;

type Asked = 'reset' | 'train' | 'step';

const startOver = (keepsModels: boolean) => ({
  title: 'Start over?',
  confirm: 'Start over',
  text: `The run goes back to step 0 with the current settings.${keepsModels ? ' Models of it that are in Checkpoints stay there.' : ''}`,
});
const trainAgain = (noun: string, status: RunStatus | null, keepsModels: boolean) => ({
  title: `Train again from ${noun} 0?`,
  confirm: 'Train again',
  text:
    noun === 'prompt'
      ? 'What was drawn goes.'
      : !keepsModels
        ? 'The finished one and its curves go.'
        : status === 'done'
          ? 'The finished model stays in Checkpoints; its curves go.'
          : 'What this run put into Checkpoints stays there; its curves go.',
});

/** What the bar asks before a run is thrown away. */
function useQuestion(
  { noun = 'step', status, keepsModels = true, kept = '' }: TransportBarProps,
  acts: Record<Asked, () => unknown>,
) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** a dialog that closes keeps its words until it is gone */
  const [open, setOpen] = useState(false);
  const ask = (act: Asked) => {
    setAsked(act);
    setOpen(true);
  };
  const { title, confirm, text } =
    asked === 'train' || asked === 'step' ? trainAgain(noun, status, keepsModels) : startOver(keepsModels);
  const dialog = { open, title, confirm, onConfirm: () => asked && acts[asked](), onClose: () => setOpen(false) };
  return { ask, dialog, words: `${text} ${asked === 'reset' ? kept : ''}` };
}

/** What can be pressed now and what it does, by the buttons and by their keys. */
export function useTransport(props: TransportBarProps) {
  const {
    status,
    step,
    elapsedMs,
    busy,
    waiting = null,
    blocked,
    onTrain,
    onPause,
    onStep,
    onReset,
    onInspect,
  } = props;
  const acts: Record<Asked, () => unknown> = { reset: onReset, train: onTrain, step: onStep };
  const { ask, dialog, words } = useQuestion(props, acts);
  const running = status === 'running';
  const idle = !busy && waiting === null;
  const canTrain = idle && !blocked;
  /** the first phase of a first iteration is something to start over from, too */
  const canReset = idle && (step > 0 || (elapsedMs > 0 && !running));
  /** a run that is over has to go before the next one starts */
  const over = isOver(status) && step > 0;
  const start = async (act: 'train' | 'step') => {
    if (over || (await acts[act]()) === 'ask') ask(act);
  };
  const toggle = () => (running ? onPause() : void start('train'));
  const stepOn = () => void start('step');
  const reset = () => (elapsedMs > WORTH_ASKING_MS ? ask('reset') : onReset());
  useKeys<'Training stages'>({
    Space: () => canTrain && toggle(),
    '.': () => canTrain && !running && stepOn(),
    r: () => canReset && ask('reset'),
  });
  useKeys<'Everywhere'>({ i: () => onInspect?.() }, onInspect !== undefined);
  return { running, canTrain, canReset, toggle, stepOn, reset, dialog, words };
}
