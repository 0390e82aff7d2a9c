import { useState } from 'react';
import { useLab } from '../../../store/lab';
import type { SamplesAt } from '../../../store/state';
import { corpusWords } from '../../../store/text/corpusWords';
import { Card } from '../../primitives/Card';
import { StoryText } from '../../primitives/StoryText';
import { ScrollBox } from '../ScrollBox';
import styles from './SamplesCard.module.css';

const ROWS = 4;

/**
 * @returns which of the kept samples to show: the chosen one last, before it the first one and others evenly between
 */
export function rowsUpTo(chosen: number, rows = ROWS): number[] {
  if (chosen < rows) return Array.from({ length: chosen + 1 }, (_, i) => i);
  return Array.from({ length: rows }, (_, i) => Math.round((i * chosen) / (rows - 1)));
}

interface SamplesCardProps {
  samples: readonly SamplesAt[];
  prompt: string;
  onPrompt: (prompt: string) => void;
  className?: string | undefined;
}

/**
 * One prompt, completed again and again while the model learns, the chosen one on top: drag through time and read it
 * improve.
 */
export function SamplesCard({ samples, prompt, onPrompt, className = '' }: SamplesCardProps) {
  /** null follows the newest */
  const [picked, setPicked] = useState<number | null>(null);
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  const last = samples.length - 1;
  const chosen = Math.min(picked ?? last, last);
  const choose = (index: number) => setPicked(index >= last ? null : index);
  return (
    <Card title="The same prompt, as it learns" note={last > 0 ? 'drag through time' : undefined} className={className}>
      <PromptLine
        shown={samples[Math.max(0, chosen)]?.samples[0]?.prompt ?? prompt}
        prompt={prompt}
        onPrompt={onPrompt}
        started={last >= 0}
      />
      {last < 0 ? (
        <p className={styles.empty}>
          Its completion is kept after the first step and at regular steps from then on: noise first, then{' '}
          {ownText ? 'more and more like your text' : 'words, then a story'}.
        </p>
      ) : (
        <ScrollBox label="Now and before" filling>
          <ol className={styles.rows} aria-label="Completions over time">
            {rowsUpTo(chosen)
              .toReversed()
              .map((index) => (
                <SampleRow key={samples[index]!.step} at={samples[index]!} chosen={index === chosen} />
              ))}
          </ol>
        </ScrollBox>
      )}
      {last > 0 && (
        <input
          type="range"
          className={styles.slider}
          aria-label="Step of the sample"
          aria-valuetext={`step ${samples[chosen]!.step}: ${samples[chosen]!.samples[0]?.completion ?? ''}`}
          min={0}
          max={last}
          value={chosen}
          onChange={(event) => choose(event.currentTarget.valueAsNumber)}
        />
      )}
    </Card>
  );
}

function SampleRow({ at, chosen }: { at: SamplesAt; chosen: boolean }) {
  return (
    <li className={`${styles.row} ${chosen ? styles.chosen : ''}`} aria-current={chosen ? 'true' : undefined}>
      <span className={styles.step}>step {at.step.toLocaleString('en-US')}</span>
      <StoryText text={at.samples[0]?.completion ?? ''} size="small" tone={chosen ? 'ink' : 'ink-2'} />
    </li>
  );
}

/** The prompt, which can be changed for the next run. */
function PromptLine({
  shown,
  prompt,
  onPrompt,
  started,
}: {
  shown: string;
  prompt: string;
  onPrompt: (p: string) => void;
  started: boolean;
}) {
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  if (started) {
    return (
      <p className={styles.prompt}>
        <StoryText text={shown} size="small" tone="ink-3" />
        {ownText ? '…' : ' …'}
      </p>
    );
  }
  return (
    <label className={styles.ask}>
      <span>Prompt</span>
      <input
        type="text"
        value={prompt}
        placeholder="one of the corpus is taken when empty"
        onChange={(event) => onPrompt(event.currentTarget.value)}
      />
    </label>
  );
}
