/** What the page is asked, and what it answers. */

/** who has a turn in the page: a training step of S, and on WebAssembly what our cores can do at most, and our products */
export type Side = 'ours' | 'jaxjs' | 'loop' | 'products';

/** `start` makes all ready; then each runs as often as it is asked to. @param loop the module of the plain loop, in base 64 */
export type PageQuestion = { start: 'wasm' | 'webgpu'; loop: string } | { run: Side };

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
