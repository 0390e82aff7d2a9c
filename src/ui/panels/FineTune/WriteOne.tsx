import { useState } from 'react';
import { readable } from '../../../contract/storyText';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { TextField } from '../../primitives/TextField';
import styles from './Demonstrations.module.css';

/**
 * One demonstration by hand: how this prompt should go on. What the model cannot read is said, and nothing typed is
 * lost.
 */
export function WriteOne({ disabled }: { disabled: boolean }) {
  const addTyped = useLab((state) => state.demonstrations.addTyped);
  const busy = useLab((state) => state.demonstrations.busy);
  const summary = useLab((state) => state.corpus.summary);
  const [prompt, setPrompt] = useState('');
  const [completion, setCompletion] = useState('');
  const [taken, setTaken] = useState(0);
  const [trouble, setTrouble] = useState<string | null>(null);
  const samples = summary?.samples ?? [];
  const add = async () => {
    const reason = await addTyped(prompt, completion);
    setTrouble(reason === null ? null : `It was not added: ${reason}.`);
    if (reason === null) setCompletion('');
  };
  const takePrompt = () => {
    const next = samples[taken % samples.length]?.prompt ?? '';
    setPrompt(summary?.kind === 'stories' ? readable(next) : next);
    setTaken(taken + 1);
  };
  const edit = (set: (text: string) => void) => (text: string) => {
    set(text);
    setTrouble(null);
  };
  return (
    <div className={styles.form}>
      <TextField label="Prompt" story rows={2} value={prompt} onChange={edit(setPrompt)} disabled={disabled} />
      <TextField
        label="Completion"
        story
        rows={2}
        value={completion}
        onChange={edit(setCompletion)}
        error={trouble}
        disabled={disabled}
      />
      <div className={styles.answers}>
        <Button
          onClick={() => void add()}
          disabled={disabled || busy !== null || prompt.trim() === '' || completion.trim() === ''}
        >
          Add this one
        </Button>
      </div>
      {samples.length > 0 && (
        <Button kind="link" className={styles.link} onClick={takePrompt} disabled={disabled}>
          {taken === 0 ? 'Take a prompt of the corpus' : 'Another prompt'}
        </Button>
      )}
    </div>
  );
}
