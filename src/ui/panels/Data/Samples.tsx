import type { TextSample } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { wholeText } from '../../../store/text/wholeText';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Chip } from '../../primitives/Chip';
import { EmptyState } from '../../primitives/EmptyState';
import { keyed } from '../../primitives/keyed';
import { StoryText } from '../../primitives/StoryText';
import { ScrollBox } from '../ScrollBox';
import { attributeChips } from './attributeChips';
import styles from './Data.module.css';

function Sample({ sample, verbatim }: { sample: TextSample; verbatim: boolean }) {
  const tokenise = useLab((state) => state.corpus.tokenise);
  const whole = wholeText(verbatim ? 'text' : 'stories', sample);
  return (
    <li className={`${styles.sample} ${sample.attributes ? '' : styles.plain}`}>
      <p>
        <StoryText text={sample.prompt} tone="ink-2" verbatim={verbatim} />
        {verbatim ? '' : ' '}
        <StoryText text={sample.completion} verbatim={verbatim} />
      </p>
      <div className={styles.chips}>
        {sample.heldOut !== undefined && (
          <Chip tone={sample.heldOut ? 'value' : 'policy'}>{sample.heldOut ? 'held out' : 'trained on'}</Chip>
        )}
        {sample.attributes &&
          attributeChips(sample.attributes, sample.completion).map((chip) => (
            <Chip key={chip.text} tone={chip.tone}>
              {chip.text}
            </Chip>
          ))}
        <Button
          kind="link"
          className={styles.see}
          aria-label={`Show the tokens of: ${whole}`}
          onClick={() => void tokenise(whole)}
        >
          tokens
        </Button>
      </div>
    </li>
  );
}

/** What the model reads, with everything that a computer can say about it. */
export function Samples() {
  const summary = useLab((state) => state.corpus.summary);
  const samples = useLab((state) => state.corpus.samples);
  const moreSamples = useLab((state) => state.corpus.moreSamples);
  const own = summary?.kind === 'text';
  return (
    <Card
      title={own ? 'Pieces of your text' : 'Stories'}
      note={own ? 'from all of it; held out: never trained on' : 'the prompt faint, the completion strong'}
      className={styles.samples}
    >
      {samples.length === 0 ? (
        <EmptyState title="Nothing to read yet">Generate stories, or open a text of your own.</EmptyState>
      ) : (
        <ScrollBox label="Examples">
          <ul className={styles.list}>
            {keyed(samples, (sample) => `${sample.prompt} ${sample.completion}`).map(({ key, item }) => (
              <Sample key={key} sample={item} verbatim={own} />
            ))}
          </ul>
          <Button kind="link" onClick={() => void moreSamples()}>
            More examples
          </Button>
        </ScrollBox>
      )}
    </Card>
  );
}
