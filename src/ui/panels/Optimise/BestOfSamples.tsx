import { use, useMemo, useState } from 'react';
import type { BestOfPrompt, BestOfSample } from '../../../contract/observations';
import { readable } from '../../../contract/storyText';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { Select } from '../../primitives/Select';
import { StoryText, Verbatim } from '../../primitives/StoryText';
import { ScrollBox } from '../ScrollBox';
import styles from './BestOfSamples.module.css';

/** The first N samples of a prompt, the one with the highest score first. */
export const ranked = ({ samples }: BestOfPrompt, n: number): BestOfSample[] =>
  samples.slice(0, n).sort((a, b) => b.score - a.score);

/** One prompt's samples: the winner, and everything it won against. */
export function BestOfSamples({ prompts, n }: { prompts: readonly BestOfPrompt[]; n: number }) {
  const verbatim = use(Verbatim);
  const [index, setIndex] = useState(0);
  const prompt = prompts[Math.min(index, prompts.length - 1)];
  return (
    <Card title="Winner and losers" note={prompt ? `of the first ${n}` : undefined}>
      {prompt ? (
        <>
          <Select
            label="Prompt"
            value={String(prompts.indexOf(prompt))}
            options={prompts.map((one, i) => ({
              value: String(i),
              label: verbatim ? one.prompt : readable(one.prompt),
            }))}
            onChange={(value) => setIndex(Number(value))}
          />
          <Samples prompt={prompt} n={n} />
        </>
      ) : (
        <p className={styles.empty}>
          What the model wrote to one prompt, best first, as soon as the first prompt is drawn.
        </p>
      )}
    </Card>
  );
}

function Samples({ prompt, n }: { prompt: BestOfPrompt; n: number }) {
  const samples = useMemo(() => ranked(prompt, n), [prompt, n]);
  const hasGold = samples.some(({ gold }) => gold !== null);
  return (
    <ScrollBox label="Samples of this prompt">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">completion</th>
            <th scope="col">score</th>
            {hasGold && <th scope="col">gold</th>}
          </tr>
        </thead>
        <tbody>
          {samples.map(({ completion, score, gold }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two samples may be the same text
            <tr key={i} className={i === 0 ? styles.winner : undefined}>
              <td>
                <StoryText
                  text={completion}
                  size="small"
                  tone={i === 0 ? 'chosen' : 'ink-2'}
                  mark={i === 0 && <span className={styles.mark}>✓ winner </span>}
                />
              </td>
              <td className={styles.score}>{formatSigned(score)}</td>
              {hasGold && <td className={styles.gold}>{gold === null ? '–' : formatSigned(gold)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
