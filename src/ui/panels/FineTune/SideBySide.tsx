import { useEffect } from 'react';
import { inWords } from '../../../contract/limits';
import type { BeforeAfter } from '../../../contract/observations';
import type { Share } from '../../../contract/shares';
import { useLab } from '../../../store/lab';
import { comparisonKey } from '../../../store/opinions/comparison';
import { wishWords } from '../../../store/opinions/demonstrations';
import type { ComparedRow, Comparison } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { formatPart } from '../../primitives/format';
import { StoryText } from '../../primitives/StoryText';
import { toneColor } from '../../theme/tone';
import { Measure } from '../Compare/Measure';
import pairs from '../pairs.module.css';
import { ScrollBox } from '../ScrollBox';
import { WorkProgress } from '../WorkProgress';
import styles from './SideBySide.module.css';

/** more are compared; so many are read */
const SHOWN = 12;

/**
 * Base and fine-tuned model on the same prompts with the same random numbers, and how many of their texts are as
 * wished.
 */
export function SideBySide() {
  const { beforeAfter, state, busy } = useLab((lab) => lab.runs.finetune);
  const { comparison, comparing, error, compare } = useLab((lab) => lab.demonstrations);
  const key = useLab(comparisonKey);
  const verbatim = useLab((lab) => lab.corpus.summary?.kind === 'text');
  const running = state?.status === 'running' || busy !== null;
  useEffect(() => {
    if (key !== null && !running && !comparing && error === null) void compare();
  }, [key, running, comparing, error, compare]);
  const current = !running && comparison?.key === key ? comparison : null;
  const live = beforeAfter && state && state.status !== 'done' ? beforeAfter : null;
  if (current) return <Compared comparison={current} verbatim={verbatim} />;
  if (key !== null && !running && error !== null && !comparing)
    return <Button onClick={() => void compare()}>Compare both models</Button>;
  if (key !== null && !running)
    return (
      <>
        <p className={styles.hint}>Both models complete the same prompts…</p>
        <WorkProgress kind="compareModels" label="Comparing both models" />
      </>
    );
  if (live) return <Live rows={live.rows} step={live.step} verbatim={verbatim} />;
  return (
    <p className={styles.hint}>
      With the first step the base model’s texts stand here above those of the model that learns, on the same prompts
      and with the same random numbers: what differs is what it was shown.
    </p>
  );
}

function Live({ rows, step, verbatim }: { rows: readonly BeforeAfter[]; step: number; verbatim: boolean }) {
  return (
    <>
      <p
        className={styles.hint}
      >{`Fresh texts at step ${inWords(step)}: the base model above, the one that learns below.`}</p>
      <ScrollBox label="Before and after">
        {rows.map((row) => (
          <Pair key={row.prompt} row={{ ...row, beforeGranted: false, afterGranted: false }} verbatim={verbatim} />
        ))}
      </ScrollBox>
    </>
  );
}

function Compared({ comparison, verbatim }: { comparison: Comparison; verbatim: boolean }) {
  const { before, after, rows, wish } = comparison;
  return (
    <>
      {before && after && (
        <div className={styles.shares}>
          <p>{`${sentenceCase(wishWords(wish))}: share of ${after.count} fresh texts each, same prompts, same seed; the epochs were measured on others`}</p>
          <ShareBar id="finetune/shareBefore" name="Base" share={before} tone="reference" />
          <ShareBar id="finetune/shareAfter" name="Fine-tuned" share={after} tone="policy" />
        </div>
      )}
      <ScrollBox label="Before and after">
        {rows.slice(0, SHOWN).map((row) => (
          <Pair key={`${row.prompt} ${row.before} ${row.after}`} row={row} verbatim={verbatim} />
        ))}
      </ScrollBox>
    </>
  );
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function ShareBar({ id, name, share, tone }: { id: string; name: string; share: Share; tone: 'reference' | 'policy' }) {
  return (
    <div className={styles.share}>
      <span>{name}</span>
      <span className={styles.track}>
        <b style={{ width: `${100 * share.share}%`, background: toneColor(tone) }} />
      </span>
      <Measure id={id} value={share.share}>
        {formatPart(share.share, share.count)}
      </Measure>
    </div>
  );
}

function Pair({ row, verbatim }: { row: ComparedRow; verbatim: boolean }) {
  return (
    <div className={pairs.pair}>
      <StoryText text={row.prompt} tone="ink-3" size="small" verbatim={verbatim} />
      <Side name="base" text={row.before} granted={row.beforeGranted} tone="ink-2" verbatim={verbatim} />
      <Side name="tuned" text={row.after} granted={row.afterGranted} tone="policy" verbatim={verbatim} />
    </div>
  );
}

interface SideProps {
  name: string;
  text: string;
  granted: boolean;
  tone: 'ink-2' | 'policy';
  verbatim: boolean;
}

function Side({ name, text, granted, tone, verbatim }: SideProps) {
  return (
    <p>
      <span className={styles.name}>{name}</span>
      <span>
        <StoryText text={text} tone={tone} size="small" verbatim={verbatim} />
        {granted && (
          <span className={styles.granted}>
            <span aria-hidden="true"> ✓</span>
            <span className="visually-hidden"> (as wished)</span>
          </span>
        )}
      </span>
    </p>
  );
}
