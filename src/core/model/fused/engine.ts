/** What the fused executor works with, whatever plays its plans. */
import type { Arithmetic, KernelStyleName } from '../../../contract/config';
import type { MatMulSpec } from '../../kernels/gpu/matMul';
import type { Launch, Player } from '../../kernels/plan/player';
import type { tf } from '../../tf';
import type { FlatBuffer, FlatLayout } from './flatWeights';
import type { KernelSet } from './kernelSet';

/** Kernels by which padding is left out of what is computed. */
export interface Listing {
  /** the rows of texts that are computed, of trunk and heads */
  rows: Launch;
  /** the texts that go on */
  texts: Launch;
  /** lays rows of so many numbers where all rows have a place */
  spread(width: number): Launch;
  /** words of memory that a list takes */
  words(size: { rows: number; batch: number }): number;
}

/** shared by all networks of one size on one player */
export interface Engine {
  player: Player;
  kernels: KernelSet;
  /** a product that only some networks need: of another size or ending than those of `kernels` */
  product(spec: MatMulSpec): Launch;
  /** null where all rows are computed */
  listing: Listing | null;
  /** sums for the gradients of so many norms, where not all learn */
  normGradient(norms: number): Launch;
  /** whose rounding its numbers have */
  arithmetic: Arithmetic;
  /** whether a text that is written column by column has the bits of one that is read at once */
  writesAsItReads: boolean;
  /** how its kernels are written; null where there is one way */
  style: KernelStyleName | null;
  /** how many times what one core writes in a moment it writes; texts are begun in slices of that */
  pace: number;
  /**
   * Makes the kernels ready without holding up the thread.
   * @param onProgress share that is done, 0 … 1
   * @throws when this machine cannot run one of them
   */
  compile(onProgress?: (done: number) => void): Promise<void>;
  /** tests: logits that may be there at once, see `headRows.ts` */
  mostLogits?: number;
  /** tests: plans that show what is read before it is written */
  poison?: boolean;
}

/** A network as its optimiser sees it. */
export interface Trainable {
  readonly name: string;
  readonly engine: Engine;
  readonly layout: FlatLayout;
  readonly weights: FlatBuffer;
  readonly gradients: FlatBuffer;
  /** leaves the gradient of the loss in `gradients`; @returns its value, owned by the caller */
  differentiate(loss: () => tf.Scalar): tf.Scalar;
}
