import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { GivenFile } from '../../contract/protocol';
import { Button } from './Button';
import { droppedFile, isReadable } from './chosenFile';
import styles from './FileDrop.module.css';
import { type Given, givenByChoice, givenByDrop } from './givenFiles';
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
  /** where several files, a folder or an archive are one thing: gets all that is no single file of the usual kind, unread */
  onMany?: (files: GivenFile[]) => void;
  disabled?: boolean;
  /** around the button: the whole area takes dropped files */
  children?: ReactNode;
  className?: string;
}
type FileDropProps = FileDropFields & FileTaker;

const NOT_NOW = { trouble: 'No file can be opened here at the moment. Drop it again later.' };

const NOTHING = { trouble: 'There is no file in what you dropped.' };

/** @param accept what the usual kind of file ends with */
const isUsual = (path: string, accept: string): boolean => path.toLowerCase().endsWith(accept);

/** A file by button or by drag and drop. It is read here, or handed on unread; nothing is uploaded. */
export function FileDrop({
  label,
  fieldLabel = `${label}, file`,
  accept,
  limit,
  onMany,
  disabled,
  children,
  className = '',
  ...taker
}: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { trouble, take, forget } = useFile(limit, taker);
  const give = (given: Given) => {
    if ('trouble' in given) return void take(given);
    const [first, ...more] = given.files;
    if (!first) return void take(NOTHING);
    if (more.length === 0 && isUsual(first.path, accept)) return void take({ file: first.blob as File });
    forget();
    onMany?.(given.files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (onMany) return disabled ? void take(NOT_NOW) : void givenByDrop(event.dataTransfer).then(give);
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
        accept={onMany ? undefined : accept}
        multiple={onMany !== undefined}
        disabled={disabled}
        onChange={(event) => {
          if (onMany) {
            const files = givenByChoice(event.currentTarget.files);
            event.currentTarget.value = '';
            if (files.length > 0) give({ files });
            return;
          }
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
