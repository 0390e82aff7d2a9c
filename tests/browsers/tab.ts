/**
 * What every engine can do, whatever the protocol that drives it: the thinnest door on which a visitor can be built.
 */

export interface Point {
  x: number;
  y: number;
}

/** one page of a browser that was started for it, with empty storage */
export interface Tab {
  /** the browser's own words: "Firefox 153.8.0" */
  readonly version: string;
  /** the folder where downloads end up */
  readonly downloads: string;
  /** errors of the console and uncaught exceptions so far, where the protocol tells of them */
  readonly errors: readonly string[];
  /** loads an address; resolves when the page is there */
  open(address: string): Promise<void>;
  reload(): Promise<void>;
  /** @param expression of a promise of a string, computed in the page */
  evaluate(expression: string): Promise<string>;
  /** presses and releases a key, by the name that the DOM gives it: 'ArrowLeft', 'a' */
  press(key: string): Promise<void>;
  click(at: Point): Promise<void>;
  /** @param selector CSS, of an input that takes files */
  chooseFile(selector: string, path: string): Promise<void>;
  screenshot(): Promise<Buffer>;
  /** ends the browser and what it left behind */
  close(): Promise<void>;
}
