import { Popover } from 'radix-ui';
import type { RefObject } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { EXECUTORS } from '../../contract/config';
import { asSentence } from '../../contract/settings/setting';
import { useLab } from '../../store/lab';
import { Button } from '../primitives/Button';
import { Checkbox } from '../primitives/Checkbox';
import { formatBytes, formatInteger, formatNumber } from '../primitives/format';
import { glued } from '../primitives/glued';
import popover from '../primitives/Popover.module.css';
import styles from './EngineDetails.module.css';
import { BACKEND_WORDS, EXECUTOR_WORDS, memoryWords } from './engineWords';
import { oneThreadWords } from './oneThreadWords';

function Facts() {
  const { info, probe, memory } = useLab(
    useShallow(({ engine }) => ({ info: engine.info, probe: engine.probe, memory: engine.memory })),
  );
  if (!info) return null;
  return (
    <dl className={styles.facts}>
      <dt>Backend</dt>
      <dd>{BACKEND_WORDS[info.backend]}</dd>
      <dt>Executor</dt>
      <dd>{EXECUTOR_WORDS[info.executor]}</dd>
      {info.adapter && (
        <>
          <dt>Adapter</dt>
          <dd>{info.adapter}</dd>
        </>
      )}
      <dt>Isolated</dt>
      <dd>{info.crossOriginIsolated ? 'yes' : 'no: the server sends no isolation headers'}</dd>
      {probe && (
        <>
          <dt>Measured</dt>
          <dd>
            {glued(
              `${formatNumber(probe.stepMs)} ms a training step, ${formatInteger(probe.tokensPerSecond)} tokens/s`,
            )}
          </dd>
        </>
      )}
      {memory && (
        <>
          <dt>Memory</dt>
          <dd>
            {formatBytes(memory.bytes)} {memoryWords(info, memory.tensors)}
          </dd>
        </>
      )}
    </dl>
  );
}

/** The same training on the other path, at any moment: what A/B means here. */
function ExecutorSwitch() {
  const { info, moving, compiling } = useLab(
    useShallow(({ engine }) => ({ info: engine.info, moving: engine.moving, compiling: engine.compiling })),
  );
  const changeExecutor = useLab((lab) => lab.engine.changeExecutor);
  if (info?.backend !== 'webgpu' && info?.backend !== 'wasm') return null;
  return (
    <fieldset className={styles.executors}>
      <legend className="visually-hidden">Executor</legend>
      <div className={styles.choice}>
        {EXECUTORS.map((executor) => (
          <Button
            key={executor}
            aria-pressed={info.executor === executor}
            disabled={moving}
            onClick={() => info.executor !== executor && void changeExecutor(executor)}
          >
            {EXECUTOR_WORDS[executor]}
          </Button>
        ))}
        <span role="status">
          {moving && (compiling === null ? 'moving…' : `compiling, ${Math.round(100 * compiling)} %`)}
        </span>
      </div>
      <p className={styles.note}>
        Both compute the same numbers, but for rounding. Fused replays a recorded list of some hundred kernels a step;
        portable composes the step anew from several hundred operations of tf.js. A run that trains moves over and goes
        on.
      </p>
    </fieldset>
  );
}

/** Products that round once: another arithmetic, so nothing that exists changes to it. */
function FastSwitch() {
  const fast = useLab(({ engine }) => engine.info?.fast ?? null);
  const isWasm = useLab(({ engine }) => engine.info?.backend === 'wasm' && engine.info.executor === 'fused');
  const setFast = useLab((lab) => lab.engine.setFast);
  if (!isWasm) return null;
  return (
    <div className={styles.executors}>
      <Checkbox
        toggle
        label="Fast arithmetic"
        checked={fast === true}
        disabled={fast === null}
        onChange={(on) => void setFast(on)}
      />
      <p className={styles.note}>
        {fast === null
          ? 'This browser multiplies and adds in two steps only.'
          : 'Models made from now on multiply and add in one step, with other last digits on other machines. Without it, ' +
            'every browser computes the same digits. A run keeps the arithmetic that it began with.'}
      </p>
    </div>
  );
}

export interface EngineDetailsProps {
  id: string;
  /** the badge that it hangs from; a press on it closes */
  badge: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** What the engine is, why it is not the fastest, and what of it can be changed. */
export function EngineDetails({ id, badge, onClose }: EngineDetailsProps) {
  const { status, info, error, restart } = useLab(
    useShallow(({ engine }) => ({
      status: engine.status,
      info: engine.info,
      error: engine.error,
      restart: engine.restart,
    })),
  );
  const ready = status === 'ready' && info !== null;
  const alone = info && oneThreadWords(info, navigator.hardwareConcurrency || 1);
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={badge as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          id={id}
          className={`${popover.popover} ${styles.content}`}
          aria-label="Engine"
          sideOffset={8}
          collisionPadding={12}
          onEscapeKeyDown={() => badge.current?.focus()}
          onInteractOutside={(event) => badge.current?.contains(event.target as Node) && event.preventDefault()}
        >
          <p>
            {ready
              ? info.reason
                ? asSentence(info.reason)
                : 'This is the fastest path that the lab has here.'
              : (error?.message ?? 'The computing thread opens tensors, kernels and the corpus.')}
          </p>
          {ready && alone && <p>{alone}</p>}
          <Facts />
          <ExecutorSwitch />
          <FastSwitch />
          <p className={styles.note}>Everything is computed on this machine. Nothing leaves this computer.</p>
          {(status === 'crashed' || status === 'failed') && (
            <Button kind="primary" onClick={() => void restart()}>
              Restart
            </Button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
