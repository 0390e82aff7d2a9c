import type { ColumnRole } from '../../formats/foreign/columns';
import type { ForeignKind } from '../../formats/foreign/rows';
import type { RowForm } from '../../formats/outward/rows';

export type { ColumnRole, ForeignKind, RowForm };

/** What would come of a table as its columns are said to be. */
export interface TableVerdict {
  /** what most rows are; null where nothing fits */
  kind: ForeignKind | null;
  votes: number;
  rankings: number;
  demonstrations: number;
  /** of a file of prompts alone: the model is asked them */
  prompts: number;
  /** by row of data, from 1; the first of them */
  refused: { row: number; why: string }[];
  refusedCount: number;
  notes: string[];
}

/** A file of rows that another program wrote, before anything of it is here. */
export interface TableOffer {
  name: string;
  rows: number;
  columns: string[];
  /** the first rows, a text for each column */
  sample: string[][];
  roles: Record<string, ColumnRole | null>;
  /** what the first line of a table of text is taken for; null where there is none such */
  firstLine: 'names' | 'row' | null;
  /** null while it is read anew */
  verdict: TableVerdict | null;
}

/** Rows for other programs: of what, in which of TRL's forms, in which file. */
export interface WantedRows {
  what: ForeignKind;
  form: RowForm;
  file: 'jsonl' | 'parquet';
}

/** Tables of other programs on their way in, and rows for them on their way out. */
export interface TableSlice {
  /** what the visitor is asked about */
  offer: TableOffer | null;
  /** says what a column is */
  setRole(column: string, role: ColumnRole | null): Promise<void>;
  /** says whether the first line is a row, and no names */
  setFirstLine(is: 'names' | 'row'): Promise<void>;
  /** takes what the verdict says is kept */
  accept(): Promise<void>;
  cancel(): void;
  /** hands rows that other programs read to the visitor */
  save(wanted: WantedRows): Promise<void>;
  /** @returns whether the file is such a table: then it is offered */
  offerFile(bytes: Uint8Array, name: string): Promise<boolean>;
}
