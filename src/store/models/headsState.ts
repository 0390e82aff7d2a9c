import type { HeadAt, HeadLoss, HeldOutChange, LayersView } from '../../contract/inside';

/** What is inside each block, and heads that are switched off to see what they do. */
export interface HeadsSlice {
  /** of the model that Inspect reads; all are on again when another one is read */
  off: HeadAt[];
  view: LayersView | null;
  /** on held-out texts, with `off` and without; null while it is measured */
  heldOut: HeldOutChange | null;
  /** why it cannot be measured, in a sentence */
  unmeasured: string | null;
  /** each head alone left out, of the model it was measured on */
  ranking: { checkpointId: string; heads: HeadLoss[] } | null;
  toggle(at: HeadAt): void;
  allOn(): void;
  /** measures each head; the visitor may cancel it */
  rank(): Promise<void>;
}
