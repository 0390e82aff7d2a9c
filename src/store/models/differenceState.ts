import type { ModelDifference } from '../../contract/inside';

/** Two models held against each other on the text of Inspect. */
export interface DifferenceSlice {
  /** null: the reference */
  beforeId: string | null;
  /** null: the newest policy */
  afterId: string | null;
  result: ModelDifference | null;
  compare(beforeId: string, afterId: string): void;
  swap(): void;
}
