/** What the page leaves out of tf.js, so that its computing thread is up sooner. */
import type { Plugin } from 'vite';

const UNION = '@tensorflow/tfjs';
const LEAN = '\0tfjs-lean';

/**
 * The union of tf.js carries layers, data pipelines, a converter and two more backends, none of which the first text
 * needs; `core/tf.ts` has the backends come when they are asked for.
 */
export function leanTf(): Plugin {
  return {
    name: 'lean-tf',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => (id === UNION ? LEAN : null),
    load: (id) =>
      id === LEAN
        ? `import '@tensorflow/tfjs-core/dist/register_all_gradients'; export * from '@tensorflow/tfjs-core';`
        : null,
  };
}
