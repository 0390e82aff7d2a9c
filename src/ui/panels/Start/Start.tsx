import { useEffect } from 'react';
import { useLab } from '../../../store/lab';
import { howFar } from '../../../store/page/tab';
import { Stage } from '../../primitives/Stage';
import { CustomModel } from './CustomModel';
import { Hero } from './Hero';
import { Loop } from './Loop';
import { Machine } from './Machine';
import { Presets } from './Presets';
import { Shelf } from './Shelf';
import styles from './Start.module.css';

/** The visitor may want to start at once: the probe waits until the page has been quiet for a while. */
const QUIET_MS = 2500;

/**
 * Measures this machine once, when nothing else asks for it; an emulated graphics card would be blocked for too long.
 */
function useQuietProbe(): void {
  const wanted = useLab(({ engine, shelf, corpus, session }) => {
    const quiet = shelf.busy === null && !corpus.busy && !engine.probing && howFar(session.tab) === 'ready';
    const emulated = engine.info?.backend === 'webgpu' && engine.info.reason !== null;
    return quiet && engine.status === 'ready' && engine.probe === null && !engine.declined && !emulated;
  });
  const measure = useLab((state) => state.engine.measure);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => void measure(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [wanted, measure]);
}

/** The first page: one button that leads to a result in seconds, and what this machine can do. */
export function Start() {
  const loading = useLab((state) => state.shelf.busy !== null);
  useQuietProbe();
  return (
    <Stage heading="Start" className={styles.layout} busy={loading}>
      <div className={styles.main}>
        <Hero />
        <Loop />
        <Presets />
        <CustomModel />
      </div>
      <aside className={styles.side} aria-label="This machine and its models">
        <Machine />
        <Shelf />
      </aside>
    </Stage>
  );
}
