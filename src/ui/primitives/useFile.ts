import { useState } from 'react';
import { shortened } from '../../contract/limits';
import { type Chosen, readFile, unreadFile } from './chosenFile';

export interface FileReading {
  /** a sentence about the last file, when it was not handed on */
  trouble: string | null;
  take(chosen: Chosen | null): Promise<void>;
  /** of a trouble, since something else was handed on */
  forget(): void;
}

/** Who gets what was chosen, and its name as sentences can hold it. */
export type FileTaker =
  | { onFile: (bytes: Uint8Array, name: string) => void; onUnread?: never }
  /** reads it a part at a time, since it may be larger than the memory */
  | { onUnread: (file: File, name: string) => void; onFile?: never };

/** @param limit bytes */
export function useFile(limit: number, { onFile, onUnread }: FileTaker): FileReading {
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = async (chosen: Chosen | null) => {
    if (chosen === null) return;
    setTrouble(null);
    if ('trouble' in chosen) return setTrouble(chosen.trouble);
    const name = shortened(chosen.file.name);
    const taken = onUnread ? unreadFile(chosen.file, limit) : await readFile(chosen.file, limit);
    if ('trouble' in taken) setTrouble(taken.trouble);
    else if ('bytes' in taken) onFile?.(taken.bytes, name);
    else onUnread?.(taken.file, name);
  };
  return { trouble, take, forget: () => setTrouble(null) };
}
