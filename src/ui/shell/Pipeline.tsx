import { type MouseEvent, useEffect, useId, useRef } from 'react';
import { useLab } from '../../store/lab';
import { stageRound as roundAt, stageStatus } from '../../store/page/stageStatus';
import { STAGES, type Stage, type StageStatus } from '../../store/page/stages';
import styles from './Pipeline.module.css';
import { HEADINGS } from './stages';

const STATUS_WORDS: Record<StageStatus, string> = {
  empty: 'nothing here yet',
  running: 'running',
  done: 'done',
  stale: 'out of date: something before it changed',
};

/** A plain click stays in the page; anything with a modifier is left to the browser. */
export const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function StageLink({ stage }: { stage: Stage }) {
  const id = useId();
  const ref = useRef<HTMLAnchorElement>(null);
  const status = useLab((state) => stageStatus(state, stage));
  const round = useLab((state) => roundAt(state, stage));
  const current = useLab((state) => state.view.stage === stage);
  const go = useLab((state) => state.view.go);
  useEffect(() => {
    if (!current) return;
    const show = () => ref.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
    show();
    window.addEventListener('resize', show); // a phone that is turned
    return () => window.removeEventListener('resize', show);
  }, [current]);
  const open = (event: MouseEvent) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    go(stage);
  };
  return (
    <li className={styles.item}>
      <a
        ref={ref}
        className={styles.link}
        href={`#/${stage}`}
        aria-current={current ? 'page' : undefined}
        aria-describedby={id}
        data-status={status}
        onClick={open}
      >
        <span className={`${styles.dot} ${styles[status]}`} aria-hidden="true" />
        {HEADINGS[stage]}
        {round !== null && (
          <span className={styles.round} aria-hidden="true">
            {round}
          </span>
        )}
      </a>
      <span id={id} hidden>
        {STATUS_WORDS[status]}
        {round !== null && `, round ${round}`}
      </span>
    </li>
  );
}

/** The way from a corpus to an aligned model, left to right, each stage with its state. */
export function Pipeline() {
  return (
    <nav className={styles.nav} aria-label="Pipeline">
      <ol className={styles.list}>
        {STAGES.map((stage) => (
          <StageLink key={stage} stage={stage} />
        ))}
      </ol>
    </nav>
  );
}
