/** A report as plain data: what stands on the paper, in order, before it is markup. */

/** by meaning, as everywhere in the lab */
export type Ink = 'policy' | 'reference' | 'reward' | 'gold' | 'value';
/** told apart in grey, too */
export type Dash = 'solid' | 'dashed' | 'dotted';

export interface ReportLine {
  label: string;
  ink: Ink;
  dash: Dash;
  /** in order of steps; values that are no numbers leave a gap */
  points: readonly { step: number; value: number }[];
}
export interface ReportChart {
  kind: 'chart';
  /** over one column of the paper, not both */
  small?: true;
  /** below the axis: "iteration of PPO, Tiny, seed 1" */
  axis: string;
  lines: readonly ReportLine[];
  /** something changed here */
  marks: readonly { step: number; label: string }[];
}
export interface ReportTable {
  kind: 'table';
  /** null for a list of names and values */
  head: readonly string[] | null;
  /** as many cells a row as the head has; the first is the name of the row */
  rows: readonly (readonly string[])[];
}
/** What models wrote to one prompt. */
export interface ReportTexts {
  kind: 'texts';
  texts: readonly { prompt: string; before: string; after: string }[];
  labels: readonly [before: string, after: string];
}
/** How often each side of a pair was chosen. */
export interface ReportSplits {
  kind: 'splits';
  rows: readonly { label: string; first: number; tied: number; second: number }[];
}
export interface ReportWords {
  kind: 'words';
  text: string;
}
export type Block = ReportChart | ReportTable | ReportTexts | ReportSplits | ReportWords;

export interface ReportSection {
  heading: string;
  /** over both columns of the paper */
  wide?: true;
  blocks: readonly Block[];
}

export interface Report {
  title: string;
  /** "30 November 2026 · class C45 YKV" */
  by: string;
  /** the address that opens the experiment */
  link: string;
  /** what came of it, in a sentence or two */
  lead: string | null;
  sections: readonly ReportSection[];
  /** what to type to do it again */
  again: readonly string[];
}
