import { useState } from 'react';
import { shortened } from '../../contract/limits';
import { type Chosen, readFile } from './chosenFile';

export interface FileReading {
  /** a sentence about the last file, when it was not handed on */
  trouble: string | null;
  take(chosen: Chosen | null): Promise<void>;
}

/** @param limit bytes; @param onFile gets what was chosen once it is read, and its name as sentences can hold it */
export function useFile(limit: number, onFile: (bytes: Uint8Array, name: string) => void): FileReading {
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = async (chosen: Chosen | null) => {
    if (chosen === null) return;
    setTrouble(null);
    if ('trouble' in chosen) return setTrouble(chosen.trouble);
    const read = await readFile(chosen.file, limit);
    if ('trouble' in read) setTrouble(read.trouble);
    else onFile(read.bytes, shortened(chosen.file.name));
  };
  return { trouble, take };
}
