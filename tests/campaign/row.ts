/** One line of the campaign's table. */
export interface Row {
  what: string;
  /** how often it was tried */
  tries: number;
  /** each in a sentence, with what is needed to see it again */
  failures: string[];
  /** measured on the way, in words */
  figures: string;
}

export interface Options {
  seed: number;
  /** how often to try each, instead of the row's own number */
  count: number | null;
  /** a folder that `npm run build` left; the page is built afresh when absent */
  built?: string;
  /** whether a row is wanted */
  wants(what: string): boolean;
  /** whether its time is up: then no try is begun, and a row has as many as there were */
  isOver(): boolean;
}

/** @returns rows of the table, told as they are finished */
export type Part = (options: Options) => AsyncGenerator<Row>;

const SHOWN_FAILURES = 20;

/** what was waited for, what the page says first, and where its run stands */
export const inShort = (message: string): string =>
  message.length < 1000 ? message : `${message.slice(0, 600)} … ${message.slice(-400)}`;

export function tell({ what, tries, failures, figures }: Row): void {
  console.log(`${failures.length === 0 ? '✓' : '✗'} ${what}: ${tries} tries, ${failures.length} failures; ${figures}`);
  for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(`    ${failure}`);
}

/** the table as tests/README.md has it */
export const table = (rows: readonly Row[]): string =>
  ['| row | tries | failures | figures |', '|---|---|---|---|']
    .concat(
      rows.map(
        ({ what, tries, failures, figures }) =>
          `| ${what} | ${tries.toLocaleString('en')} | ${failures.length} | ${figures} |`,
      ),
    )
    .join('\n');
