import { type ChangeEvent, type DragEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
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
  /**
   * where several files, a folder or an archive are one thing: gets all that is no single file of the usual kind,
   * unread
   */
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

interface HiddenFieldProps extends Pick<FileDropFields, 'accept' | 'disabled'> {
  field: RefObject<HTMLInputElement | null>;
  name: string;
  /** gets everything that was chosen, where several files are one thing */
  onMany?: (files: GivenFile[]) => void;
  /** gets the one that was chosen; null where none was */
  onOne: (file: File | null) => void;
}

/** The browser's own dialog, behind the button. */
function HiddenField({ field, name, accept, disabled, onMany, onOne }: HiddenFieldProps) {
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const many = onMany ? givenByChoice(currentTarget.files) : [];
    const one = currentTarget.files?.[0] ?? null;
    currentTarget.value = '';
    if (!onMany) return onOne(one);
    if (many.length > 0) onMany(many);
  };
  return (
    <input
      ref={field}
      className="visually-hidden"
      type="file"
      aria-label={name}
      tabIndex={-1}
      accept={onMany ? undefined : accept}
      multiple={onMany !== undefined}
      disabled={disabled}
      onChange={choose}
    />
  );
}

type Giving = Pick<FileDropFields, 'accept' | 'limit' | 'onMany' | 'disabled'> & { taker: FileTaker };

/** What becomes of what was chosen or dropped: one file of the usual kind is read, all else is handed on. */
function useGiving({ accept, limit, onMany, disabled, taker }: Giving) {
  const { trouble, take, forget } = useFile(limit, taker);
  const give = (given: Given) => {
    if ('trouble' in given) return void take(given);
    const [first, ...more] = given.files;
    if (!first) return void take(NOTHING);
    if (more.length === 0 && isUsual(first.path, accept)) return void take({ file: first.blob as File });
    forget();
    onMany?.(given.files);
  };
  const drop = (dropped: DataTransfer) => {
    if (onMany) return disabled ? void take(NOT_NOW) : void givenByDrop(dropped).then(give);
    const chosen = droppedFile(dropped);
    // what never can be opened is told so, also while nothing can
    void take(disabled && isReadable(chosen, limit) ? NOT_NOW : chosen);
  };
  return { trouble, take, give, drop };
}

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
  const { trouble, take, give, drop } = useGiving({ accept, limit, onMany, disabled, taker });
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
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        drop(event.dataTransfer);
      }}
    >
      {children}
      <Button disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <HiddenField
        field={input}
        name={fieldLabel}
        accept={accept}
        disabled={disabled}
        onMany={onMany && ((files) => give({ files }))}
        onOne={(file) => void take(file && { file })}
      />
      {trouble !== null && (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}
