import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from './Button';
import styles from './FileDrop.module.css';

interface FileDropProps {
  /** the button's name: "Open a text file" */
  label: string;
  /** what the file dialog offers, e.g. ".txt,text/plain" */
  accept: string;
  onFile: (bytes: Uint8Array, name: string) => void;
  disabled?: boolean;
  /** around the button: the whole area takes dropped files */
  children?: ReactNode;
  className?: string;
}

/** A file by button or by drag and drop. It is read here and handed on as bytes; nothing is uploaded. */
export function FileDrop({ label, accept, onFile, disabled, children, className = '' }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (file && !disabled) onFile(new Uint8Array(await file.arrayBuffer()), file.name);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
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
        aria-label={`${label}, file`}
        tabIndex={-1}
        accept={accept}
        disabled={disabled}
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </section>
  );
}
