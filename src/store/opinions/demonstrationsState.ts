import type { ErrorReport } from '../../contract/errors';
import type { RowToken } from '../../contract/observations';
import type { Demonstration, DemonstrationSource, Wish } from '../../contract/preferences';
import type { Share } from '../../contract/shares';
import type { BadLine } from '../../formats/lines';

/** A prompt, and what base and fine-tuned model made of it with the same random numbers. */
export interface ComparedRow {
  prompt: string;
  before: string;
  after: string;
  /** as wished; false for both when nothing can be wished for */
  beforeGranted: boolean;
  afterGranted: boolean;
}
export interface Comparison {
  /** the two models, the wish and the draw that this was made from */
  key: string;
  wish: Wish;
  rows: ComparedRow[];
  /** share of texts as wished; null on the visitor's own text, and where nobody wished for anything in words */
  before: Share | null;
  after: Share | null;
}

/** One demonstration as the row that is trained on, as two models see it. */
export interface ShownRow {
  demonstrationId: string;
  base: RowToken[];
  /** null while there is no fine-tuned model */
  tuned: RowToken[] | null;
}

/**
 * What the model is shown, where it comes from, and what it did. Checked against the model by 'texts/check' before it
 * is put here.
 */
export interface DemonstrationsSlice {
  all: Demonstration[];
  /** what demonstrations from the stories should be like; its share is counted while fine-tuning */
  wish: Wish;
  /** waiting for the thread: stories are looked for, or texts are checked */
  busy: 'wishing' | 'checking' | null;
  /** a file with bad lines, waiting for the visitor's decision */
  pendingImport: { name: string; demonstrations: Demonstration[]; badLines: BadLine[] } | null;
  /** what was taken out last, and can be put back */
  removed: Demonstration[];
  row: ShownRow | null;
  comparison: Comparison | null;
  comparing: boolean;
  error: ErrorReport | null;
  setWish(wish: Partial<Wish>): void;
  /** different stories of the grammar that grant the wish and are not here yet */
  addWished(count: number): Promise<void>;
  /** @returns why the model cannot learn from it, as half a sentence; null once it is added */
  addTyped(prompt: string, completion: string): Promise<string | null>;
  /** JSON Lines; good files are added at once, otherwise `pendingImport` waits for keepGoodLines or cancelImport */
  importFile(bytes: Uint8Array, name: string): Promise<void>;
  keepGoodLines(): void;
  cancelImport(): void;
  exportFile(): Promise<void>;
  remove(demonstrationId: string): void;
  /** takes those of one source out, or all */
  clear(source?: DemonstrationSource): void;
  putBack(): void;
  /** looks at one demonstration as it is trained on */
  showRow(demonstrationId: string): Promise<void>;
  /** lets base and fine-tuned model complete the same prompts; does nothing when that was done already */
  compare(): Promise<void>;
}
