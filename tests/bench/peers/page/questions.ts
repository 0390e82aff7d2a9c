/** What the page is asked, and what it answers. */

/** `start` makes both sides ready for a training step of S; then each runs it as often as it is asked to */
export type PageQuestion = { start: 'wasm' | 'webgpu' } | { run: 'ours' | 'jaxjs' };

/** losses of the first steps, and what runs them */
export interface Started {
  ours: number[];
  theirs: number[];
  /** of ours; jax-js has as many as there are cores */
  threads: number;
  executor: string;
  adapter: string | null;
}

export type PageAnswer = Started | { ms: number } | { error: string };
