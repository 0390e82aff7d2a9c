import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from './Button';
import { droppedFile, isReadable } from './chosenFile';
import styles from './FileDrop.module.css';
import { type FileTaker, useFile } from './useFile';

interface FileDropFields {
  /** the button's name: "Open a text file" */
  label: string;
  /** the name of the field behind the button; the button's with ", file" unless given */
  fieldLabel?: string;
  /** what the file dialog offers, e.g. ".txt,text/plain" */
  accept: string;
  /** bytes; a larger file is refused unread */
  limit: number;
  disabled?: boolean;
  /** around the button: the whole area takes dropped files */
  children?: ReactNode;
  className?: string;
}
type FileDropProps = FileDropFields & FileTaker;

const NOT_NOW = { trouble: 'No file can be opened here at the moment. Drop it again later.' };

/** A file by button or by drag and drop. It is read here, or handed on unread; nothing is uploaded. */
export function FileDrop({
  label,
  fieldLabel = `${label}, file`,
  accept,
  limit,
  disabled,
  children,
  className = '',
  ...taker
}: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { trouble, take } = useFile(limit, taker);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const chosen = droppedFile(event.dataTransfer);
    // what never can be opened is told so, also while nothing can
    void take(disabled && isReadable(chosen, limit) ? NOT_NOW : chosen);
  };
  const hover = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      className={`${className} ${over ? styles.over : ''}`}
      aria-label={label}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
      <Button disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        aria-label={fieldLabel}
        tabIndex={-1}
        accept={accept}
        disabled={disabled}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          void take(file ? { file } : null);
        }}
      />
      {trouble !== null && (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}
