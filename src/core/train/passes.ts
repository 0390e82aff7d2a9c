/** Forward passes, and steps down a gradient, after which a loop rests: there it may be paused or given up. */
import { finish } from '../../contract/steps';
import { byRows, type Read, workOf } from '../model/byRows';
import type { CausalNetwork, TokenBatch } from '../model/causalNetwork';
import { tf } from '../tf';
import { type Breathe, inSlices, untilDone } from './slices';
import type { TextBatch } from './texts';

/** rows times columns times weights that a graphics card may have in hand: some ten milliseconds on a slow one */
const IN_HAND = 2 ** 32;
/** of the card, since it was last waited for */
let inHand = 0;

/** forward passes that a step down a gradient is worth */
export const STEP = 3;

/**
 * After work on these rows: a card is waited for when it has much in hand, and `breathe` lets the loop go on. Nothing
 * where it is left out.
 * @param passes forward passes that the work is worth
 */
export async function rest(
  breathe: Breathe | undefined,
  batch: TokenBatch,
  networks: readonly Read[],
  passes = 1,
): Promise<void> {
  if (!breathe) return;
  inHand += passes * workOf(batch, networks);
  if (inHand > IN_HAND) {
    inHand = 0;
    await untilDone();
  }
  await breathe();
}

/**
 * One forward pass over texts, cut where it would take long, with a rest behind it.
 * @param texts borrowed
 * @param networks that `read` asks
 * @param read of some of the texts; inside a tidy
 * @param breathe in one piece when left out; the numbers are the same
 * @returns what was read of all texts, [B,…], owned by the caller
 */
export async function readTexts<T extends tf.Tensor>(
  networks: readonly Read[],
  { batch, promptLength, completionMask }: TextBatch,
  read: (texts: TextBatch) => T,
  breathe?: Breathe,
): Promise<T> {
  const length = completionMask.shape[1];
  const work = byRows(batch, networks, ({ batch: some, from, count }) => {
    const mask = some === batch ? completionMask : tf.slice(completionMask, [from, 0], [count, length]);
    return read({ batch: some, promptLength, completionMask: mask });
  });
  const found = breathe ? await inSlices(work, breathe) : finish(work);
  try {
    await rest(breathe, batch, networks);
    return found;
  } catch (error) {
    found.dispose();
    throw error;
  }
}

/**
 * The same for what is asked of every token.
 * @param read [B,G] of some of the texts; inside a tidy
 * @returns [B,G] owned by the caller, 0 at padding
 */
export function readTokens(
  networks: readonly Read[],
  texts: TextBatch,
  read: (texts: TextBatch) => tf.Tensor2D,
  breathe?: Breathe,
): Promise<tf.Tensor2D> {
  return readTexts(networks, texts, (some) => tf.mul<tf.Tensor2D>(read(some), some.completionMask), breathe);
}

/** How likely a network finds the tokens at this temperature, [B,G] nats, 0 at padding; owned by the caller. */
export function readLogprobs(
  network: CausalNetwork,
  texts: TextBatch,
  temperature: number,
  breathe?: Breathe,
): Promise<tf.Tensor2D> {
  const likelihood = ({ batch, promptLength }: TextBatch) =>
    network.logprobs(batch, promptLength, temperature).logprobs;
  return readTokens([network], texts, likelihood, breathe);
}

/** What a critic expects before each token, [B,G], 0 at padding and everywhere without one; owned by the caller. */
export async function readValues(
  critic: CausalNetwork | null,
  texts: TextBatch,
  breathe?: Breathe,
): Promise<tf.Tensor2D> {
  if (!critic) return tf.zerosLike<tf.Tensor2D>(texts.completionMask);
  return readTokens([critic], texts, ({ batch, promptLength }) => critic.values(batch, promptLength), breathe);
}
