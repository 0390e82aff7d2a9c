import { useShallow } from 'zustand/react/shallow';
import type { TextConfig } from '../../../contract/config';
import { LIMITS } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { TEXT } from '../../../contract/settings/lab';
import { useLab, useLabStore } from '../../../store/lab';
import { isReady } from '../../../store/page/ready';
import { tokensOfWriter } from '../../../store/text/corpus';
import { MORNINGS_PROMPT, takeMornings } from '../../../store/text/mornings';
import { Button } from '../../primitives/Button';
import { Checkbox } from '../../primitives/Checkbox';
import { FileDrop } from '../../primitives/FileDrop';
import { formatShare } from '../../primitives/format';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { TextField } from '../../primitives/TextField';
import { boundsOf, frameOf } from '../settings/fields';
import styles from './Data.module.css';

const TOKENIZERS: readonly { value: TextConfig['tokenizer']; label: string }[] = [
  { value: 'char', label: 'characters' },
  { value: 'word', label: 'words' },
  { value: 'bpe', label: 'byte pairs (BPE, as GPT-2)' },
];

const HINTS: Record<TextConfig['tokenizer'], string> = {
  char: 'every character is a token; nothing is unknown',
  word: 'the most frequent words; rare ones become <unk>',
  bpe: 'pairs of bytes that occur often are joined, again and again; emoji work too',
};

/** what byte pairs begin with */
const BYTES_AND_MARKS = 260;

/** How the text is cut, and how much of it the model never trains on. */
function TextKnobs() {
  const text = useLab((state) => state.config.value.text);
  const change = useLab((state) => state.config.change);
  const writer = useLab((state) => tokensOfWriter(state)?.name ?? null);
  const inModelTokens = useLab((state) => state.corpus.inModelTokens);
  const setInModelTokens = useLab((state) => state.corpus.setInModelTokens);
  const given = writer !== null && inModelTokens;
  return (
    <>
      {writer !== null && (
        <Checkbox label={`In the tokens of ${writer}`} checked={inModelTokens} onChange={setInModelTokens} />
      )}
      {!given && <OwnTokens />}
      {given && (
        <NumberField
          {...frameOf(TEXT.textWindow)}
          {...boundsOf(TEXT.textWindow)}
          value={text.textWindow}
          onChange={(textWindow) => change('text', { textWindow })}
        />
      )}
      <Slider
        {...frameOf(TEXT.heldOutShare)}
        {...TEXT.heldOutShare.slider}
        format={formatShare}
        value={text.heldOutShare}
        onChange={(heldOutShare) => change('text', { heldOutShare })}
      />
    </>
  );
}

/** Tokens that are learned from the text itself. */
function OwnTokens() {
  const text = useLab((state) => state.config.value.text);
  const change = useLab((state) => state.config.change);
  return (
    <>
      <Select
        label={TEXT.tokenizer.label}
        hint={HINTS[text.tokenizer]}
        value={text.tokenizer}
        options={TOKENIZERS}
        onChange={(tokenizer) => change('text', { tokenizer })}
      />
      {text.tokenizer !== 'char' && (
        <NumberField
          {...frameOf(TEXT.vocabSize)}
          {...boundsOf(TEXT.vocabSize)}
          min={text.tokenizer === 'bpe' ? BYTES_AND_MARKS : TEXT.vocabSize.min}
          value={text.vocabSize}
          onChange={(vocabSize) => change('text', { vocabSize })}
        />
      )}
    </>
  );
}

/** code points, counted without a list of them: the text may be 20 MB long */
function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** code units; a browser lays out more of them in a box for seconds, and nothing can be called off meanwhile */
const MOST_IN_THE_BOX = 200_000;

const charactersWords = (count: number): string => `${countOf(count, 'character')} in the box.`;

/** A text to begin with, for a visitor who has none at hand. */
function Example({ off }: { off: boolean }) {
  const lab = useLabStore();
  return (
    <div className={styles.example}>
      <p className={styles.quiet}>
        No text at hand? In <b>mornings</b>, written here, every line begins “{MORNINGS_PROMPT}” and goes somewhere. A
        rater of your own likes the beach: pretrain, add simulated votes on Compare, train the reward model, and PPO
        bends where the line goes. Save the model for transformers, and it is a small GPT-2.
      </p>
      <Button disabled={off} onClick={() => void takeMornings(lab)}>
        Try the example
      </Button>
    </div>
  );
}

/** The visitor's own text: pasted, opened or dropped. It stays in this browser. */
export function OwnText() {
  const ready = useLab(isReady);
  const { busy, draft, setDraft, take, takeDraft } = useLab(
    useShallow(({ corpus }) => ({
      busy: corpus.busy,
      draft: corpus.draft,
      setDraft: corpus.setDraft,
      take: corpus.useText,
      takeDraft: corpus.useDraft,
    })),
  );
  const off = busy || !ready;
  const takeLong = (pasted: string): boolean => {
    const isTaken = pasted.length > MOST_IN_THE_BOX && !off;
    if (isTaken) void take(new TextEncoder().encode(pasted), 'long paste');
    return isTaken;
  };
  return (
    <div className={styles.knobs}>
      <FileDrop
        label="Open a text file"
        accept=".txt,text/plain"
        limit={LIMITS.textBytes}
        disabled={off}
        className={styles.drop}
        onFile={(bytes, name) => void take(bytes, name)}
      >
        <p className={styles.quiet}>UTF-8 .txt up to 20 MB. Drop it here, or</p>
      </FileDrop>
      <TextField
        label="Or paste a text"
        rows={6}
        value={draft}
        onChange={setDraft}
        onPaste={takeLong}
        hint={`A paste of more than ${countOf(MOST_IN_THE_BOX, 'character')} is used at once, like a file.`}
        placeholder="A few pages are better than a few lines."
      />
      <TextKnobs />
      <Button kind="primary" disabled={off} onClick={() => void takeDraft()}>
        Use this text
      </Button>
      <p className={styles.quiet}>
        {draft === '' ? 'It never leaves this computer.' : charactersWords(countCharacters(draft))}
      </p>
      <Example off={off} />
    </div>
  );
}
