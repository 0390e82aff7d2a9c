/** How long the texts of a model are that another program made: its own context, as far as memory goes. */
import type { ModelConfig } from './config';

/** texts that a step of training looks at together, as most settings have them */
const ROWS = 8;
/** of what a step keeps of them until their gradients are taken */
export const WINDOW_BYTES = 2 ** 29;
/** numbers of each token that a layer keeps, in widths: what came in, both norms, q, k, v, the values, the MLP twice */
const KEPT_WIDTHS = 16;
const FLOAT_BYTES = 4;
/** probabilities of attention and their gradients */
const SQUARES = 2;

/** shorter than this, there is little to judge */
const LEAST = 48;
const STEP = 8;

/** the longest T with ROWS · layers · (heads · 2 T² + 16 · width · T) numbers in WINDOW_BYTES */
function longest({ layers, heads, width }: Pick<ModelConfig, 'layers' | 'heads' | 'width'>): number {
  const numbers = WINDOW_BYTES / FLOAT_BYTES / ROWS / layers;
  const [squared, linear] = [SQUARES * heads, KEPT_WIDTHS * width];
  const root = (Math.sqrt(linear ** 2 + 4 * squared * numbers) - linear) / (2 * squared);
  return Math.max(LEAST, Math.floor(root / STEP) * STEP);
}

/**
 * @param asked tokens; 0 for as many as memory allows
 * @returns tokens of a prompt and its continuation
 */
export const windowOf = (model: ModelConfig, asked = 0): number =>
  Math.min(model.contextLength, asked === 0 ? longest(model) : Math.max(2, asked));
