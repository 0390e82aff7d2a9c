import type { ErrorReport } from '../../contract/errors';

/** What a notebook holds, in words: "38 votes", "PPO, step 40 of 60". */
export interface NotebookContents {
  /** of the file */
  name: string;
  /** milliseconds since 1970; null where that is damaged */
  savedAt: number | null;
  holds: readonly string[];
  /** what was left out, and why: "models/2.safetensors: its checksum is wrong" */
  leftOut: readonly string[];
  /** what should be known of runs that go on here */
  notes: readonly string[];
}

/** The whole lab as one file. */
export interface NotebookSlice {
  /** a notebook that was read, and waits for a word, because something is here already */
  waiting: NotebookContents | null;
  /** the last one that was opened */
  opened: NotebookContents | null;
  error: ErrorReport | null;
  /** the browser has not promised to keep what is stored; false until it was asked */
  mayBeCleared: boolean;
  /** how much was here when a notebook was last saved, as `heldIn` counts; 0 before */
  savedHeld: number;
  /** asks the browser whether it keeps what is stored */
  look(): Promise<void>;
  /** stores what runs as it stands, and hands everything that is stored to the visitor as a file */
  save(): Promise<void>;
  /** checks a notebook whole; into an empty lab it is opened at once */
  read(file: Blob, name: string): Promise<void>;
  /** opens the one that waits, beside what is here */
  take(): Promise<void>;
  /** leaves it closed */
  drop(): Promise<void>;
}
