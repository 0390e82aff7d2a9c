import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { TimeShare } from '../../contract/observations';
import { useLab } from '../../store/lab';
import { Button } from '../primitives/Button';
import { formatInteger, formatNumber } from '../primitives/format';
import { KERNEL_WORDS } from './kernelWords';
import styles from './TimeShares.module.css';

const ASK_MS = 1000;

const sumOf = (shares: readonly TimeShare[]): number => shares.reduce((sum, { ms }) => sum + ms, 0);

const percent = (share: number): string => (share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(100 * share)} %`);

/** Phases and kernels of the last seconds, measured while it is seen, and a trace of the last minute. */
export function TimeShares() {
  const { time, threads } = useLab(
    useShallow(({ engine }) => ({ time: engine.time, threads: engine.info?.threads ?? null })),
  );
  const { refreshTime, saveTrace } = useLab(
    useShallow(({ engine }) => ({ refreshTime: engine.refreshTime, saveTrace: engine.saveTrace })),
  );
  useEffect(() => {
    void refreshTime();
    const timer = setInterval(() => void refreshTime(), ASK_MS);
    return () => clearInterval(timer);
  }, [refreshTime]);
  const phases = time?.phases ?? [];
  const kernels = time?.kernels ?? [];
  const busyMs = sumOf(phases);
  return (
    <>
      {time && phases.length > 0 && (
        <>
          <Shares
            caption={`Phases, last ${formatInteger(time.windowMs / 1000)} seconds`}
            shares={phases}
            ofMs={busyMs}
            group="phase"
          />
          <p className={styles.note}>
            Together {formatNumber(busyMs)} of {formatNumber(time.windowMs)} ms. The rest is messages and waiting.
          </p>
        </>
      )}
      {kernels.length > 0 && (
        <>
          <Shares
            caption={`Kernels, ${threads === 1 ? '1 thread' : `${threads ?? 1} threads`}`}
            shares={kernels}
            ofMs={busyMs}
            group="kernel"
          />
          <p className={styles.note}>
            Shares of all that the phases took. What the kernels leave is JavaScript and TensorFlow.js.
          </p>
        </>
      )}
      <p className={styles.note}>
        <Button onClick={() => void saveTrace()}>Save trace</Button> The last minute as it was measured, for
        ui.perfetto.dev.
      </p>
    </>
  );
}

interface SharesProps {
  caption: string;
  shares: readonly TimeShare[];
  ofMs: number;
  group: 'phase' | 'kernel';
}

function Shares({ caption, shares, ofMs, group }: SharesProps) {
  return (
    <table className={styles.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{group === 'phase' ? 'Phase' : 'Kernel'}</th>
          <th scope="col">Share</th>
          <th scope="col">Time</th>
          <th scope="col">Calls</th>
        </tr>
      </thead>
      <tbody>
        {shares.map(({ name, ms, calls }) => (
          <tr key={name} data-share={`${group}/${name}`}>
            <th scope="row">{name in KERNEL_WORDS ? KERNEL_WORDS[name as keyof typeof KERNEL_WORDS] : name}</th>
            <td>{ofMs > 0 ? percent(ms / ofMs) : '–'}</td>
            <td>{formatNumber(ms)} ms</td>
            <td>{formatInteger(calls)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
