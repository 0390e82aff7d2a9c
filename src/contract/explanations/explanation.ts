/** Where a number or a formula is computed: what whoever asks "how?" should read. */
export interface Source {
  /** below src: core/losses/kl.ts */
  file: string;
  /** a declaration at the top of the file, or a member of a class: `StepClock.speed` */
  symbol: string;
}

/** What a number means, for whoever asks. */
export interface Explanation {
  formula: string;
  /** one sentence for a student */
  meaning: string;
  source: Source;
}
