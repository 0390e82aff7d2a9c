import { useId, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../store/lab';
import styles from './EngineBadge.module.css';
import {
  BACKEND_SHORT,
  BACKEND_WORDS,
  badgeDetails,
  badgeSpeed,
  currentSpeed,
  STATUS_SHORT,
  STATUS_WORDS,
} from './engineWords';
import { OverStage } from './OverStage';
import { EngineDetails } from './stages';

/** Which path computes and how fast. */
function Path() {
  const { status, info, probe, compiling } = useLab(
    useShallow(({ engine }) => ({
      status: engine.status,
      info: engine.info,
      probe: engine.probe,
      compiling: engine.compiling,
    })),
  );
  const speed = useLab(currentSpeed);
  if (status !== 'ready' || info === null)
    return (
      <span className={styles.backend} data-short={STATUS_SHORT[status]}>
        Engine {STATUS_WORDS[status]}
      </span>
    );
  return (
    <span>
      <span className={styles.backend} data-short={BACKEND_SHORT[info.backend]}>
        {BACKEND_WORDS[info.backend]}
      </span>
      <span className={styles.more}>{badgeDetails(info)}</span>
      <span className={styles.speed}>{badgeSpeed(probe, speed, compiling)}</span>
    </span>
  );
}

/** The path in short; a press tells more of it, and why it is not the fastest. */
export function EngineBadge() {
  const tone = useLab(({ engine }) => (engine.info?.reason ? 'slower' : engine.status));
  const refreshMemory = useLab(({ engine }) => engine.refreshMemory);
  const [open, setOpen] = useState(false);
  const badge = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => setOpen(false);
  const toggle = () => {
    if (!open) void refreshMemory();
    setOpen(!open);
  };
  return (
    <>
      <button
        type="button"
        ref={badge}
        className={styles.badge}
        data-status={tone}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={toggle}
      >
        <span className={styles.dot} aria-hidden="true" />
        <span className="visually-hidden">Engine: </span>
        <Path />
      </button>
      {open && (
        <OverStage title="Engine" shape="box" onClose={close}>
          <EngineDetails id={id} badge={badge} onClose={close} />
        </OverStage>
      )}
    </>
  );
}
